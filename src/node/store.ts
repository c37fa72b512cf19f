/** Decides how the core reaches its log: every call goes to one worker thread, so that no disk ever stops the event loop. */
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { RunEvent } from '../core/domain/event.ts';
import { Receipt } from '../core/domain/receipt.ts';
import type { Store } from '../core/ports.ts';
import { StaleLease, StoreFailed, WorkspaceHeld } from '../core/run/storeErrors.ts';
import { upcastEvent } from '../core/run/upcast.ts';
import { nodeVersionProblem } from './nodeVersion.ts';
import type { Answer, Arguments, Fault, Method, Result } from './storeProtocol.ts';
import { type Chunk, EVENTS_BETWEEN } from './storeText.ts';

const FILE_NAME = 'runs.sqlite';

/**
 * Opens or makes the store in `folder` (see stateFolder). Disposing gives a held lease back, then ends the thread.
 * @throws StoreFailed when this Node has no SQLite, or the file cannot be used.
 */
export async function openStore(folder: string, nodeVersion: string = process.versions.node): Promise<Store> {
  const problem = nodeVersionProblem(nodeVersion);
  if (problem !== undefined) throw new StoreFailed('failed', problem);
  const file = path.join(folder, FILE_NAME);
  const thread = createThread(file);
  try {
    await thread.ask('lastReceipt'); // opens the file, so that what is wrong with it is said now
  } catch (error) {
    await thread.end();
    throw error;
  }
  return storeOn(thread, file);
}

function storeOn(thread: Thread, file: string): Store {
  let disposed: Promise<void> | undefined;
  return {
    async lease(owner) {
      const epoch = await thread.ask('lease', owner);
      return { epoch, [Symbol.asyncDispose]: () => (disposed === undefined ? thread.ask('release', epoch) : disposed) };
    },
    holder: () => thread.ask('holder'),
    async append(epoch, events, durable) {
      await thread.ask('append', epoch, chunksOf(events), durable);
    },
    async read(run) {
      const events: RunEvent[] = [];
      for (let after: number | null = 0; after !== null; ) {
        const page: Result<'read'> = await thread.ask('read', run, after);
        for (const value of parseJson<unknown[]>(`[${page.text}]`, file)) events.push(upcastEvent(value));
        after = page.last;
      }
      events.forEach((event, i) => {
        if (event.seq !== i + 1) throw new StoreFailed('corrupt', `Run ${run} in ${file} lacks event ${i + 1}. Nothing was deleted; the run cannot be shown or resumed.`);
      });
      return events;
    },
    async runs(max) {
      const rows = await thread.ask('runs', max);
      return rows.map(({ run, startedAt, first, last }) => ({ run, startedAt, first: upcastEvent(parseJson(first, file)), last: upcastEvent(parseJson(last, file)) }));
    },
    async effect(key) {
      const found = await thread.ask('effect', key);
      if (found === undefined) return undefined;
      const value: unknown = parseJson(found.json, file);
      return found.state === 'done' ? { state: 'done', result: value } : { state: 'intended', intent: value };
    },
    intend: (epoch, key, run, intent) => thread.ask('intend', epoch, { key, run, intent: toJson(intent) }),
    finishEffect: (epoch, key, result) => thread.ask('finishEffect', epoch, key, toJson(result)),
    async lastReceipt() {
      const body = await thread.ask('lastReceipt');
      return body === undefined ? undefined : Receipt.parse(parseJson(body, file));
    },
    appendReceipt: (epoch, receipt) => thread.ask('appendReceipt', epoch, { hash: receipt.hash, previous: receipt.previous, run: receipt.run, body: JSON.stringify(receipt) }),
    putBlob: (bytes) => thread.ask('putBlob', bytes),
    getBlob: (sha256) => thread.ask('getBlob', sha256),
    [Symbol.asyncDispose]() {
      disposed ??= thread.ask('close').finally(() => thread.end());
      return disposed;
    },
  };
}

