/** Decides which surfaces stand beside the runs: entry points, the offered change, models, grants, the sample. Each brings its own commands. */
import * as vscode from 'vscode';
import type { Store } from '../core/ports.ts';
import type { Questions } from './approvals.ts';
import { createEntryPoints, type EntryPoints } from './entryPoints.ts';
import { createModelSurface, type ModelSurface } from './models.ts';
import type { Plans } from './plans.ts';
import { createProposals, type Proposals } from './proposals.ts';
import type { RunBook } from './runs.ts';
import { createSetupSurface, type SetupSurface } from './setup.ts';

export type SurfaceHandlers = EntryPoints['handlers'] & Plans['handlers'] & Proposals['handlers'] & ModelSurface['handlers'] & SetupSurface['handlers'];

export interface Surfaces extends vscode.Disposable {
  readonly handlers: Omit<SurfaceHandlers, keyof Plans['handlers']>;
  readonly wordFor: Proposals['word'];
}

export interface SurfaceParts {
  readonly book: RunBook;
  readonly questions: Questions;
  readonly store: (folder: string) => Promise<Store | undefined>;
  readonly log: vscode.LogOutputChannel;
}

/** Whether Ollama is there is wanted by an empty view and the walkthrough; the start of the editor comes first. */
const PROBE_AFTER_MS = 1_500;

export function createSurfaces(context: vscode.ExtensionContext, parts: SurfaceParts): Surfaces {
  const entries = createEntryPoints(parts.book);
  const proposals = createProposals(parts);
  const models = createModelSurface(parts.book, parts.log);
  const setup = createSetupSurface(context.extensionUri);
  // A step is ticked when its context changes while the walkthrough looks.
  const getStarted = async (): Promise<void> => {
    await setup.handlers['groundcrew.getStarted']();
    await vscode.commands.executeCommand('setContext', 'groundcrew.ollama', '');
    await models.probe();
  };
  const probing = setTimeout(() => void models.probe(), PROBE_AFTER_MS);
  return {
    handlers: { ...entries.handlers, ...proposals.handlers, ...models.handlers, ...setup.handlers, 'groundcrew.getStarted': getStarted },
    wordFor: proposals.word,
    dispose() {
      clearTimeout(probing);
      vscode.Disposable.from(entries, proposals, models, setup).dispose();
    },
  };
}
