/** Decides how a run's events are numbered, shown and kept: at once to whoever listens, in batches to the store. */
import { eventData, SCHEMA_VERSION, type Emit, type EventData, type EventType, type RunEvent } from '../domain/event.ts';
import type { Clock, Lease, Store } from '../ports.ts';
import { StoreFailed } from './storeErrors.ts';
import { applyEvent, RunFold, type RunView } from './view.ts';

/** How long an event may wait for company before it is stored: what a kill -9 can lose of mere progress. */
const FLUSH_MS = 20;
/** What took seconds to get is stored at once: a resumed run must not pay for it again. */
const COSTLY: ReadonlySet<EventType> = new Set(['model.finished', 'check.finished', 'task.finished']);
/** A batch this big is stored at once. */
const BATCH_EVENTS = 1_000;
/** Events that may wait while the store is slow; about a minute of a run that floods. */
const WAITING_EVENTS_MAX = 200_000;

export interface RunLog extends AsyncDisposable {
  readonly run: string;
  readonly epoch: number;
  /** Everything so far, what a resumed run had before included. */
  readonly events: readonly RunEvent[];
  /** The fold of `events`, always up to date. */
  readonly view: RunView;
  /**
   * Numbers, checks and shows the event at once; it is stored within 20 ms.
   * @throws z.ZodError when data does not fit the type; Error after disposal. A failing store never throws here: see `failed`.
   */
  readonly emit: Emit;
  /** Called for each later event, in order, before emit returns (or, from within a listener, before the outer emit returns). */
  subscribe(listener: (event: RunEvent) => void): Disposable;
  /** Resolves when everything emitted so far is stored. @throws StoreFailed, StaleLease. */
  flush(): Promise<void>;
  /** As flush, and it survives a power cut: call it before an effect on the outside world. */
  durable(): Promise<void>;
  /** Aborted with the reason when the log can no longer be kept: the run must end then. Events go on to listeners only. */
  readonly failed: AbortSignal;
}

/** `past`: the stored events of the run that goes on. The lease stays the caller's. Disposing flushes, and throws when that fails. */
export function createRunLog(options: { readonly store: Pick<Store, 'append'>; readonly lease: Pick<Lease, 'epoch'>; readonly run: string; readonly clock: Clock; readonly past?: readonly RunEvent[] }): RunLog {
  const { clock, run } = options;
  const epoch = options.lease.epoch;
  const fold = new RunFold();
  const events: RunEvent[] = [];
  for (const event of options.past ?? []) {
    applyEvent(fold, event);
    events.push(event);
  }
  const shown = createShow();
  const keeper = createKeeper({ store: options.store, epoch, clock });
  let disposed = false;

  return {
    run,
    epoch,
    events,
    view: fold,
    emit<T extends EventType>(type: T, data: EventData<T>) {
      if (disposed) throw new Error(`The log of run ${run} is closed; "${type}" came too late to be kept.`);
      const event = { v: SCHEMA_VERSION, seq: fold.seq + 1, at: clock.now(), run, type, data: eventData[type].parse(data) } as RunEvent; // TypeScript cannot tie `type` to `data` through the lookup
      applyEvent(fold, event);
      events.push(event);
      keeper.add(event);
      shown.show(event);
    },
    subscribe: shown.subscribe,
    flush: () => keeper.write(false),
    durable: () => keeper.write(true),
    failed: keeper.failed,
    async [Symbol.asyncDispose]() {
      if (disposed) return;
      disposed = true;
      await keeper.close();
    },
  };
}

/** Delivery in order, also when a listener emits: later listeners would otherwise see the second event first. */
function createShow(): { show(event: RunEvent): void; subscribe(listener: (event: RunEvent) => void): Disposable } {
  const listeners = new Set<(event: RunEvent) => void>();
  const queue: RunEvent[] = [];
  let showing = false;

  function show(event: RunEvent): void {
    queue.push(event);
    if (showing) return;
    showing = true;
    const errors: unknown[] = [];
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      for (const listener of [...listeners]) {
        try {
          listener(next);
        } catch (error) {
          errors.push(error); // the others must hear of the event too; it is thrown below
        }
      }
    }
    showing = false;
    if (errors.length > 0) throw errors[0];
  }

  return {
    show,
    subscribe(listener) {
      const own = (event: RunEvent): void => listener(event);
      listeners.add(own);
      return { [Symbol.dispose]: () => void listeners.delete(own) };
    },
  };
}

interface Keeper {
  add(event: RunEvent): void;
  write(durable: boolean): Promise<void>;
  close(): Promise<void>;
  readonly failed: AbortSignal;
}

/** One append at a time, so that what is stored is always a whole beginning of the run. */
function createKeeper(options: { readonly store: Pick<Store, 'append'>; readonly epoch: number; readonly clock: Clock }): Keeper {
  const { store, epoch, clock } = options;
  const failure = new AbortController();
  const closed = new AbortController();
  let isTold = false;
  let waiting: RunEvent[] = [];
  let tail: Promise<void> = Promise.resolve();
  let due = false;

  function write(durable: boolean): Promise<void> {
    tail = tail.then(async () => {
      const batch = waiting;
      waiting = [];
      if (failure.signal.aborted || (batch.length === 0 && !durable)) return;
      try {
        await store.append(epoch, batch, durable);
      } catch (error) {
        failure.abort(error);
      }
    });
    return tail.then(() => {
      if (failure.signal.aborted) isTold = true;
      failure.signal.throwIfAborted();
    });
  }

  function writeSoon(): void {
    if (due) return;
    due = true;
    const wait = waiting.length >= BATCH_EVENTS ? Promise.resolve() : clock.delay(FLUSH_MS, closed.signal);
    wait.then(() => {
      due = false;
      return write(false);
    }).catch(() => undefined); // closed: close() writes the rest; failed: `failed` and the next flush say so
  }

  return {
    add(event) {
      if (failure.signal.aborted) return;
      waiting.push(event);
      if (waiting.length > WAITING_EVENTS_MAX) {
        waiting = [];
        failure.abort(new StoreFailed('busy', `${WAITING_EVENTS_MAX} events wait to be stored: the disk is too slow for this run's log. The run stops; nothing stored is lost.`));
        return;
      }
      if (COSTLY.has(event.type)) write(false).catch(() => undefined); // `failed` and the next flush say so
      else writeSoon();
    },
    write,
    async close() {
      closed.abort();
      if (isTold) return; // whoever flushed has the error; a second one would hide it
      await write(false);
    },
    failed: failure.signal,
  };
}
