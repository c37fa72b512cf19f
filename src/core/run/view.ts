/** Decides what a run looks like at a moment: the one read model, folded from events, for console, trace, outcome and resume. */
import type { Candidate, Verdict } from '../domain/candidate.ts';
import type { Debate } from '../domain/debate.ts';
import type { Check } from '../domain/check.ts';
import type { EventData, FixRequest, RunEvent } from '../domain/event.ts';
import type { Finding } from '../domain/finding.ts';
import type { Message } from '../domain/message.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Plan, Task, TaskState } from '../domain/plan.ts';
import type { Receipt } from '../domain/receipt.ts';
import type { Role } from '../domain/role.ts';
import type { Timings, Tokens } from '../domain/tokens.ts';
import { brief } from './brief.ts';

type Data<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>['data'];
type Draft<T> = { -readonly [K in keyof T]: T[K] };

export interface TaskView {
  readonly id: string;
  readonly title: string;
  readonly role: Role;
  readonly dependsOn: readonly string[];
  readonly acceptance: string;
  readonly estimateMs: number | null;
  readonly state: TaskState;
  /** Times it was started. */
  readonly attempts: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly summary: string;
  readonly output: unknown;
  /** false: a later plan dropped it after it had begun. */
  readonly planned: boolean;
}

export interface CallView extends Data<'model.started'> {
  readonly state: 'running' | 'interrupted' | Data<'model.finished'>['state'];
  readonly phase: Data<'model.progressed'>['phase'];
  readonly ratio: number | null;
  readonly leftMs: number | null;
  /** As last reported in this phase. */
  readonly progressTokens: number;
  readonly startedAt: number;
  readonly finishedAt: number | null;
  readonly reply: string;
  readonly toolCalls: Data<'model.finished'>['toolCalls'];
  readonly done: Data<'model.finished'>['done'];
  /** null while it runs. */
  readonly tokens: Tokens | null;
  readonly timings: Timings | null;
  /** Of the prompt, by our own count; null: not known. */
  readonly cachedTokens: number | null;
  readonly error: string | null;
}

/** Something logged once, with its moment. */
export type At<T> = T & { readonly at: number };

export interface CandidateView extends Candidate {
  readonly offeredAt: number;
  /** In the order of the gates it met; the last failed one is where it fell. */
  readonly verdicts: readonly At<Verdict>[];
  readonly state: 'open' | 'passed' | 'failed' | 'chosen';
}

export interface Totals {
  /** From Ollama's final records; what was counted from a stream is in here too. */
  readonly tokens: { readonly prompt: number; readonly reply: number };
  /** Calls among them whose tokens were counted from the stream. */
  readonly estimatedCalls: number;
  /** Time the model was at work: the calls' total less their queueing. */
  readonly modelMs: number;
  /** Times that a task was started. */
  readonly attempts: number;
}

export interface RunView {
  readonly run: string;
  readonly seq: number;
  readonly startedAt: number;
  readonly lastAt: number;
  /** Time from start to last event, without the time between an interruption and its resume. */
  readonly durationMs: number;
  readonly resumes: number;
  readonly request: FixRequest | null;
  readonly workspace: string;
  readonly model: string | null;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly versions: Readonly<Record<string, string>>;
  readonly plan: Plan | null;
  readonly planBy: Data<'plan.made'>['by'] | null;
  readonly tasks: ReadonlyMap<string, TaskView>;
  readonly calls: ReadonlyMap<string, CallView>;
  readonly toolCalls: readonly At<Data<'tool.called'>>[];
  readonly approvals: ReadonlyMap<string, At<Data<'approval.asked'>> & { readonly answer: Data<'approval.answered'>['answer'] | null }>;
  readonly checksFound: readonly Check[];
  readonly checkChosen: number | null;
  readonly checks: readonly At<Data<'check.finished'>>[];
  readonly suspects: Data<'suspects.ranked'>['suspects'];
  readonly suspectsBy: string;
  readonly candidates: ReadonlyMap<string, CandidateView>;
  readonly chosen: Data<'candidate.chosen'> | null;
  /** Every choice between survivors, held or skipped. */
  readonly debates: readonly At<Debate>[];
  readonly sources: ReadonlyMap<string, Data<'sources.summarised'>>;
  readonly messages: readonly At<Message>[];
  readonly findings: readonly Finding[];
  readonly receipts: readonly Receipt[];
  readonly effects: ReadonlyMap<string, { readonly intent: unknown; readonly done: boolean }>;
  readonly applied: readonly At<Data<'patch.applied'>>[];
  readonly undone: readonly At<Data<'patch.undone'>>[];
  readonly refused: Outcome['refused'];
  readonly degraded: readonly string[];
  readonly advice: readonly string[];
  readonly totals: Totals;
  /** null: at work, or cut off. */
  readonly outcome: Outcome | null;
}

