/** Decides what each command does. Errors are told once, where commands are registered. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { Ended } from '../core/crew.ts';
import type { ApprovalAnswer } from '../core/ports.ts';
import { type Questions, questionFor } from './approvals.ts';
import type { Handlers } from './commands.ts';
import { askForBug } from './fixBug.ts';
import { headline, NotNow, type Runner } from './runner.ts';
import type { Reviews } from './reviewOnSave.ts';
import type { Run, RunBook } from './runs.ts';
import { isResumable, type RunsTree } from './runsTree.ts';
import { commitRun } from './commitRun.ts';
import type { Proposals } from './proposals.ts';
import type { SurfaceHandlers } from './surfaces.ts';
import { showText } from './textDocuments.ts';
import type { TracePanels } from './tracePanel.ts';

export interface HandlerParts {
  readonly book: RunBook;
  readonly tree: RunsTree;
  readonly questions: Questions;
  readonly runner: Runner;
  readonly traces: TracePanels;
  readonly log: vscode.LogOutputChannel;
  /** Commands that other surfaces bring along. */
  readonly surfaces: SurfaceHandlers;
  /** What "apply" means for a run: its change as offered, or as the person has edited it. */
  readonly wordFor: Proposals['word'];
  readonly reviews: Reviews;
}

export function createHandlers(parts: HandlerParts): Handlers {
  const { book, runner, log } = parts;

  return {
    ...parts.surfaces,
    ...answersOf(parts),
    ...tracesOf(parts),
    ...reviewsOf(parts),
    'groundcrew.fixBug': async (evidence) => {
      const asked = await askForBug(book, evidenceOf(evidence));
      if (asked !== undefined) await follow(parts, runner.start(asked.folder, asked.request), (run) => run.folder === asked.folder && run.owner.kind === 'here');
    },
    'groundcrew.stopRun': async (target) => {
      const run = await pickRun(book, target, 'Which run is to stop?', ({ owner }) => owner.kind === 'here');
      if (run !== undefined && !runner.stop(run.id)) throw new NotNow(`"${run.title}" is not at work in this window.`);
    },
    'groundcrew.resumeRun': async (target) => {
      const run = await pickRun(book, target, 'Which run is to go on?', isResumable);
      if (run !== undefined) await follow(parts, runner.resume(run), ({ id }) => id === run.id);
    },
    'groundcrew.retryRun': async (target) => {
      const run = await pickRun(book, target, 'Which run is to be tried again?', ({ owner, request }) => owner.kind === 'nobody' && request !== null);
      if (run?.request) await follow(parts, runner.start(run.folder, run.request), (other) => other.folder === run.folder && other.owner.kind === 'here');
    },
    'groundcrew.undoRun': async (target) => {
      const run = await pickRun(book, target, 'Which run is to be taken back?', ({ outcome, owner }) => owner.kind === 'nobody' && outcome?.applied === true);
      if (run === undefined) return;
      const { restored, conflicts } = await runner.undo(run);
      await book.refresh();
      if (conflicts.length > 0) void vscode.window.showWarningMessage(`${conflicts.join(', ')} changed since the run and was left as it is.${restored.length === 0 ? '' : ` ${restored.join(', ')} is as before the run.`}`);
      else void vscode.window.showInformationMessage(restored.length === 0 ? 'Nothing is left of the run in your files.' : `${restored.join(', ')} is as before the run.`);
    },
    'groundcrew.commitRun': async (target) => {
      const run = await pickRun(book, target, 'Which run is to be committed?', ({ outcome, owner }) => owner.kind === 'nobody' && outcome?.applied === true);
      if (run !== undefined) await commitRun(runner, book, run);
    },
    'groundcrew.showRun': (target) => {
      const { run } = targetOf(target);
      if (run !== undefined) book.show(run);
    },
    'groundcrew.showText': showText,
    'groundcrew.refreshRuns': async () => await book.refresh(),
    'groundcrew.showLog': () => log.show(),
  };
}

type Some<Id extends keyof Handlers> = Pick<Handlers, Id>;

function answersOf({ book, questions, wordFor }: HandlerParts): Some<'groundcrew.applyAll' | 'groundcrew.discardRun' | 'groundcrew.approveOnce' | 'groundcrew.approveForRun' | 'groundcrew.approveHere' | 'groundcrew.refuse'> {
  const answer = (given: ApprovalAnswer) => (target: unknown): void => {
    const found = questionFor(book, 'approval', targetOf(target).question ?? targetOf(target).run);
    if (found === undefined || !questions.answer(found.question.id, given, targetOf(target).digest)) throw new NotNow('There is no such open question; it was answered, or its run has ended.');
  };
  const decide = (given: 'apply' | 'discard') => (target: unknown): void => {
    const found = questionFor(book, 'apply', targetOf(target).question ?? targetOf(target).run);
    const word = given === 'apply' && found !== undefined ? wordFor(found.run.id) : given;
    if (found === undefined || !questions.answer(found.question.id, word)) throw new NotNow('No change waits for your word.');
  };
  return {
    'groundcrew.applyAll': decide('apply'),
    'groundcrew.discardRun': decide('discard'),
    'groundcrew.approveOnce': answer('once'),
    'groundcrew.approveForRun': answer('run'),
    'groundcrew.approveHere': answer('workspace'),
    'groundcrew.refuse': answer('refused'),
  };
}

