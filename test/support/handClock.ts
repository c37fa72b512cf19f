/** Decides what time a test says it is: waits end when the hand moves, and nothing sleeps. */
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../src/core/ports.ts';

export interface HandClock extends Clock {
  /** Moves on, ends the waits that are due in their order, and lets what follows from them run. */
  advance(ms: number): Promise<void>;
  /** Waits that have not ended. */
  readonly waiting: number;
}

/** Turns of the event loop that follow a wait: a chain of promises over real files needs a few. */
const TURNS = 30;

export function handClock(): HandClock {
  let now = 0;
  const waits = new Set<{ readonly due: number; readonly end: () => void }>();
  return {
    now: () => now,
    elapsedMs: () => now,
    get waiting() {
      return waits.size;
    },
    delay: (ms, signal) => new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const wait = { due: now + ms, end: resolve };
      waits.add(wait);
      signal.addEventListener('abort', () => waits.delete(wait) && reject(signal.reason), { once: true });
    }),
    async advance(ms) {
      const until = now + ms;
      for (;;) {
        const next = [...waits].filter(({ due }) => due <= until).toSorted((a, b) => a.due - b.due)[0];
        if (next === undefined) break;
        now = next.due;
        waits.delete(next);
        next.end();
        for (let turn = 0; turn < TURNS; turn++) await setImmediate();
      }
      now = until;
      for (let turn = 0; turn < TURNS; turn++) await setImmediate();
    },
  };
}
