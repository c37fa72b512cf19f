/** Decides the order in which a bug is fixed: reproduce, localise, plan where it pays, search, choose, review, apply. */
import { type Candidate, Source } from '../domain/candidate.ts';
import type { OutcomeKind } from '../domain/outcome.ts';
import type { Plan, Task } from '../domain/plan.ts';
import type { Receipt } from '../domain/receipt.ts';
import { runPlan, type TaskResult } from '../plan/runPlan.ts';
import type { LineScores } from '../repair/spectrum.ts';
import type { Suspect } from '../repair/suspect.ts';
import { applyChange } from './applyChange.ts';
import { type Failure, findFailure } from './baseline.ts';
import { chooseSurvivor } from './chooseSurvivor.ts';
import { findSuspects } from './findSuspects.ts';
import { createGates, type Gates } from './gates.ts';
import { makePlan } from './makePlan.ts';
import { settlePlan, suspectsOf } from './ownPlan.ts';
import { fromWords, isAsked, reproduce } from './reproduce.ts';
import { reviewChange } from './reviewChange.ts';
import { type RunContext, send } from './runContext.ts';
import { searchCandidates } from './search.ts';
import type { SearchResult, Survivor } from './searchBoard.ts';
import { findTypecheck } from './typecheck.ts';
import { withoutModel, withoutSandbox } from './whatIsMissing.ts';

export const FIX_BUG_VERSION = '1';

/** How a fix ended; the log's own totals are added by the crew. */
export interface FixEnd {
  readonly kind: OutcomeKind;
  readonly reason: string;
  readonly candidate: Candidate | undefined;
  readonly applied: boolean;
  readonly receipt: Receipt | undefined;
}

/** What the steps have found so far; each step reads what those before it wrote. */
interface Findings {
  failure?: Failure;
  suspects: readonly Suspect[];
  lineScores: LineScores;
  advice: string;
  planned: boolean;
  /** The plan is the person's: its titles and files say what to try. */
  ownPlan: boolean;
  gates?: Gates;
  search?: SearchResult;
  chosen?: Survivor;
  end?: FixEnd;
}

const ended = (kind: OutcomeKind, reason: string, more: Partial<FixEnd> = {}): FixEnd => ({ kind, reason, candidate: undefined, applied: false, receipt: undefined, ...more });

/** @throws ToolRefused when a grant is missing or a question finds nobody; signal.reason when stopped. */
export async function fixBug(context: RunContext, signal: AbortSignal): Promise<FixEnd> {
  const found: Findings = { suspects: [], lineScores: new Map(), advice: '', planned: false, ownPlan: false };
  const plan = firstPlan(context.settings.planFirst);
  context.emit('plan.made', { plan, by: 'rules' });
  const work = async (task: Task, stop: AbortSignal): Promise<TaskResult> => {
    const result = await step(context, task, found, stop);
    return found.end === undefined || result.kind !== 'done' || task.id === 'apply' ? result : { kind: 'failed', summary: result.summary };
  };
  await runPlan(plan, work, context.emit, signal);
  return found.end ?? ended('error', 'The plan ended without a result; its trace shows the last step.');
}

async function step(context: RunContext, task: Task, found: Findings, signal: AbortSignal): Promise<TaskResult> {
  switch (task.id) {
    case 'reproduce': return await reproduceStep(context, found, signal);
    case 'localise': return await localiseStep(context, found, signal);
    case 'plan': return await planStep(context, found, signal);
    case 'review': return await reviewStep(context, found, signal);
    case 'apply': return await applyStep(context, found, signal);
    default: return await searchStep(context, task, found, signal);
  }
}

