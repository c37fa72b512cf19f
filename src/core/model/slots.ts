/** Decides which call runs when a host has fewer slots than calls: by priority, then in order of arrival, with room made for urgent work. */
import { priorities, type Priority } from './priority.ts';

/** A call that made room this often is left alone, so that it ends some day. */
const PREEMPTIONS_MAX = 2;

/** Reason of the abort of a call that makes room; it is queued again with the same prompt. */
export class Preempted extends Error {
  override readonly name = 'Preempted';
  constructor() {
    super('The call made room for more urgent work and starts again later.');
  }
}

export interface Slots {
  readonly count: number;
  readonly waiting: number;
  readonly running: number;
  /** Fewer slots take effect as calls end. */
  resize(count: number): void;
  /**
   * Runs `work` once a slot is free. `work` runs again after it was preempted, with `attempt` one higher; it must leave nothing behind
   * when its signal aborts. `queued` is called when it has to wait.
   */
  run<T>(priority: Priority, work: (signal: AbortSignal, attempt: number) => Promise<T>, queued: () => void, signal: AbortSignal): Promise<T>;
}

interface Waiter {
  readonly rank: number;
  readonly order: number;
  readonly preemptions: number;
  readonly start: (runner: Runner) => void;
}
interface Runner {
  readonly rank: number;
  readonly order: number;
  readonly preemptions: number;
  readonly control: AbortController;
}

export function createSlots(countAtFirst: number): Slots {
  let count = countAtFirst;
  let arrivals = 0;
  const waiters: Waiter[] = [];
  const runners = new Set<Runner>();

  function pump(): void {
    while (runners.size < count) {
      const next = waiters.toSorted((a, b) => a.rank - b.rank || a.order - b.order)[0];
      if (next === undefined) return;
      waiters.splice(waiters.indexOf(next), 1);
      const runner: Runner = { rank: next.rank, order: next.order, preemptions: next.preemptions, control: new AbortController() };
      runners.add(runner);
      next.start(runner);
    }
  }

  return {
    get count() {
      return count;
    },
    get waiting() {
      return waiters.length;
    },
    get running() {
      return runners.size;
    },
    resize(to) {
      count = Math.max(1, to);
      pump();
    },
    async run(priority, work, queued, signal) {
      const rank = priorities.indexOf(priority);
      const order = arrivals++;
      let attempts = 0;
      for (let preemptions = 0; ; preemptions++) {
        const mustWait = (): void => {
          queued();
          victim(rank, runners)?.control.abort(new Preempted());
        };
        const runner = await turn({ waiters, place: { rank, order, preemptions }, pump, mustWait }, signal);
        const stop = (): void => runner.control.abort(signal.reason);
        signal.addEventListener('abort', stop, { once: true });
        try {
          signal.throwIfAborted();
          runner.control.signal.throwIfAborted();
          return await work(runner.control.signal, attempts++);
        } catch (error) {
          if (!(error instanceof Preempted) || signal.aborted) throw error;
        } finally {
          signal.removeEventListener('abort', stop);
          runners.delete(runner);
          pump();
        }
      }
    },
  };
}

interface Turn {
  readonly waiters: Waiter[];
  readonly place: Omit<Waiter, 'start'>;
  readonly pump: () => void;
  readonly mustWait: () => void;
}

/** Waits until `pump` starts it. `mustWait` is told when that is not at once. Leaves the queue when stopped. */
async function turn({ waiters, place, pump, mustWait }: Turn, signal: AbortSignal): Promise<Runner> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<Runner>();
  const waiter: Waiter = { ...place, start: resolve };
  waiters.push(waiter);
  const leave = (): void => {
    const at = waiters.indexOf(waiter);
    if (at < 0) return;
    waiters.splice(at, 1);
    reject(signal.reason);
  };
  signal.addEventListener('abort', leave, { once: true });
  pump();
  if (waiters.includes(waiter)) mustWait();
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

/** The running call that makes room: the least urgent, and of those the newest, since it lost the least. */
function victim(rank: number, runners: ReadonlySet<Runner>): Runner | undefined {
  const candidates = [...runners].filter((runner) => yields(runner.rank, rank) && runner.preemptions < PREEMPTIONS_MAX && !runner.control.signal.aborted);
  return candidates.toSorted((a, b) => b.rank - a.rank || b.order - a.order)[0];
}

const INTERACTIVE = priorities.indexOf('interactive');
const REPAIR = priorities.indexOf('repair');
const BACKGROUND = priorities.indexOf('review-on-save');

/** A person waits for interactive work: all but verification yields. The run's own work displaces only what nobody waits for. */
function yields(running: number, arriving: number): boolean {
  if (arriving === INTERACTIVE) return running >= REPAIR;
  return running >= BACKGROUND && arriving < BACKGROUND;
}
