/** Decides how a review of a saved file, in whatever process it is, makes room for a run that somebody waits for. */
import type { Clock, Hashing, Lease, Store } from '../ports.ts';
import { WorkspaceHeld } from './storeErrors.ts';

interface Ports {
  readonly store: Store;
  readonly clock: Clock;
  readonly hashing: Hashing;
  readonly pid: number;
}

/** A reading ends within one slice of its prompt; after this it is taken for stuck. */
const ROOM_MS = 10_000;
const LOOK_MS = 150;
/** Runs among which the holder's beginning is looked for. */
const RUNS_MAX = 20;

/** Asks a review of a saved file to end, and waits for it. @throws WorkspaceHeld for any other holder. */
export async function takeLease(ports: Ports, run: string, signal: AbortSignal): Promise<Lease> {
  const until = ports.clock.elapsedMs() + ROOM_MS;
  for (;;) {
    try {
      return await ports.store.lease({ pid: ports.pid, run });
    } catch (error) {
      if (!(error instanceof WorkspaceHeld) || ports.clock.elapsedMs() > until || !(await makesRoom(ports.store, error.holder.run))) throw error;
      // Only the holder may write to its log; a small text beside it is enough to be heard.
      await ports.store.putBlob(new TextEncoder().encode(wish(error.holder.run)));
      await ports.clock.delay(LOOK_MS, signal);
    }
  }
}

/** Aborts once another run wants the workspace; ends with `signal`. */
export function whenWanted({ store, clock, hashing }: Ports, run: string, signal: AbortSignal): AbortSignal {
  const wanted = new AbortController();
  void (async () => {
    while ((await store.getBlob(hashing.sha256(wish(run)))) === undefined) await clock.delay(LOOK_MS, signal);
    wanted.abort(new GaveWay());
  })().catch(() => undefined); // the review has ended, or its store has: nobody is left to be told
  return wanted.signal;
}

class GaveWay extends Error {
  override readonly name = 'GaveWay';
  constructor() {
    super('It gave way to another run.');
  }
}

async function makesRoom(store: Store, run: string): Promise<boolean> {
  const first = (await store.runs(RUNS_MAX)).find((one) => one.run === run)?.first;
  // A run that began just now may not have said yet what it is.
  return first === undefined || (first.type === 'run.started' && first.data.request.background === true);
}

function wish(run: string): string {
  return `room wanted of ${run}`;
}
