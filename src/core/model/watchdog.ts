/** Decides when a call has made no progress for too long: one deadline that each sign of life moves on. */
import type { Clock } from '../ports.ts';

/** Progress is shown at most this often; also how late a deadline may be noticed when it moved nearer. */
const TICK_MS = 1_000;

export interface Watchdog extends Disposable {
  /** Aborts when the given signal does, or with the error of the deadline that passed. */
  readonly signal: AbortSignal;
  /** From now on there are `ms` until the next sign of life. Cheap: called once per token. */
  allow(ms: number, late: () => Error): void;
}

/** `tick` is called about once a second until disposed. */
export function createWatchdog(clock: Clock, tick: () => void, signal: AbortSignal): Watchdog {
  const control = new AbortController();
  const stopped = new AbortController();
  let deadline = Number.POSITIVE_INFINITY;
  let whenLate: () => Error = () => new Error('late');
  let wake = new AbortController();

  const forward = (): void => control.abort(signal.reason);
  if (signal.aborted) forward();
  else signal.addEventListener('abort', forward, { once: true });

  async function watch(): Promise<void> {
    while (!stopped.signal.aborted) {
      wake = new AbortController();
      const wait = Math.max(1, Math.min(TICK_MS, deadline - clock.elapsedMs()));
      await clock.delay(wait, wake.signal).catch(() => undefined);
      if (stopped.signal.aborted) return;
      if (clock.elapsedMs() >= deadline) return control.abort(whenLate());
      tick();
    }
  }
  void watch();

  return {
    signal: control.signal,
    allow(ms, late) {
      const next = clock.elapsedMs() + ms;
      const sooner = next < deadline && ms < TICK_MS;
      deadline = next;
      whenLate = late;
      if (sooner) wake.abort();
    },
    [Symbol.dispose]() {
      signal.removeEventListener('abort', forward);
      stopped.abort();
      wake.abort();
    },
  };
}
