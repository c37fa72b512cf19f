/** Decides what is made when the editor activates us. The crew itself (models, store, parsers) loads with the first thing that needs it. */
import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import type { Store } from '../core/ports.ts';
import { createQuestions } from './approvals.ts';
import { commands, type CommandId, type Handlers } from './commands.ts';
import { createHandlers } from './handlers.ts';
import { registerLivePanel } from './livePanel.ts';
import { createPlans } from './plans.ts';
import { createReviews } from './reviewOnSave.ts';
import { createRunner, type Runner } from './runner.ts';
import { createRunBook, type RunBook } from './runs.ts';
import { createRunsTree } from './runsTree.ts';
import { sqliteProblem } from './sqlite.ts';
import { createStatusBar } from './statusBar.ts';
import { createSurfaces } from './surfaces.ts';
import { registerTextDocuments } from './textDocuments.ts';
import { registerTracePanel } from './tracePanel.ts';

let runner: Runner | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('Groundcrew', { log: true });
  const problem = sqliteProblem();
  void vscode.commands.executeCommand('setContext', 'groundcrew.problem', problem ?? '');
  if (problem !== undefined) {
    log.error(problem);
    void vscode.window.showErrorMessage(problem);
  }
  const stores = createStores();
  const book = createRunBook({
    folders: () => (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file').map(({ uri }) => uri.fsPath),
    store: stores.open,
    onFault: (error) => log.error(error instanceof Error ? error : String(error)),
  });
  const tree = createRunsTree(book);
  const plans = createPlans();
  const questions = createQuestions(book, () => tree.isVisible, plans);
  runner = createRunner(book, questions);
  const panels = { extension: context.extensionUri, runs: book, store: stores.open, log };
  const traces = registerTracePanel(panels);
  const surfaces = createSurfaces(context, { book, questions, store: stores.open, log });
  const reviews = createReviews({ extension: context.extensionUri, runner, log });
  const handlers = createHandlers({ reviews, book, tree, questions, runner, traces, log, surfaces: { ...surfaces.handlers, ...plans.handlers }, wordFor: surfaces.wordFor });
  context.subscriptions.push(
    log, book, tree, stores, surfaces, plans, reviews,
    createStatusBar(book),
    registerTextDocuments(book),
    registerContexts(book),
    logEvents(book, log),
    vscode.workspace.onDidChangeWorkspaceFolders(() => void book.refresh()),
    ...registerCommands(handlers, log),
    registerLivePanel(panels),
    traces,
  );
  void offerResume(book);
}

/** A run that is at work is stopped, its last word is stored, and it can be resumed. The editor waits five seconds. */
export async function deactivate(): Promise<void> {
  await runner?.stopAll();
}

/** Opened when first looked at. undefined: the folder is gone. */
function createStores(): vscode.Disposable & { readonly open: (folder: string) => Promise<Store | undefined> } {
  const open = new Map<string, Promise<Store>>();
  return {
    async open(folder) {
      if (!existsSync(folder)) return undefined;
      const known = open.get(folder) ?? import('./crewHost.ts').then(({ openFolderStore }) => openFolderStore(folder));
      open.set(folder, known);
      try {
        return await known;
      } catch (error) {
        open.delete(folder); // what was wrong may be mended by the next look
        throw error;
      }
    },
    dispose() {
      for (const store of open.values()) void store.then((each) => each[Symbol.asyncDispose]()).catch(() => undefined); // the window closes
    },
  };
}

function registerCommands(handlers: Handlers, log: vscode.LogOutputChannel): readonly vscode.Disposable[] {
  const ids = Object.keys(commands) as CommandId[]; // exactly these keys; Object.keys cannot say so
  return ids.map((id) => vscode.commands.registerCommand(id, async (...args: readonly unknown[]) => {
    try {
      await handlers[id](...args);
    } catch (error) {
      log.error(`${id}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
    }
  }));
}

/** What `when` clauses of commands.ts look at. */
function registerContexts(book: RunBook): vscode.Disposable {
  let shown = '';
  return book.onDidChange(({ kind }) => {
    if (kind === 'event') return;
    const open = book.all.flatMap(({ questions }) => questions);
    const now = { 'groundcrew.running': book.all.some(({ owner }) => owner.kind === 'here'), 'groundcrew.asking': open.some((each) => each.kind === 'approval'), 'groundcrew.ready': open.some((each) => each.kind === 'apply') };
    if (shown === JSON.stringify(now)) return;
    shown = JSON.stringify(now);
    for (const [name, value] of Object.entries(now)) void vscode.commands.executeCommand('setContext', name, value);
  });
}

function logEvents(book: RunBook, log: vscode.LogOutputChannel): vscode.Disposable {
  return book.onDidChange((change) => {
    if (change.kind !== 'event') return;
    const { event } = change;
    if (event.type === 'run.finished') log.info(`${event.run}: ${event.data.kind}: ${event.data.reason}`);
    else if (event.type === 'degraded') log.warn(`${event.run}: ${event.data.what}`);
    else if (event.type !== 'model.progressed') log.debug(`${event.run}: ${event.seq} ${event.type}`);
  });
}

/** Runs of the last day that were cut off by a reload or a crash are offered once, when the window opens. */
async function offerResume(book: RunBook): Promise<void> {
  await book.refresh();
  const cut = book.all.find((run) => run.owner.kind === 'nobody' && run.request?.background !== true && Date.now() - run.startedAt < RECENT_MS && (run.state === 'interrupted' || (run.state === 'stopped' && run.outcome?.reason === 'The window was closed.')));
  if (cut === undefined || !vscode.workspace.isTrusted) return;
  const picked = await vscode.window.showInformationMessage(`"${cut.title}" was cut off. What it had finished is kept.`, 'Resume Run', 'Leave It');
  if (picked === 'Resume Run') await vscode.commands.executeCommand('groundcrew.resumeRun', { run: cut.id });
}

const RECENT_MS = 24 * 60 * 60_000;
