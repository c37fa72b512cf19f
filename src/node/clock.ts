/** Decides what time it is: the machine's clock behind the Clock port. */
import type { Clock } from '../core/ports.ts';

export function createClock(): Clock {
  return {
    now: () => Date.now(),
    elapsedMs: () => performance.now(),
    delay: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const stop = (): void => {
          clearTimeout(timer);
          reject(signal.reason);
        };
        const timer = setTimeout(() => {
          signal.removeEventListener('abort', stop);
          resolve();
        }, ms);
        signal.addEventListener('abort', stop, { once: true });
      }),
  };
}
