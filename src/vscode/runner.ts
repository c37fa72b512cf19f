/** Decides how a run of this window begins, goes on, is stopped and taken back; one at a time in a folder. */
import * as vscode from 'vscode';
import type { Ended, Listen } from '../core/crew.ts';
import type { FixRequest, RunEvent } from '../core/domain/event.ts';
import type { Outcome } from '../core/domain/outcome.ts';
import type { RunSettings } from '../core/domain/settings.ts';
import type { ReviewEnd } from '../core/review/onSave.ts';
import type { ReviewAsked } from '../protocol/languageServer.ts';
import type { Questions } from './approvals.ts';
import type { CrewHost } from './crewHost.ts';
import { type Run, type RunBook, titleOf } from './runs.ts';

export interface Runner {
  /** Resolves when the run has ended, however it did: the outcome says. @throws what kept it from beginning. */
  start(folder: string, request: FixRequest, signal?: AbortSignal): Promise<Ended>;
  /** Of a file that was saved: nobody waits for it, it asks nothing, and any other run ends it. */
  review(folder: string, asked: ReviewAsked, signal: AbortSignal): Promise<ReviewEnd>;
  /** A run that somebody waits for begins (true), or the last one has ended (false). */
  readonly onDidChangeBusy: vscode.Event<boolean>;
  resume(run: Run): Promise<Ended>;
  undo(run: Run): Promise<{ readonly restored: readonly string[]; readonly conflicts: readonly string[] }>;
  /** Of what the run wrote. */
  commit(run: Run, message: string): Promise<{ readonly id: string; readonly paths: readonly string[] }>;
  /** false: this window does not work on it. */
  stop(run: string): boolean;
  /** Stops every run of this window and waits for their last word. */
  stopAll(): Promise<void>;
}

/** Cannot begin now; the message says why and what to do. */
export class NotNow extends Error {
  override readonly name = 'NotNow';
}

class Stopped extends Error {
  override readonly name = 'Stopped';
}

const UNDO_MS = 60_000;

export function createRunner(book: RunBook, questions: Questions): Runner {
  const live = new Map<string, Live>();
  const busyness = new vscode.EventEmitter<boolean>();

  /** Everything that a run has in common; `work` does what is asked with the crew. */
  async function withCrew<T>(folder: string, title: string, work: (host: CrewHost, listen: (event: RunEvent) => void, signal: AbortSignal) => Promise<T>, { past = '', background }: { readonly past?: string; readonly background?: ReviewAsked } = {}): Promise<T> {
    refuseUntrusted();
    for (let busy = live.get(folder); busy !== undefined; busy = live.get(folder)) await makeRoom(busy, book.get(busy.run)?.title ?? title, busyness);
    const stop = new AbortController();
    const entry = { stop, run: past, ended: Promise.resolve<unknown>(undefined), isEnding: false, isBackground: background !== undefined };
    live.set(folder, entry);
    if (!entry.isBackground) busyness.fire(true);
    const listen = (event: RunEvent): void => {
      entry.run = event.run;
      entry.isEnding = event.type === 'run.finished';
      book.take(folder, event);
    };
    const asker = {
      approve: (request: Parameters<Questions['approve']>[1], signal: AbortSignal) => questions.approve(entry.run, request, signal),
      confirm: (question: string, signal: AbortSignal) => questions.apply(entry.run, question, signal),
      editPlan: (offered: Parameters<Questions['plan']>[1], signal: AbortSignal) => questions.plan(entry.run, offered, signal),
    };
    const working = (async () => {
      const { openCrewHost } = await import('./crewHost.ts');
      await using host = await openCrewHost(folder, asker, stop.signal, background);
      return await work(host, listen, stop.signal);
    })();
    entry.ended = working.catch(() => undefined);
    try {
      return await working;
    } finally {
      live.delete(folder);
      if (entry.run !== '') book.release(entry.run);
      if (![...live.values()].some(({ isBackground }) => !isBackground)) busyness.fire(false);
    }
  }

  return {
    start: (folder, request, outer) => withCrew(folder, titleOf(request), async (host, listen, signal) => {
      const asked = request.test === null && host.settings['verify.command'] !== '' ? { ...request, test: words(host.settings['verify.command']) } : request;
      return await host.crew.start(asked, host.runSettings, listen, outer === undefined ? signal : AbortSignal.any([signal, outer]));
    }),
    async review(folder, asked, signal) {
      if (live.has(folder)) return { kind: 'skipped', why: 'a run is at work' };
      return await withCrew(folder, asked.path, async (host, listen, own) => await reviewSaved(host, asked, listen, AbortSignal.any([own, signal])), { background: asked });
    },
    onDidChangeBusy: busyness.event,
    resume: (run) => withCrew(run.folder, run.title, async (host, listen, signal) => {
      book.takePast(run.folder, await host.read(run.id));
      return await host.crew.resume(run.id, listen, signal);
    }),
    undo: (run) => withCrew(run.folder, run.title, async (host) => await host.crew.undo(run.id, AbortSignal.timeout(UNDO_MS))),
    commit: (run, message) => withCrew(run.folder, run.title, async (host, _listen, signal) => await host.crew.commit(run.id, message, signal), { past: run.id }),
    stop(run) {
      const entry = [...live.values()].find((each) => each.run === run);
      entry?.stop.abort(new Stopped('Stopped by you.'));
      return entry !== undefined;
    },
    async stopAll() {
      for (const { stop } of live.values()) stop.abort(new Stopped('The window was closed.'));
      await Promise.all([...live.values()].map(({ ended }) => ended));
    },
  };
}

