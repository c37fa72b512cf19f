/** Decides which figures of a run are shown, all of them sums over its calls: tokens by role, speeds, Ollama's split, reuse, context. */
import type { Gate, Source } from '../core/domain/candidate.ts';
import type { Role } from '../core/domain/role.ts';
import type { CallView, CandidateView, RunView } from '../core/run/view.ts';

export interface RoleTokens {
  readonly role: Role;
  readonly calls: number;
  readonly prompt: number;
  readonly reply: number;
  /** Calls among them that were counted from their stream. */
  readonly estimated: number;
}

/** Milliseconds over all calls. */
export interface Split {
  readonly queue: number;
  readonly load: number;
  readonly prompt: number;
  readonly reply: number;
}

export interface Figures {
  readonly roles: readonly RoleTokens[];
  readonly split: Split;
  /** Medians over completed calls, ms; null: none yet. */
  readonly firstTokenMs: number | null;
  readonly totalMs: number | null;
  /** Reply tokens for each second of replying; null: none yet. */
  readonly tokensPerSecond: number | null;
  /** Share of prompt tokens that the server had read before; null: not told. */
  readonly reuse: number | null;
  /** Of the newest call: tokens of its prompt and reply, of the window that was asked for. */
  readonly context: { readonly used: number; readonly window: number } | null;
}

export function figuresOf(view: RunView): Figures {
  const calls = [...view.calls.values()];
  const timed = calls.flatMap((call) => (call.timings === null || call.timings.totalMs <= 0 ? [] : [call.timings]));
  const completed = calls.flatMap((call) => (call.state === 'completed' && call.timings !== null && call.tokens !== null ? [{ ...call, timings: call.timings, tokens: call.tokens }] : []));
  const replyMs = sum(completed.map(({ timings }) => timings.replyMs));
  const known = calls.flatMap(({ cachedTokens, tokens }) => (cachedTokens === null || tokens === null ? [] : [{ cached: cachedTokens, prompt: tokens.prompt }]));
  const prompts = sum(known.map(({ prompt }) => prompt));
  return {
    roles: rolesOf(calls),
    split: { queue: sum(timed.map((t) => t.queueMs)), load: sum(timed.map((t) => t.loadMs)), prompt: sum(timed.map((t) => t.promptMs)), reply: sum(timed.map((t) => t.replyMs)) },
    firstTokenMs: median(completed.flatMap(({ timings }) => timings.firstTokenMs ?? [])),
    totalMs: median(completed.map(({ timings }) => timings.totalMs)),
    tokensPerSecond: replyMs <= 0 ? null : sum(completed.map(({ tokens }) => tokens.reply)) / (replyMs / 1_000),
    reuse: prompts === 0 ? null : sum(known.map(({ cached }) => cached)) / prompts,
    context: contextOf(calls),
  };
}

function rolesOf(calls: readonly CallView[]): readonly RoleTokens[] {
  const roles = new Map<Role, RoleTokens>();
  for (const { role, tokens } of calls) {
    const known = roles.get(role) ?? { role, calls: 0, prompt: 0, reply: 0, estimated: 0 };
    roles.set(role, { role, calls: known.calls + 1, prompt: known.prompt + (tokens?.prompt ?? 0), reply: known.reply + (tokens?.reply ?? 0), estimated: known.estimated + (tokens?.estimated === true ? 1 : 0) });
  }
  return [...roles.values()];
}

function contextOf(calls: readonly CallView[]): Figures['context'] {
  for (const { options, tokens, promptTokens, progressTokens } of calls.toReversed()) {
    const window = options['num_ctx'];
    if (typeof window !== 'number' || window <= 0) continue;
    return { used: tokens === null ? promptTokens + progressTokens : tokens.prompt + tokens.reply, window };
  }
  return null;
}

/** What one source offered, and where its candidates fell. */
export interface SourceFigures {
  readonly source: Source;
  readonly offered: number;
  /** Met no gate yet. */
  readonly open: number;
  readonly passed: number;
  readonly chosen: boolean;
  /** In the order of the gates. */
  readonly fell: readonly { readonly gate: Gate; readonly count: number }[];
  readonly stopped: string;
  readonly candidates: readonly CandidateView[];
}

/** By source, in the order they came. Within one: chosen, passed, then fallen ones, the last offered first. */
export function sourceFigures(view: RunView, gates: readonly Gate[]): readonly SourceFigures[] {
  const bySource = new Map<Source, CandidateView[]>();
  for (const candidate of view.candidates.values()) {
    const known = bySource.get(candidate.source);
    if (known === undefined) bySource.set(candidate.source, [candidate]);
    else known.push(candidate);
  }
  return [...bySource].map(([source, candidates]) => {
    const fell = candidates.flatMap(({ state, verdicts }) => (state === 'failed' ? verdicts.findLast(({ passed }) => !passed)?.gate ?? [] : []));
    return {
      source, offered: candidates.length,
      open: candidates.filter(({ verdicts }) => verdicts.length === 0).length,
      passed: candidates.filter(({ state }) => state === 'passed' || state === 'chosen').length,
      chosen: candidates.some(({ state }) => state === 'chosen'),
      fell: gates.map((gate) => ({ gate, count: fell.filter((other) => other === gate).length })).filter(({ count }) => count > 0),
      stopped: view.sources.get(source)?.stopped ?? '',
      candidates: candidates.toReversed().sort((a, b) => RANK[a.state] - RANK[b.state]),
    };
  });
}

const RANK = { chosen: 0, passed: 1, open: 2, failed: 3 } as const;

/** The call that the run waits for, or undefined. */
export function runningCall(view: RunView): CallView | undefined {
  if (view.outcome !== null) return undefined;
  return [...view.calls.values()].findLast((call) => call.state === 'running');
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low, high] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}