/** The plan by rules; the planner may put its own steps in place of `fix`. */
function firstPlan(planFirst: boolean): Plan {
  const task = (id: string, title: string, role: Task['role'], dependsOn: readonly string[], acceptance: string): Task => ({ id, title, role, dependsOn: [...dependsOn], acceptance, files: [], estimateMs: null });
  return {
    tasks: [
      task('reproduce', 'Reproduce the bug', 'verifier', [], 'A check fails twice on the unchanged code.'),
      task('localise', 'Find suspects', 'orchestrator', ['reproduce'], 'At least one suspect outside the tests.'),
      ...(planFirst ? [task('plan', 'Plan the change', 'planner', ['localise'], 'A sound plan of at most 12 tasks.')] : []),
      task('fix', 'Offer candidates', 'coder', [planFirst ? 'plan' : 'localise'], 'A candidate passes the failing test and breaks no other.'),
      task('review', 'Review the change', 'reviewer', ['fix'], 'No counter-example that the verifier reproduces.'),
      task('apply', 'Verify and apply', 'verifier', ['review'], 'The checks pass on your tree, or the patch is saved.'),
    ],
  };
}

async function reproduceStep(context: RunContext, found: Findings, signal: AbortSignal): Promise<TaskResult> {
  const baseline = await findFailure(context, signal);
  const reproduced = baseline.kind === 'reproduced' ? baseline : await reproduce(context, baseline, signal);
  switch (reproduced.kind) {
    case 'reproduced': {
      found.failure = reproduced.failure;
      const names = reproduced.failure.failing.map((test) => test.name);
      return { kind: 'done', summary: names.length === 0 ? `${reproduced.failure.target.argv.join(' ')} fails` : `fails: ${names.slice(0, 2).join(', ')}${names.length > 2 ? ` and ${names.length - 2} more` : ''}` };
    }
    case 'environment': {
      found.end = ended('environment', `"${reproduced.check.argv.join(' ')}" cannot run here (${reproduced.fault.kind}): ${reproduced.fault.evidence}${withoutSandbox(context, reproduced.fault.kind)}`);
      return { kind: 'failed', summary: found.end.reason };
    }
    case 'not-reproduced': case 'no-check': {
      const reported = await fromWords(context, signal);
      if (reported !== undefined) {
        found.failure = reported;
        return { kind: 'done', summary: 'nothing fails: a change can only be proposed' };
      }
      const reason = reproduced.kind === 'no-check' ? 'No check was found. Name one: --test "<command>" or groundcrew.verify.command.' : reproduced.reason;
      const missing = isAsked(context.request) ? withoutModel(context, 'to write a test from what you said') : '';
      found.end = ended(missing === '' ? 'not-reproduced' : 'environment', `${reason}${missing}`);
      return { kind: 'failed', summary: found.end.reason };
    }
  }
}

async function localiseStep(context: RunContext, found: Findings, signal: AbortSignal): Promise<TaskResult> {
  const failure = need(found.failure);
  const located = await findSuspects(context, failure, signal);
  found.suspects = located.suspects;
  found.lineScores = located.lineScores;
  context.allowWrites([...new Set(located.suspects.map((suspect) => suspect.path))]);
  found.gates = createGates(context, failure, await findTypecheck(context, failure, signal));
  const first = found.suspects[0];
  if (first !== undefined) return { kind: 'done', summary: `${found.suspects.length} suspects, first ${first.symbol === '' ? first.path : `${first.symbol}() in ${first.path}`}:${first.line}` };
  found.end = ended('gave-up', 'No code of yours could be tied to the failure. Name the place: --file <path>:<line>, or Fix This Bug on a line of it.');
  return { kind: 'failed', summary: found.end.reason };
}

async function planStep(context: RunContext, found: Findings, signal: AbortSignal): Promise<TaskResult> {
  const planned = await makePlan(context, need(found.failure), found.suspects, signal);
  if (planned === undefined && found.search === undefined) return { kind: 'skipped', summary: 'no plan could be had; the suspects are tried in their order' };
  if (planned === undefined) {
    found.end = gaveUp(context, found);
    return { kind: 'failed', summary: found.end.reason };
  }
  found.suspects = planned.suspects;
  found.advice = planned.cause;
  found.planned = true;
  const offered = planned.replan(context.view());
  if (context.editPlan === undefined) return { kind: 'replan', summary: planned.cause, ...offered };
  const settled = await settlePlan(offered, planned.cause, context.editPlan, signal);
  found.ownPlan = settled.by === 'user';
  return { kind: 'replan', summary: planned.cause, ...settled };
}