/** Whole history at once. Events are those of one run, in order. */
export function foldRun(events: Iterable<RunEvent>): RunView {
  const fold = new RunFold();
  for (const event of events) applyEvent(fold, event);
  return fold;
}

/** The view with its hands free: whoever makes one advances it with applyEvent and shows it to others as RunView. */
export class RunFold implements RunView {
  run = '';
  seq = 0;
  startedAt = 0;
  lastAt = 0;
  durationMs = 0;
  resumes = 0;
  request: FixRequest | null = null;
  workspace = '';
  model: string | null = null;
  settings: Readonly<Record<string, unknown>> = {};
  versions: Readonly<Record<string, string>> = {};
  plan: Plan | null = null;
  planBy: Data<'plan.made'>['by'] | null = null;
  readonly tasks = new Map<string, Draft<TaskView>>();
  readonly calls = new Map<string, Draft<CallView>>();
  readonly toolCalls: At<Data<'tool.called'>>[] = [];
  readonly approvals = new Map<string, At<Data<'approval.asked'>> & { answer: Data<'approval.answered'>['answer'] | null }>();
  checksFound: readonly Check[] = [];
  checkChosen: number | null = null;
  readonly checks: At<Data<'check.finished'>>[] = [];
  suspects: Data<'suspects.ranked'>['suspects'] = [];
  suspectsBy = '';
  readonly candidates = new Map<string, Draft<Omit<CandidateView, 'verdicts'>> & { verdicts: At<Verdict>[] }>();
  chosen: Data<'candidate.chosen'> | null = null;
  readonly debates: At<Debate>[] = [];
  readonly sources = new Map<string, Data<'sources.summarised'>>();
  readonly messages: At<Message>[] = [];
  readonly findings: Finding[] = [];
  readonly receipts: Receipt[] = [];
  readonly effects = new Map<string, { intent: unknown; done: boolean }>();
  readonly applied: At<Data<'patch.applied'>>[] = [];
  readonly undone: At<Data<'patch.undone'>>[] = [];
  readonly refused: Outcome['refused'] = [];
  readonly degraded: string[] = [];
  readonly advice: string[] = [];
  readonly totals = { tokens: { prompt: 0, reply: 0 }, estimatedCalls: 0, modelMs: 0, attempts: 0 };
  outcome: Outcome | null = null;
}

/** Advances the view by the next event of its run, in place. */
export function applyEvent(view: RunFold, event: RunEvent): void {
  if (event.type !== 'run.resumed' && view.seq > 0) view.durationMs += Math.max(0, event.at - view.lastAt);
  view.seq = event.seq;
  view.lastAt = event.at;
  switch (event.type) {
    case 'run.started': start(view, event); return;
    case 'run.resumed': resume(view); return;
    case 'run.finished': view.outcome = event.data; return;
    case 'message.sent': view.messages.push({ ...event.data, at: event.at }); return;
    case 'plan.made': takePlan(view, event.data); return;
    case 'task.started': startTask(view, event.data.task, event.data.attempt, event.at); return;
    case 'task.finished': finishTask(view, event.data, event.at); return;
    case 'check.found':
      view.checksFound = event.data.checks;
      view.checkChosen = event.data.chosen;
      return;
    case 'check.finished': view.checks.push({ ...event.data, at: event.at }); return;
    case 'suspects.ranked':
      view.suspects = event.data.suspects;
      view.suspectsBy = event.data.by;
      return;
    case 'tool.called': takeToolCall(view, event.data, event.at); return;
    case 'approval.asked': view.approvals.set(event.data.id, { ...event.data, at: event.at, answer: null }); return;
    case 'approval.answered': answer(view, event.data); return;
    case 'model.started': startCall(view, event.data, event.at); return;
    case 'model.progressed': progress(view, event.data); return;
    case 'model.finished': finishCall(view, event.data, event.at); return;
    case 'candidate.offered': view.candidates.set(event.data.id, { ...event.data, offeredAt: event.at, verdicts: [], state: 'open' }); return;
    case 'candidate.gated': gate(view, event.data, event.at); return;
    case 'candidate.chosen': choose(view, event.data); return;
    case 'debate.ended': view.debates.push({ ...event.data, at: event.at }); return;
    case 'sources.summarised': view.sources.set(event.data.source, event.data); return;
    case 'finding.reported': view.findings.push(event.data); return;
    case 'receipt.recorded': view.receipts.push(event.data); return;
    case 'effect.intended': view.effects.set(event.data.key, { intent: event.data.intent, done: false }); return;
    case 'effect.done': view.effects.set(event.data.key, { intent: view.effects.get(event.data.key)?.intent ?? null, done: true }); return;
    case 'patch.applied': view.applied.push({ ...event.data, at: event.at }); return;
    case 'patch.undone': view.undone.push({ ...event.data, at: event.at }); return;
    case 'degraded': if (!view.degraded.includes(event.data.what)) view.degraded.push(event.data.what); return;
    case 'user.advised': view.advice.push(event.data.text); return;
  }
}