interface Live {
  readonly stop: AbortController;
  readonly ended: Promise<unknown>;
  /** Its outcome is written; what it held is being let go. */
  readonly isEnding: boolean;
  readonly isBackground: boolean;
  readonly run: string;
}

/** A review of a saved file makes room for every other run; nothing else does. @throws NotNow. */
async function makeRoom({ isBackground, isEnding, stop, ended }: Live, title: string, busyness: vscode.EventEmitter<boolean>): Promise<void> {
  if (isEnding) {
    await ended;
    return;
  }
  if (!isBackground) throw new NotNow(`"${title}" is at work in this folder, and two runs would change the same files. Stop it first, or wait.`);
  busyness.fire(true);
  stop.abort(new Stopped('It gave way to another run.'));
  await ended;
}

async function reviewSaved({ crew, runSettings }: CrewHost, { path, diff }: ReviewAsked, listen: Listen, signal: AbortSignal): Promise<ReviewEnd> {
  const { reviewEndOf } = await import('../core/review/onSave.ts');
  const request = { command: 'review' as const, words: '', test: null, file: null, line: null, paths: [path], background: true, ...(diff === undefined ? {} : { since: { [path]: diff } }) };
  // Nobody is asked because of a save: what is not allowed already is left.
  const settings: RunSettings = { ...runSettings, approve: runSettings.approve === 'ask' ? 'never' : runSettings.approve };
  return reviewEndOf((await crew.start(request, settings, listen, signal)).outcome);
}

/** A plain command of the settings; quoting is for the command line, whose words the crew gets from a terminal. */
function words(command: string): string[] {
  return command.trim().split(/\s+/u);
}

function refuseUntrusted(): void {
  if (!vscode.workspace.isTrusted) throw new NotNow('This folder is not trusted. Fixing runs the commands of the project; trust the folder first (Workspaces: Manage Workspace Trust).');
}

/** What a person reads when a run has ended. */
export function headline(outcome: Outcome): string {
  const files = !outcome.applied ? 'Your files are unchanged.' : outcome.kind === 'error' ? 'Part of it is in your files.' : 'It is in your files.';
  switch (outcome.kind) {
    case 'fixed': return `Fixed, proven by "${outcome.receipt?.argv.join(' ') ?? 'your tests'}". ${files}`;
    case 'proposed': return `A change is proposed, but no failing test proves it. ${files}`;
    case 'partial': return `Part of it is done. ${files}`;
    case 'undecided': return 'Two changes pass every test and differ; you decide. Your files are unchanged.';
    case 'not-reproduced': case 'gave-up': case 'conflict': case 'needs-approval': case 'environment': case 'error': return [inEditorWords(outcome.reason), ...outcome.degraded.map(inEditorWords), files].join(' ');
    case 'stopped': return outcome.applied ? 'Stopped after the change was written, before it was checked there.' : 'Stopped. Your files are unchanged; the run can be resumed.';
    case 'reviewed': return outcome.findings.length === 0 ? 'Reviewed, nothing found.' : `Reviewed: ${outcome.findings.length} findings.`;
  }
}

/** The core speaks to both: what it calls an option of the command line is a setting or a command here. */
const EDITOR_WORDS: readonly (readonly [RegExp, string])[] = [
  [/--budget-(minutes|tokens)/gu, 'the setting groundcrew.budget.$1'],
  [/--unconfined/gu, 'the setting groundcrew.checks.unconfined'],
  [/--host \S+/gu, 'the setting groundcrew.ollama.hosts'],
  [/\bgroundcrew (?:fix )?--test "<command>"/gu, 'the setting groundcrew.verify.command'],
  [/\bgroundcrew resume(?: \S+)?/gu, 'Resume Run'],
  [/\bgroundcrew undo(?: \S+)?/gu, 'Undo Run'],
  [/\bgroundcrew trace(?: \S+)?/gu, 'Open Trace'],
];

function inEditorWords(text: string): string {
  const said = EDITOR_WORDS.reduce((all, [option, here]) => all.replace(option, here), text.trim());
  return /[.!?]$/u.test(said) ? said : `${said}.`;
}
