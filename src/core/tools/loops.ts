/** Decides when a model's tool calls go in circles: one call three times with one result, or a short cycle twice. */

export interface LoopGuard {
  /** True when this call is part of a circle that was found, and nothing changed since. */
  isStuck(call: string): boolean;
  /** Remembers a call with its result; true when it closes a circle. Both are digests. */
  record(call: string, result: string): boolean;
  /** Something was written: equal calls may now have other results. */
  reset(): void;
}

const REPEATS_MAX = 3;
/** A-B-A-B, A-B-C-A-B-C. */
const CYCLES = [2, 3] as const;

export function createLoopGuard(): LoopGuard {
  let history: string[] = [];
  const stuck = new Set<string>();
  const calls = new Map<string, string>();

  function circle(): number | undefined {
    const last = history.at(-1);
    if (history.filter((entry) => entry === last).length >= REPEATS_MAX) return 1;
    return CYCLES.find((length) => {
      const tail = history.slice(-2 * length);
      return tail.length === 2 * length && tail.slice(0, length).every((entry, i) => entry === tail[i + length]);
    });
  }

  return {
    isStuck: (call) => stuck.has(call),
    record(call, result) {
      const entry = `${call}:${result}`;
      history = [...history.slice(-HISTORY_MAX), entry];
      calls.set(entry, call);
      const length = circle();
      if (length === undefined) return false;
      for (const one of history.slice(-length)) stuck.add(calls.get(one) ?? one);
      return true;
    },
    reset() {
      history = [];
      stuck.clear();
      calls.clear();
    },
  };
}

const HISTORY_MAX = 64;