/** What of `run.finished` the log already knows, so that no total is ever counted twice in two places. */
export function outcomeSoFar(view: RunView): Pick<Outcome, 'command' | 'tasks' | 'candidates' | 'findings' | 'refused' | 'degraded' | 'attempts' | 'tokens' | 'modelMs' | 'durationMs'> {
  return {
    command: view.request?.command ?? 'fix',
    tasks: [...view.tasks.values()].map(({ id, role, state }) => ({ id, role, state })),
    candidates: [...view.candidates.values()].flatMap(({ source, state, verdicts }) => {
      const last = verdicts.at(-1);
      if (last === undefined) return [];
      return [{ source, gate: last.gate, verdict: state === 'chosen' ? 'chosen' as const : last.passed ? 'passed' as const : 'failed' as const }];
    }),
    findings: [...view.findings],
    refused: [...view.refused],
    degraded: [...view.degraded],
    attempts: view.totals.attempts,
    tokens: { ...view.totals.tokens },
    modelMs: view.totals.modelMs,
    durationMs: view.durationMs,
  };
}

function start(view: RunFold, event: Extract<RunEvent, { type: 'run.started' }>): void {
  view.run = event.run;
  view.startedAt = event.at;
  view.request = event.data.request;
  view.workspace = event.data.workspace;
  view.model = event.data.model;
  view.settings = event.data.settings;
  view.versions = event.data.versions;
}

/** Whatever was at work when the process ended is so no longer: tasks wait again, calls are lost and counted from their stream. */
function resume(view: RunFold): void {
  view.resumes += 1;
  view.outcome = null;
  for (const task of view.tasks.values()) {
    if (task.state === 'running' || task.state === 'stopped') task.state = 'waiting';
  }
  for (const call of view.calls.values()) {
    if (call.state !== 'running') continue;
    call.state = 'interrupted';
    const prompt = call.phase === 'writing' ? call.promptTokens : call.phase === 'reading' ? Math.round(call.promptTokens * (call.ratio ?? 0)) : 0;
    call.tokens = { prompt, reply: call.phase === 'writing' ? call.progressTokens : 0, estimated: true };
    count(view, call.tokens, null);
  }
}

function takePlan(view: RunFold, data: Data<'plan.made'>): void {
  view.plan = data.plan;
  view.planBy = data.by;
  const planned = new Map(data.plan.tasks.map((task) => [task.id, task]));
  for (const task of view.tasks.values()) {
    if (planned.has(task.id)) continue;
    if (task.attempts === 0) view.tasks.delete(task.id);
    else task.planned = false;
  }
  for (const task of data.plan.tasks) {
    const known = view.tasks.get(task.id) ?? unstarted;
    view.tasks.delete(task.id); // set again, so that tasks stand in the order of the newest plan
    view.tasks.set(task.id, { ...known, ...described(task), planned: true });
  }
}

const unstarted = { state: 'waiting' as const, attempts: 0, startedAt: null, finishedAt: null, summary: '', output: null };

