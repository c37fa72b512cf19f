/** Decides when a call has made no progress for too long, or has taken too long in all. */
import type { Clock } from '../ports.ts';

/** Progress is shown at most this often. */
const TICK_MS = 1_000;
/** One reason for all: without it each abort would make an error with a stack. */
const OVER = 'the wait is over';

export interface WatchdogOptions {
  readonly clock: Clock;
  /** About once a second until disposed. */
  readonly tick: () => void;
  /** On the clock's elapsedMs: the end, however alive the call is. */
  readonly until: number;
  readonly tooLong: () => Error;
}

export interface Watchdog extends Disposable {
  /** Aborts when the given signal does, or with the error of the deadline that passed. */
  readonly signal: AbortSignal;
  /** From now on a sign of life is due every `ms`. */
  allow(ms: number, late: () => Error): void;
  /** A sign of life. Only a mark, since it comes with every token: silence is noticed after `ms` and at most a second, or `ms`, more. */
  alive(): void;
}

export function createWatchdog({ clock, tick, until, tooLong }: WatchdogOptions, signal: AbortSignal): Watchdog {
  const control = new AbortController();
  let isOver = false;
  let isAlive = false;
  let allowedMs = Number.POSITIVE_INFINITY;
  let deadline = Number.POSITIVE_INFINITY;
  let whenLate = tooLong;
  let wake = new AbortController();

  const forward = (): void => control.abort(signal.reason);
  if (signal.aborted) forward();
  else signal.addEventListener('abort', forward, { once: true });

  async function watch(): Promise<void> {
    while (!isOver) {
      wake = new AbortController();
      const wait = Math.max(1, Math.min(TICK_MS, Math.min(deadline, until) - clock.elapsedMs()));
      await clock.delay(wait, wake.signal).catch(() => undefined);
      if (isOver) return;
      const now = clock.elapsedMs();
      if (isAlive) deadline = now + allowedMs;
      isAlive = false;
      if (now >= until) return control.abort(tooLong());
      if (now >= deadline) return control.abort(whenLate());
      tick();
    }
  }
  void watch();

  return {
    signal: control.signal,
    allow(ms, late) {
      allowedMs = ms;
      deadline = clock.elapsedMs() + ms;
      whenLate = late;
      isAlive = false;
      if (ms < TICK_MS) wake.abort(OVER);
    },
    alive() {
      isAlive = true;
    },
    [Symbol.dispose]() {
      isOver = true;
      signal.removeEventListener('abort', forward);
      wake.abort(OVER);
    },
  };
}