async function searchStep(context: RunContext, task: Task, found: Findings, signal: AbortSignal): Promise<TaskResult> {
  if (found.chosen !== undefined) return { kind: 'skipped', summary: 'an earlier step already passes every test' };
  const failure = need(found.failure);
  const gates = need(found.gates);
  const { lineScores } = found;
  const suspects = found.ownPlan ? suspectsOf(task, found.suspects) : found.suspects;
  const advice = found.ownPlan ? `${found.advice}\n${task.title}`.trim() : found.advice;
  const request = send(context, { sender: 'orchestrator', receiver: 'coder', intent: 'delegate', type: 'request', expects: 'candidate', body: advice === '' ? `Offer candidates: ${suspects.length} suspects.` : advice });
  const sources = found.search === undefined && failure.shownBy === 'check' ? Source.options : (['rewrite'] as const);
  const search = await searchCandidates(context, { failure, suspects, lineScores, gates, task: task.id, advice, sources }, signal);
  found.search = search;
  const choice = await chooseSurvivor(context, { failure, gates, search }, signal);
  switch (choice.kind) {
    case 'chosen': {
      found.chosen = choice.survivor;
      send(context, { sender: 'coder', receiver: 'orchestrator', intent: 'inform', type: 'response', replyTo: request, body: `${choice.survivor.candidate.id} passes.` });
      return { kind: 'done', summary: `${choice.survivor.candidate.source}: ${choice.survivor.candidate.note}` };
    }
    case 'undecided': {
      found.end = ended('undecided', choice.reason);
      return { kind: 'failed', summary: choice.reason };
    }
    case 'none': {
      if (wantsPlan(context, found)) return await planStep(context, found, signal);
      found.end = gaveUp(context, found);
      return { kind: 'failed', summary: found.end.reason };
    }
  }
}

function gaveUp(context: RunContext, { search }: Findings): FixEnd {
  const reason = `${search?.attempts ?? 0} candidates were tried; none passes. ${search?.best?.reason ?? ''}`.trim();
  const missing = withoutModel(context, 'to write others');
  return ended(missing === '' ? 'gave-up' : 'environment', `${reason}${missing}`, { candidate: search?.best?.candidate });
}

/** A plan pays when the first candidates failed and more than one file is suspected: the coder then writes anew, told the cause. */
function wantsPlan(context: RunContext, found: Findings): boolean {
  return !found.planned && context.model !== undefined && context.settings.sources.includes('rewrite') && new Set(found.suspects.map((suspect) => suspect.path)).size > 1;
}

/** A rejected candidate goes back: the next survivor is reviewed, with the counter-example as evidence against it too. */
async function reviewStep(context: RunContext, found: Findings, signal: AbortSignal): Promise<TaskResult> {
  const gates = need(found.gates);
  const rejected = new Set<string>();
  for (let survivor: Survivor | undefined = need(found.chosen); survivor !== undefined; ) {
    const review = await reviewChange(context, { failure: need(found.failure), gates, survivor, others: need(found.search).survivors }, signal);
    if (review.kind !== 'rejected') {
      found.chosen = survivor;
      return { kind: review.kind === 'reviewed' ? 'done' : 'skipped', summary: review.summary };
    }
    for (const id of review.ids) rejected.add(id);
    survivor = need(found.search).survivors.find((other) => !rejected.has(other.candidate.id));
  }
  found.end = ended('gave-up', 'Every candidate that passes the tests was shown to be wrong by a counter-example; see the trace.');
  return { kind: 'failed', summary: found.end.reason };
}

async function applyStep(context: RunContext, found: Findings, signal: AbortSignal): Promise<TaskResult> {
  const survivor = need(found.chosen);
  const result = await applyChange(context, { failure: need(found.failure), base: need(found.gates).base, survivor }, signal);
  found.end = ended(result.kind, result.reason, { candidate: { ...survivor.candidate, patch: result.patch }, applied: result.applied, receipt: result.receipt });
  return { kind: result.kind === 'conflict' ? 'failed' : 'done', summary: result.summary };
}

/** A step runs only after those that it depends on; anything else is a defect of the plan. */
function need<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('A step of fixBug ran before the one that it needs.');
  return value;
}