interface Thread {
  /** @throws what the journal threw; StoreFailed `crashed` or `closed` when no answer can come. */
  ask<M extends Method>(method: M, ...args: Arguments<M>): Promise<Result<M>>;
  end(): Promise<void>;
}

/** The thread keeps the process alive only while it owes an answer. */
function createThread(file: string): Thread {
  const waiting = new Map<number, { readonly resolve: (value: unknown) => void; readonly reject: (error: Error) => void }>();
  const worker = new Worker(workerFile(), { workerData: file, name: 'groundcrew store', execArgv: ['--disable-warning=ExperimentalWarning'] });
  worker.unref();
  let ended: StoreFailed | undefined;
  let lastId = 0;

  function endAll(error: StoreFailed): void {
    ended ??= error;
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
    worker.unref();
  }
  worker.on('message', (answer: Answer) => {
    const asked = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (waiting.size === 0) worker.unref();
    if (answer.ok) asked?.resolve(answer.value);
    else asked?.reject(asError(answer.error));
  });
  worker.on('error', (error) => endAll(crash(file, error instanceof Error ? error.message : String(error))));
  worker.on('exit', (code) => endAll(code === 0 ? new StoreFailed('closed', `The store of ${file} is closed; this came too late to be kept.`) : crash(file, `exit ${code}`)));

  return {
    ask<M extends Method>(method: M, ...args: Arguments<M>) {
      if (ended !== undefined) return Promise.reject(ended);
      return new Promise<Result<M>>((resolve, reject) => {
        lastId += 1;
        const id = lastId;
        waiting.set(id, { resolve: (value) => resolve(value as Result<M>), reject }); // the worker answers by the same method table
        worker.ref();
        worker.postMessage({ id, method, args });
      });
    },
    async end() {
      endAll(new StoreFailed('closed', `The store of ${file} is closed; this came too late to be kept.`));
      await worker.terminate();
    },
  };
}

/** As source beside this file, or bundled beside the program. */
function workerFile(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './storeWorker.ts' : './storeWorker.js', import.meta.url);
}

function crash(file: string, why: string): StoreFailed {
  return new StoreFailed('crashed', `The thread that keeps the run log ${file} died (${why}). What was stored before is intact. Go on with: groundcrew resume`);
}

function asError(fault: Fault): Error {
  switch (fault.kind) {
    case 'stale': return new StaleLease(fault.epoch, fault.newest);
    case 'held': return new WorkspaceHeld(fault.holder);
    case 'failed': return new StoreFailed(fault.fault, fault.message);
  }
}

/** Events of one run that follow each other travel, and are stored, as one string. */
function chunksOf(events: readonly RunEvent[]): Chunk[] {
  const chunks: { run: string; startedAt: number; firstSeq: number; lines: string[] }[] = [];
  for (const event of events) {
    const open = chunks.at(-1);
    if (open !== undefined && open.run === event.run && event.seq === open.firstSeq + open.lines.length) open.lines.push(JSON.stringify(event));
    else chunks.push({ run: event.run, startedAt: event.at, firstSeq: event.seq, lines: [JSON.stringify(event)] });
  }
  return chunks.map(({ run, startedAt, firstSeq, lines }) => ({ run, startedAt, firstSeq, lastSeq: firstSeq + lines.length - 1, body: lines.join(EVENTS_BETWEEN) }));
}

function toJson(value: unknown): string {
  return JSON.stringify(value ?? null);
}

function parseJson<T>(text: string, file: string): T {
  try {
    return JSON.parse(text); // the callers give it to upcastEvent, a schema, or whoever stored it
  } catch {
    throw new StoreFailed('corrupt', `The run log ${file} holds text that is not what was written. Nothing was deleted. Restore it from a copy, or begin a new one with: mv '${file}' '${file}.damaged'`);
  }
}
