/** Decides what a run's events say of how well the model was used: prompts read again, reloads, memory. */
import type { RunEvent } from '../../src/core/domain/event.ts';

/** A model that stays loaded is looked up in milliseconds; loading 1 GB takes a second. */
const RELOAD_MS = 700;
/** Calls that share less than this with the one before show what reading a new token costs. */
const COLD_SHARE = 0.1;

export interface CrewFigures {
  readonly calls: number;
  /** Loads after the first call. */
  readonly reloads: number;
  /** Prompt tokens that the server read ÷ those that were new to it, by its own durations; null: too few calls to tell. */
  readonly readPerNew: number | null;
  /** Wall time of the reviewer's calls: told apart, since a verified fix is there before them. */
  readonly reviewMs: number;
}

interface Call {
  readonly prompt: string;
  readonly tokens: number;
  readonly promptMs: number;
  readonly loadMs: number;
}

export function crewFigures(events: readonly RunEvent[]): CrewFigures {
  const calls = completedCalls(events);
  const shares = calls.map((call, index) => commonShare(calls[index - 1]?.prompt ?? '', call.prompt));
  const cold = calls.filter((_, index) => (shares[index] ?? 1) < COLD_SHARE);
  const msPerToken = total(cold.map(({ promptMs }) => promptMs)) / total(cold.map(({ tokens }) => tokens));
  const fresh = total(calls.map(({ tokens }, index) => tokens * (1 - (shares[index] ?? 0))));
  const read = total(calls.map(({ promptMs }) => promptMs)) / msPerToken;
  return {
    calls: calls.length,
    reloads: calls.slice(1).filter(({ loadMs }) => loadMs > RELOAD_MS).length,
    readPerNew: Number.isFinite(read / fresh) ? read / fresh : null,
    reviewMs: reviewMs(events),
  };
}

function completedCalls(events: readonly RunEvent[]): readonly Call[] {
  const prompts = new Map<string, string>();
  return events.flatMap((event) => {
    if (event.type === 'model.started') prompts.set(event.data.call, event.data.messages.map(({ role, content }) => `${role}\n${content}`).join('\n'));
    if (event.type !== 'model.finished' || event.data.state !== 'completed' || event.data.tokens.estimated) return [];
    const { call, tokens, timings } = event.data;
    return [{ prompt: prompts.get(call) ?? '', tokens: tokens.prompt, promptMs: timings.promptMs, loadMs: timings.loadMs }];
  });
}

function reviewMs(events: readonly RunEvent[]): number {
  const startedAt = new Map(events.flatMap((event) => (event.type === 'model.started' && event.data.role === 'reviewer' ? [[event.data.call, event.at] as const] : [])));
  return total(events.flatMap((event) => {
    const at = event.type === 'model.finished' ? startedAt.get(event.data.call) : undefined;
    return at === undefined ? [] : [event.at - at];
  }));
}

/** Share of `text` that the beginning of `before` gives already. */
function commonShare(before: string, text: string): number {
  let length = 0;
  while (length < text.length && text[length] === before[length]) length++;
  return text === '' ? 0 : length / text.length;
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
