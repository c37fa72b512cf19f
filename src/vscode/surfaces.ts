/** Decides which surfaces stand beside the runs: entry points, the offered change, models, grants, the sample. Each brings its own commands. */
import type * as vscode from 'vscode';
import type { Questions } from './approvals.ts';
import { createEntryPoints, type EntryPoints } from './entryPoints.ts';
import type { RunBook } from './runs.ts';

export type SurfaceHandlers = EntryPoints['handlers'];

export interface Surfaces extends vscode.Disposable {
  readonly handlers: SurfaceHandlers;
}

export interface SurfaceParts {
  readonly book: RunBook;
  readonly questions: Questions;
  readonly log: vscode.LogOutputChannel;
}

export function createSurfaces(_context: vscode.ExtensionContext, { book }: SurfaceParts): Surfaces {
  const entries = createEntryPoints(book);
  return { handlers: { ...entries.handlers }, dispose: () => entries.dispose() };
}