function reviewsOf(parts: HandlerParts): Some<'groundcrew.reviewFile' | 'groundcrew.reviewUncommitted'> {
  const review = async (folder: string, paths: readonly string[]): Promise<void> => {
    const working = parts.runner.start(folder, { command: 'review', words: '', test: null, file: null, line: null, paths: [...paths] });
    const { outcome } = await follow(parts, working, (run) => run.folder === folder && run.owner.kind === 'here' && run.request?.background !== true);
    await parts.reviews.show(folder, paths, outcome.findings);
  };
  return {
    'groundcrew.reviewFile': async (target) => {
      const uri = target instanceof vscode.Uri ? target : vscode.window.activeTextEditor?.document.uri;
      const folder = uri === undefined ? undefined : vscode.workspace.getWorkspaceFolder(uri);
      if (uri?.scheme !== 'file' || folder === undefined) throw new NotNow('Open a file of the workspace first: that file is what is reviewed.');
      await review(folder.uri.fsPath, [path.relative(folder.uri.fsPath, uri.fsPath).replaceAll(path.sep, '/')]);
    },
    'groundcrew.reviewUncommitted': async () => {
      const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
      const folder = folders.length > 1 ? await vscode.window.showWorkspaceFolderPick({ placeHolder: 'Whose changes are to be reviewed?' }) : folders[0];
      if (folder !== undefined) await review(folder.uri.fsPath, []);
    },
  };
}

function tracesOf({ book, traces }: HandlerParts): Some<'groundcrew.openTrace' | 'groundcrew.exportHtml' | 'groundcrew.exportJson'> {
  return {
    'groundcrew.openTrace': async (target) => {
      const run = await pickRun(book, target, 'Whose trace?', () => true);
      if (run !== undefined) await traces.open(run.id);
    },
    'groundcrew.exportHtml': async (target) => {
      const run = await pickRun(book, target, 'Whose trace is to be written?', () => true);
      if (run !== undefined) await traces.exportRun(run.id, 'html');
    },
    'groundcrew.exportJson': async (target) => {
      const run = await pickRun(book, target, 'Whose trace is to be written?', () => true);
      if (run !== undefined) await traces.exportRun(run.id, 'json');
    },
  };
}

/** Shows the run as soon as it has an id, and tells how it ended. */
async function follow({ book, tree, log }: HandlerParts, working: Promise<Ended>, isStarting: (run: Run) => boolean): Promise<Ended> {
  const listening = book.onDidChange((change) => {
    if (change.kind !== 'event' || !isStarting(change.run)) return;
    listening.dispose();
    book.show(change.run.id);
    tree.reveal(change.run.id).catch((error: unknown) => log.debug(`The run's row could not be shown: ${String(error)}`)); // it is there all the same
  });
  try {
    const ended = await working;
    await tellEnd(ended);
    return ended;
  } finally {
    listening.dispose();
    await book.refresh();
  }
}

async function tellEnd({ run, outcome }: Ended): Promise<void> {
  const isGood = outcome.kind === 'fixed' || outcome.kind === 'reviewed';
  const actions = ['Open Trace', ...(outcome.applied ? ['Undo Run', 'Commit'] : []), ...(outcome.kind === 'conflict' && !outcome.applied ? ['Compare Versions'] : []), ...(isGood ? [] : ['Try Again'])];
  const show = isGood || outcome.kind === 'stopped' ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
  void show(headline(outcome), ...actions).then(async (picked) => {
    if (picked === 'Open Trace') await vscode.commands.executeCommand('groundcrew.openTrace', { run });
    if (picked === 'Commit') await vscode.commands.executeCommand('groundcrew.commitRun', { run });
    if (picked === 'Compare Versions') await vscode.commands.executeCommand('groundcrew.compareVersions', { run });
    if (picked === 'Undo Run') await vscode.commands.executeCommand('groundcrew.undoRun', { run });
    if (picked === 'Try Again') await vscode.commands.executeCommand('groundcrew.retryRun', { run });
  });
}

interface Target {
  readonly run?: string;
  readonly question?: string;
  readonly digest?: string;
}

/** A row of the tree, or plain words from a panel or another command: `{run, question, digest}`. */
function targetOf(value: unknown): Target {
  if (typeof value === 'string') return { run: value };
  if (typeof value !== 'object' || value === null) return {};
  const of = (key: string): string | undefined => {
    const found: unknown = Object.entries(value).find(([name]) => name === key)?.[1];
    if (typeof found === 'string') return found;
    return typeof found === 'object' && found !== null && 'id' in found && typeof found.id === 'string' ? found.id : undefined;
  };
  const [run, question, digest] = [of('run'), of('question'), of('digest')];
  return { ...(run === undefined ? {} : { run }), ...(question === undefined ? {} : { question }), ...(digest === undefined ? {} : { digest }) };
}

/** What other entry points of ours hand over; anything else (a menu gives the file's address) is asked for. */
function evidenceOf(value: unknown): Parameters<typeof askForBug>[1] {
  if (typeof value !== 'object' || value === null || !('folder' in value) || !('request' in value)) return {};
  return value as Parameters<typeof askForBug>[1]; // only our own code builds one of this shape; the core parses the request when it is logged
}

/** The run that was named, the only one that fits, or the one that is picked. */
async function pickRun(book: RunBook, target: unknown, title: string, fits: (run: Run) => boolean): Promise<Run | undefined> {
  const { run: id } = targetOf(target);
  if (id !== undefined) {
    const named = book.get(id);
    if (named === undefined) throw new NotNow(`There is no run "${id}" in the open folders.`);
    return named;
  }
  await book.refresh();
  const fitting = book.all.filter(fits);
  if (fitting.length === 0) throw new NotNow('There is no such run in the open folders.');
  if (fitting.length === 1) return fitting[0];
  const picked = await vscode.window.showQuickPick(fitting.map((run) => ({ label: run.title, description: `${run.state} · ${new Date(run.startedAt).toLocaleString()}`, id: run.id })), { title });
  return picked === undefined ? undefined : book.get(picked.id);
}
