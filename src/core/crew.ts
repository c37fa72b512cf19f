/** Decides how a run is put together and how it ends: the composition root. Read top to bottom it is the architecture. */
import { cards } from './agents/roles/all.ts';
import type { FixRequest, RunEvent } from './domain/event.ts';
import type { Outcome, OutcomeKind } from './domain/outcome.ts';
import { RunSettings } from './domain/settings.ts';
import { ModelUnavailable } from './model/chatModel.ts';
import { unifiedDiff } from './repair/unifiedDiff.ts';
import { createRunLog, type RunLog } from './run/log.ts';
import { takeLease, whenWanted } from './run/makeRoom.ts';
import { finishedIn, whyNotResumable } from './run/resume.ts';
import { foldRun, outcomeSoFar, type RunView } from './run/view.ts';
import { gitCommit } from './tools/git/commit.ts';
import { ToolRefused } from './tools/toolbox.ts';
import { type CrewPorts, openRun } from './openRun.ts';
import { LeftWritten, takeBackHalf, undoRun } from './workflows/apply.ts';
import { fixBug, FIX_BUG_VERSION, type FixEnd } from './workflows/fixBug.ts';
import { reviewFiles } from './workflows/reviewFiles.ts';
import type { RunContext } from './workflows/runContext.ts';

export interface Ended {
  readonly run: string;
  readonly outcome: Outcome;
}

export type Listen = (event: RunEvent) => void;

/** Every method holds the workspace's lease while it works. @throws WorkspaceHeld when another process has it. */
export interface Crew {
  /** Fixes or reviews, as the request says. Resolves also when it could not: the outcome says why. */
  start(request: FixRequest, settings: RunSettings, listen: Listen, signal: AbortSignal): Promise<Ended>;
  /** Goes on with a run that was cut off or stopped: finished calls and checks are not run again. @throws NotResumable. */
  resume(run: string, listen: Listen, signal: AbortSignal): Promise<Ended>;
  undo(run: string, signal: AbortSignal): Promise<{ readonly restored: readonly string[]; readonly conflicts: readonly string[] }>;
  /** Commits the files that a run wrote, as they are now: only by the user's word, and the policy asks once more. @throws NotResumable when there is nothing of the run to commit; ToolRefused. */
  commit(run: string, message: string, signal: AbortSignal): Promise<{ readonly id: string; readonly paths: readonly string[] }>;
}

export class NotResumable extends Error {
  override readonly name = 'NotResumable';
}

/** The run's wall time is used up. */
class BudgetUsed extends Error {
  override readonly name = 'BudgetUsed';
}

/** What a command does once its run is put together. */
export type Workflow = (context: RunContext, signal: AbortSignal) => Promise<FixEnd>;

/** `workflows`: others than the product's own only where a harness drives one part of it. */
export function createCrew(ports: CrewPorts, workflows: Readonly<Record<FixRequest['command'], Workflow>> = { fix: fixBug, review }): Crew {
  const crew = crewOn(ports, workflows);
  return {
    start: (...asked) => plainly(crew.start(...asked)),
    resume: (...asked) => plainly(crew.resume(...asked)),
    undo: (...asked) => plainly(crew.undo(...asked)),
    commit: (...asked) => plainly(crew.commit(...asked)),
  };
}

/** A full disk fails the run and the closing of its log as well; the first is the one that says why. */
async function plainly<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    let first: unknown = error;
    while (first instanceof SuppressedError) first = first.suppressed;
    throw first;
  }
}

