/** Decides when a run has used up its tools: calls, seconds and processes, counted over all roles. */

export interface Cost {
  readonly calls: number;
  readonly milliseconds: number;
  readonly processes: number;
}

export interface ToolBudget {
  /** Counts a call before it runs; the reason when nothing is left, and then nothing is counted. */
  tryStart(cost: { readonly processes: number }): string | undefined;
  /** Adds what a call took. */
  finish(milliseconds: number): void;
  spent(): Cost;
}

/** Enough for the widest search (1,500 candidates, a few calls each), too few for a loop without end. */
export const defaultCost: Cost = { calls: 50_000, milliseconds: 60 * 60_000, processes: 20_000 };

export function createToolBudget(max: Cost = defaultCost, before: Cost = { calls: 0, milliseconds: 0, processes: 0 }): ToolBudget {
  let spent = before;
  return {
    tryStart({ processes }) {
      if (spent.calls >= max.calls) return `this run has made ${spent.calls} tool calls, its limit`;
      if (spent.milliseconds >= max.milliseconds) return `tools have run for ${Math.round(spent.milliseconds / 1_000)} s in this run, its limit`;
      if (spent.processes + processes > max.processes) return `this run has started ${spent.processes} processes, its limit`;
      spent = { ...spent, calls: spent.calls + 1, processes: spent.processes + processes };
      return undefined;
    },
    finish(milliseconds) {
      spent = { ...spent, milliseconds: spent.milliseconds + milliseconds };
    },
    spent: () => spent,
  };
}

export interface RateLimit {
  /** False when `max` calls under this key lie within the last minute; a true is counted. */
  tryTake(key: string, max: number, nowMs: number): boolean;
}

const WINDOW_MS = 60_000;

/** A sliding minute: a window that only resets on the minute lets twice as many through around it. */
export function createRateLimit(): RateLimit {
  const taken = new Map<string, number[]>();
  return {
    tryTake(key, max, nowMs) {
      const recent = (taken.get(key) ?? []).filter((at) => at > nowMs - WINDOW_MS);
      taken.set(key, recent);
      if (recent.length >= max) return false;
      recent.push(nowMs);
      return true;
    },
  };
}
