/** Decides when a (host, model) that keeps failing is left alone: calls fail at once with the last reason until a pause is over. */
import type { Clock } from '../ports.ts';
import type { ModelUnavailable } from './chatModel.ts';

/** Calls, each with all its retries, that fail one after another before the breaker opens. */
const FAILURES_MAX = 2;
const PAUSE_MS = 20_000;
const PAUSE_MS_MAX = 5 * 60_000;

export interface Breaker {
  /** The last failure while the breaker is open, else undefined. After a pause one call is let through to try. */
  open(): ModelUnavailable | undefined;
  succeeded(): void;
  failed(why: ModelUnavailable): void;
}

export function createBreaker(clock: Clock): Breaker {
  let failures = 0;
  let pauseMs = PAUSE_MS;
  let closedUntil = 0;
  let last: ModelUnavailable | undefined;

  return {
    open() {
      if (failures < FAILURES_MAX) return undefined;
      const now = clock.elapsedMs();
      if (now < closedUntil) return last;
      closedUntil = now + pauseMs; // This call is the trial; others keep failing until it is done.
      return undefined;
    },
    succeeded() {
      failures = 0;
      pauseMs = PAUSE_MS;
    },
    failed(why) {
      last = why;
      failures++;
      if (failures < FAILURES_MAX) return;
      if (failures > FAILURES_MAX) pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX);
      closedUntil = clock.elapsedMs() + pauseMs;
    },
  };
}