function crewOn(ports: CrewPorts, workflows: Readonly<Record<FixRequest['command'], Workflow>>): Crew {
  const work = (log: RunLog, asked: Asked, signal: AbortSignal): Promise<Outcome> => perform(ports, log, asked, workflows[asked.request.command], signal);
  return {
    async start(request, settings, listen, signal) {
      const run = ports.ids.next('run');
      await using lease = request.background === true ? await ports.store.lease({ pid: ports.pid, run }) : await takeLease(ports, run, signal);
      await using log = createRunLog({ store: ports.store, lease, run, clock: ports.clock });
      using _listener = log.subscribe(listen);
      log.emit('run.started', { request, workspace: ports.root, model: ports.modelName, settings, versions: versions() });
      if (request.background !== true) return { run, outcome: await work(log, { request, settings }, signal) };
      const over = new AbortController();
      try {
        return { run, outcome: await work(log, { request, settings }, AbortSignal.any([signal, whenWanted(ports, run, over.signal)])) };
      } finally {
        over.abort();
      }
    },

    async resume(run, listen, signal) {
      await using lease = await takeLease(ports, run, signal);
      const past = await ports.store.read(run);
      const before = foldRun(past);
      const why = whyNotResumable(before) ?? whyElsewhere(before, ports.root) ?? whyWritten(before);
      if (why !== undefined || before.request === null) throw new NotResumable(why ?? `The log of ${run} does not say what was asked for; start a new run.`);
      await using log = createRunLog({ store: ports.store, lease, run, clock: ports.clock, past });
      using _listener = log.subscribe(listen);
      log.emit('run.resumed', { pid: ports.pid, epoch: lease.epoch });
      await restoreHalf(ports, log, signal);
      return { run, outcome: await work(log, { request: before.request, settings: RunSettings.parse(before.settings) }, signal) };
    },

    async undo(run, signal) {
      await using lease = await takeLease(ports, run, signal);
      const past = await ports.store.read(run);
      if (past.length === 0) throw new NotResumable(`There is no run "${run}" in this workspace. List them with: groundcrew runs`);
      const elsewhere = whyElsewhere(foldRun(past), ports.root);
      if (elsewhere !== undefined) throw new NotResumable(elsewhere);
      await using log = createRunLog({ store: ports.store, lease, run, clock: ports.clock, past });
      const settings = RunSettings.parse({ approve: 'never' });
      await using opened = openRun(ports, log, { settings, request: log.view.request, purpose: 'undo' });
      return await undoRun(opened.applying, log.view, signal);
    },

    async commit(run, message, signal) {
      await using lease = await takeLease(ports, run, signal);
      await using log = createRunLog({ store: ports.store, lease, run, clock: ports.clock, past: await ports.store.read(run) });
      const paths = log.view.undone.length > 0 ? undefined : log.view.applied.at(-1)?.paths;
      if (paths === undefined) throw new NotResumable(`Run ${run} has nothing in your files that could be committed.`);
      await using opened = openRun(ports, log, { settings: RunSettings.parse({ approve: 'ask' }), request: log.view.request, purpose: 'fix' });
      const { id } = await opened.applying.toolbox.call(gitCommit, { message, paths }, signal);
      return { id, paths };
    },
  };
}

async function restoreHalf(ports: CrewPorts, log: RunLog, signal: AbortSignal): Promise<void> {
  await using opened = openRun(ports, log, { settings: RunSettings.parse({ approve: 'never' }), request: log.view.request, purpose: 'undo' });
  await takeBackHalf(opened.applying, signal);
}

interface Asked {
  readonly request: FixRequest;
  readonly settings: RunSettings;
}

const versions = (): Readonly<Record<string, string>> => ({
  fixBug: FIX_BUG_VERSION,
  ...Object.fromEntries(cards.map((card) => [card.name, card.version])),
});

/** The one catch of a run: whatever happens, the log ends in `run.finished` and says why. */
async function perform(ports: CrewPorts, log: RunLog, asked: Asked, workflow: Workflow, outer: AbortSignal): Promise<Outcome> {
  const budget = watchBudget(log, asked.settings);
  const signal = AbortSignal.any([outer, budget.signal, log.failed]);
  const finished = finishedIn(log.view);
  let end: FixEnd;
  let base: RunContext['base'] = new Map();
  try {
    await using opened = openRun(ports, log, { ...asked, purpose: asked.request.command });
    const context = await opened.context(finished, signal);
    base = context.base;
    end = await workflow(context, signal);
  } catch (error) {
    end = endOf(error, { outer, budget: budget.signal });
  } finally {
    budget[Symbol.dispose]();
  }
  const outcome: Outcome = { ...outcomeSoFar(log.view), ...describeEnd(end, base, asked.request), ...writtenBefore(log, end) };
  log.emit('run.finished', outcome);
  await log.flush();
  return outcome;
}

