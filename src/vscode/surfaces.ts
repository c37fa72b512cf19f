/** Decides which surfaces stand beside the runs: entry points, the offered change, models, grants, the sample. Each brings its own commands. */
import * as vscode from 'vscode';
import type { Store } from '../core/ports.ts';
import type { Questions } from './approvals.ts';
import { createEntryPoints, type EntryPoints } from './entryPoints.ts';
import { createProposals, type Proposals } from './proposals.ts';
import type { RunBook } from './runs.ts';

export type SurfaceHandlers = EntryPoints['handlers'] & Proposals['handlers'];

export interface Surfaces extends vscode.Disposable {
  readonly handlers: SurfaceHandlers;
  readonly wordFor: Proposals['word'];
}

export interface SurfaceParts {
  readonly book: RunBook;
  readonly questions: Questions;
  readonly store: (folder: string) => Promise<Store | undefined>;
  readonly log: vscode.LogOutputChannel;
}

export function createSurfaces(_context: vscode.ExtensionContext, parts: SurfaceParts): Surfaces {
  const entries = createEntryPoints(parts.book);
  const proposals = createProposals(parts);
  return {
    handlers: { ...entries.handlers, ...proposals.handlers },
    wordFor: proposals.word,
    dispose: () => vscode.Disposable.from(entries, proposals).dispose(),
  };
}
