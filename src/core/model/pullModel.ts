/** Decides whether a model may be downloaded, while it is: stopped as soon as the disk cannot hold it. Whether at all is the user's word. */
import { ModelUnavailable } from './chatModel.ts';
import { cloudRefused, hasCloudName } from './cloud.ts';
import { judgeFault } from './faults.ts';
import { gigabytes } from './inspect.ts';
import type { Clock } from '../ports.ts';
import { HostFault, type Models } from './models.ts';
import { createWatchdog } from './watchdog.ts';

/** Left for everything else on that disk. */
const FREE_BYTES_KEPT = 2e9;
const IDLE_MS = 5 * 60_000;

export interface PullOptions {
  readonly models: Models;
  readonly name: string;
  /** The user's word; a no costs no request. */
  readonly agreed: () => Promise<boolean>;
  /** Of the disk that the models are on; null: unknown, for instance another machine. */
  readonly freeBytes: number | null;
  readonly clock: Clock;
  /** Without a word from the server; left out: five minutes, since checking a big file says nothing. */
  readonly idleMs?: number;
  readonly onProgress: (progress: { readonly status: string; readonly completedBytes: number; readonly totalBytes: number }) => void;
}

/** Nobody agreed to a download; nothing was asked of the host. */
export class PullRefused extends Error {
  override readonly name = 'PullRefused';
  constructor(name: string) {
    super(`${name} is not installed, and a download needs your consent, which was not given: nothing was asked of the server. Confirm it, or get the model yourself with: ollama pull ${name}`);
  }
}

/** @throws PullRefused; ModelUnavailable when it does not fit or does not arrive; signal.reason when aborted. */
export async function pullModel({ models, name, agreed, freeBytes, clock, idleMs = IDLE_MS, onProgress }: PullOptions, signal: AbortSignal): Promise<void> {
  if (hasCloudName(name)) throw cloudRefused(name, undefined);
  if (!(await agreed())) throw new PullRefused(name);
  const layers = new Map<string, { readonly total: number; readonly completed: number }>();
  let succeeded = false;
  using watchdog = createWatchdog({ clock, tick: () => undefined, until: Number.POSITIVE_INFINITY, tooLong: stalled }, signal);
  watchdog.allow(idleMs, stalled);
  try {
    const stream = await models.pull(name, watchdog.signal);
    await stream.each((line) => {
      watchdog.alive();
      if (line.totalBytes !== undefined) layers.set(line.digest ?? line.status, { total: line.totalBytes, completed: line.completedBytes ?? 0 });
      const sum = (key: 'total' | 'completed'): number => [...layers.values()].reduce((bytes, layer) => bytes + layer[key], 0);
      const missing = sum('total') - sum('completed');
      if (freeBytes !== null && missing > freeBytes - FREE_BYTES_KEPT) throw noSpace(name, sum('total'), freeBytes);
      onProgress({ status: line.status, completedBytes: sum('completed'), totalBytes: sum('total') });
      if (line.status === 'success') succeeded = true;
      return true;
    });
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (error instanceof HostFault) throw judgeFault(error, { host: models.host, model: name, promptTokens: 0, windowTokens: 0 }).error;
    throw error;
  }
  if (!succeeded) throw new ModelUnavailable('failed', `The download of ${name} ended before it was complete.`, `Start it again, it goes on where it was: ollama pull ${name}`);
}

function stalled(): HostFault {
  return new HostFault('stalled', 'The download stands still: nothing more comes.');
}

function noSpace(name: string, bytes: number, freeBytes: number): ModelUnavailable {
  return new ModelUnavailable('too-big', `${name} is a download of ${gigabytes(bytes)}; the disk has ${gigabytes(freeBytes)} of space left. It was stopped.`, 'Free space on the disk, or choose a smaller model.');
}