async function review(context: RunContext, signal: AbortSignal): Promise<FixEnd> {
  const reason = await reviewFiles(context, signal);
  return { kind: 'reviewed', reason, candidate: undefined, applied: false, receipt: undefined };
}

/** A log that was copied here knows nothing of these files. */
function whyElsewhere(view: RunView, root: string): string | undefined {
  return view.workspace === root ? undefined : `Run ${view.run} belongs to another workspace, ${view.workspace}. Open that folder to go on with it.`;
}

/** Going on over its own change would find nothing to reproduce. */
function whyWritten(view: RunView): string | undefined {
  if (view.applied.length === 0 || view.undone.length > 0) return undefined;
  return `Run ${view.run} has written its change already; only the last check on your own tree was left. Run your tests, or take the change back with: groundcrew undo ${view.run}`;
}

/** A run that ends after its change was written says so, whatever ended it. */
function writtenBefore({ view }: RunLog, end: FixEnd): Partial<Pick<Outcome, 'applied' | 'patch'>> {
  const written = view.undone.length === 0 ? view.applied.at(-1) : undefined;
  return written === undefined || end.applied ? {} : { applied: true, patch: written.patch };
}

function describeEnd(end: FixEnd, base: RunContext['base'], request: FixRequest): Pick<Outcome, 'command' | 'kind' | 'patch' | 'applied' | 'receipt' | 'reason'> {
  const { receipt, candidate } = end;
  return {
    command: request.command,
    kind: end.kind,
    patch: candidate === undefined ? null : unifiedDiff(candidate.patch, base),
    applied: end.applied,
    receipt: receipt === undefined ? null : { id: receipt.id, hash: receipt.hash, argv: [...receipt.argv], exit: receipt.exit },
    reason: end.reason,
  };
}

function endOf(error: unknown, signals: { readonly outer: AbortSignal; readonly budget: AbortSignal }): FixEnd {
  const nothing = { candidate: undefined, applied: error instanceof LeftWritten, receipt: undefined };
  const message = error instanceof ModelUnavailable ? `${error.message} ${error.remedy}` : error instanceof Error ? error.message : String(error);
  const kind = ((): OutcomeKind => {
    if (signals.outer.aborted) return 'stopped';
    if (signals.budget.aborted) return 'gave-up';
    if (error instanceof ModelUnavailable) return 'environment';
    return error instanceof ToolRefused ? 'needs-approval' : 'error';
  })();
  const budget: unknown = signals.budget.reason;
  return { kind, reason: kind === 'gave-up' && budget instanceof Error ? budget.message : message, ...nothing };
}

/** Fires when the wall time or the tokens of the run are used up; what a resumed run spent before counts too. */
function watchBudget(log: RunLog, settings: RunSettings): Disposable & { readonly signal: AbortSignal } {
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(new BudgetUsed(`The budget of ${Number((settings.budgetMs / 60_000).toFixed(2))} minutes is used up. Raise it: --budget-minutes or groundcrew.budget.minutes.`)), Math.max(0, settings.budgetMs - log.view.durationMs));
  const listener = log.subscribe(() => {
    const { prompt, reply } = log.view.totals.tokens;
    if (prompt + reply > settings.budgetTokens) over.abort(new BudgetUsed(`The budget of ${settings.budgetTokens} tokens is used up. Raise it: --budget-tokens or groundcrew.budget.tokens.`));
  });
  return {
    signal: over.signal,
    [Symbol.dispose]() {
      clearTimeout(timer);
      listener[Symbol.dispose]();
    },
  };
}