function described({ id, title, role, dependsOn, acceptance, estimateMs }: Task): Pick<TaskView, 'id' | 'title' | 'role' | 'dependsOn' | 'acceptance' | 'estimateMs'> {
  return { id, title, role, dependsOn, acceptance, estimateMs };
}

/** A task that no plan named is still a task: the engine's own. */
function taskOf(view: RunFold, id: string): Draft<TaskView> {
  const known = view.tasks.get(id);
  if (known !== undefined) return known;
  const task = { ...unstarted, id, title: id, role: 'orchestrator' as const, dependsOn: [], acceptance: '', estimateMs: null, planned: false };
  view.tasks.set(id, task);
  return view.tasks.get(id) ?? task;
}

function startTask(view: RunFold, id: string, attempt: number, at: number): void {
  const task = taskOf(view, id);
  task.attempts = Math.max(task.attempts + 1, attempt);
  task.state = 'running';
  task.startedAt ??= at;
  task.finishedAt = null;
  view.totals.attempts += 1;
}

function finishTask(view: RunFold, data: Data<'task.finished'>, at: number): void {
  const task = taskOf(view, data.task);
  task.state = data.state;
  task.finishedAt = at;
  task.summary = data.summary;
  task.output = data.output ?? null;
}

function takeToolCall(view: RunFold, data: Data<'tool.called'>, at: number): void {
  view.toolCalls.push({ ...data, at });
  if (data.decision === 'allowed' || data.decision === 'approved' || data.rule === 'failed') return; // a call that was stopped, or broke before it was judged, was refused by nobody
  const refusal = { role: data.role, tool: data.tool, rule: data.rule, what: brief(data.arguments) };
  if (!view.refused.some((other) => other.role === refusal.role && other.tool === refusal.tool && other.rule === refusal.rule && other.what === refusal.what)) view.refused.push(refusal);
}

function answer(view: RunFold, data: Data<'approval.answered'>): void {
  const asked = view.approvals.get(data.id);
  if (asked !== undefined) asked.answer = data.answer;
}

function startCall(view: RunFold, data: Data<'model.started'>, at: number): void {
  view.calls.set(data.call, {
    ...data, state: 'running', phase: 'queued', ratio: null, leftMs: null, progressTokens: 0, startedAt: at, finishedAt: null,
    reply: '', toolCalls: [], done: null, tokens: null, timings: null, cachedTokens: null, error: null,
  });
}

function progress(view: RunFold, data: Data<'model.progressed'>): void {
  const call = view.calls.get(data.call);
  if (call === undefined || call.state !== 'running') return;
  call.phase = data.phase;
  call.ratio = data.ratio;
  call.leftMs = data.leftMs;
  call.progressTokens = data.tokens;
}

/** A call is counted once, however often its end is told. */
function finishCall(view: RunFold, data: Data<'model.finished'>, at: number): void {
  const call = view.calls.get(data.call);
  if (call === undefined || call.state !== 'running') return;
  call.state = data.state;
  call.reply = data.reply;
  call.toolCalls = data.toolCalls;
  call.done = data.done;
  call.tokens = data.tokens;
  call.timings = data.timings;
  call.cachedTokens = data.cachedTokens ?? null;
  call.error = data.error;
  call.finishedAt = at;
  call.leftMs = null;
  count(view, data.tokens, data.timings);
}

function count(view: RunFold, tokens: Tokens, timings: Timings | null): void {
  view.totals.tokens.prompt += tokens.prompt;
  view.totals.tokens.reply += tokens.reply;
  if (tokens.estimated) view.totals.estimatedCalls += 1;
  if (timings !== null) view.totals.modelMs += Math.max(0, timings.totalMs - timings.queueMs);
}

function gate(view: RunFold, data: EventData<'candidate.gated'>, at: number): void {
  const candidate = view.candidates.get(data.candidate);
  if (candidate === undefined) return;
  candidate.verdicts.push({ ...data.verdict, at });
  if (!data.verdict.passed) candidate.state = 'failed';
  else if (candidate.state === 'open') candidate.state = 'passed';
}

function choose(view: RunFold, data: Data<'candidate.chosen'>): void {
  view.chosen = data;
  for (const candidate of view.candidates.values()) {
    if (candidate.id === data.candidate) candidate.state = 'chosen';
    else if (candidate.state === 'chosen') candidate.state = 'passed';
  }
}
