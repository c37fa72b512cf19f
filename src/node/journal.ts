/** Decides how the store's calls become SQLite: synchronous, in one file, used by the store's worker thread alone. */
import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { type Holder, StoreFailed, WorkspaceHeld } from '../core/run/storeErrors.ts';
import { type Connection, openConnection } from './journalConnection.ts';
import { lifeOf, pidSpace } from './processStart.ts';
import { type Chunk, EVENTS_BETWEEN, firstOf, lastOf } from './storeText.ts';

/** A holder on another machine or in another container shows that it lives; its pid means nothing here. */
export const RENEW_MS = 30_000;
const RENEWED_LATEST_MS = 120_000;
/** One page of events, so that a long run is neither one huge string nor one long stop of the thread. */
const PAGE_CHARACTERS = 16_000_000;

export type Journal = ReturnType<typeof openJournal>;

/** @throws StoreFailed naming the file and what to do; nothing is ever deleted. */
export function openJournal(file: string) {
  const connection = openConnection(file);
  const leases = leaseCalls(connection);
  return {
    ...leases,
    ...eventCalls(connection),
    ...effectCalls(connection),
    ...proofCalls(connection),
    /** Gives the lease back, so that the process may live on without it. */
    close(): void {
      leases.releaseHeld();
      connection.close();
    },
  };
}

function leaseCalls({ prepare, change, read }: Connection) {
  let heldEpoch = 0;
  return {
    lease(owner: { readonly pid: number; readonly run: string }): number {
      return change('FULL', () => {
        const held = prepare('SELECT * FROM lease WHERE held = 1').get();
        const holder = held === undefined ? undefined : livingHolder(held);
        if (holder !== undefined) throw new WorkspaceHeld(holder);
        const life = lifeOf(owner.pid);
        const epoch = Number(prepare('SELECT epoch FROM lease').get()?.epoch ?? 0) + 1;
        prepare('INSERT OR REPLACE INTO lease VALUES (1, ?, 1, ?, ?, ?, ?, ?, ?)').run(epoch, owner.pid, life.kind === 'alive' ? life.started : '', pidSpace(), hostname(), owner.run, Date.now());
        heldEpoch = epoch;
        return epoch;
      });
    },

    holder(): Holder | undefined {
      return read(() => {
        const held = prepare('SELECT * FROM lease WHERE held = 1').get();
        return held === undefined ? undefined : livingHolder(held);
      });
    },

    renew(): void {
      if (heldEpoch > 0) change('NORMAL', () => prepare('UPDATE lease SET renewed_at = ? WHERE epoch = ?').run(Date.now(), heldEpoch));
    },

    release(epoch: number): void {
      if (heldEpoch === epoch) heldEpoch = 0;
      change('FULL', () => prepare('UPDATE lease SET held = 0 WHERE epoch = ?').run(epoch));
    },

    releaseHeld(): void {
      if (heldEpoch > 0) this.release(heldEpoch);
    },
  };
}

function eventCalls({ prepare, change, read, mustHold }: Connection) {
  return {
    append(epoch: number, chunks: readonly Chunk[], durable: boolean): void {
      change(durable ? 'FULL' : 'NORMAL', () => {
        mustHold(epoch);
        for (const chunk of chunks) appendChunk(prepare, chunk);
        // A commit that changed nothing is not synced; this makes it one that did.
        if (durable) prepare('UPDATE commits SET n = n + 1').run();
      });
    },

    read(run: string, after: number): { readonly text: string; readonly last: number | null } {
      return read(() => {
        let text = '';
        for (const row of prepare('SELECT last_seq, body FROM events JOIN runs ON id = run_id WHERE run = ? AND first_seq > ? ORDER BY first_seq').iterate(run, after)) {
          text += text === '' ? String(row.body) : EVENTS_BETWEEN + String(row.body);
          if (text.length > PAGE_CHARACTERS) return { text, last: Number(row.last_seq) };
        }
        return { text, last: null };
      });
    },

    runs(max: number): readonly { readonly run: string; readonly startedAt: number; readonly first: string; readonly last: string }[] {
      return read(() =>
        prepare(`SELECT run, started_at, (SELECT body FROM events WHERE run_id = id ORDER BY first_seq LIMIT 1) AS first,
          (SELECT body FROM events WHERE run_id = id ORDER BY first_seq DESC LIMIT 1) AS last FROM runs ORDER BY started_at DESC, id DESC LIMIT ?`)
          .all(max)
          .map((row) => ({ run: String(row.run), startedAt: Number(row.started_at), first: firstOf(String(row.first)), last: lastOf(String(row.last)) })));
    },
  };
}

function effectCalls({ prepare, change, read, mustHold }: Connection) {
  return {
    effect(key: string): { readonly state: 'done' | 'intended'; readonly json: string } | undefined {
      return read(() => {
        const row = prepare('SELECT intent, result FROM effects WHERE key = ?').get(key);
        if (row === undefined) return undefined;
        return typeof row.result === 'string' ? { state: 'done', json: row.result } : { state: 'intended', json: String(row.intent) };
      });
    },

    intend(epoch: number, effect: { readonly key: string; readonly run: string; readonly intent: string }): void {
      change('FULL', () => {
        mustHold(epoch);
        const known = prepare('SELECT result FROM effects WHERE key = ?').get(effect.key);
        if (known !== undefined) throw new StoreFailed('misuse', `The effect ${effect.key} was ${known.result === null ? 'begun' : 'done'} already; it must not be begun twice.`);
        prepare('INSERT INTO effects VALUES (?, ?, ?, ?, NULL, ?)').run(effect.key, effect.run, epoch, effect.intent, Date.now());
      });
    },

    finishEffect(epoch: number, key: string, result: string): void {
      change('FULL', () => {
        mustHold(epoch);
        const { changes } = prepare('UPDATE effects SET result = ?, at = ? WHERE key = ? AND result IS NULL').run(result, Date.now(), key);
        if (Number(changes) !== 1) throw new StoreFailed('misuse', `The effect ${key} cannot be finished: it was never begun, or is done already.`);
      });
    },
  };
}

function proofCalls({ prepare, change, read, mustHold }: Connection) {
  return {
    lastReceipt(): string | undefined {
      return read(() => {
        const row = prepare('SELECT body FROM receipts ORDER BY n DESC LIMIT 1').get();
        return row === undefined ? undefined : String(row.body);
      });
    },

    appendReceipt(epoch: number, receipt: { readonly hash: string; readonly previous: string | null; readonly run: string; readonly body: string }): void {
      change('FULL', () => {
        mustHold(epoch);
        const last = prepare('SELECT hash FROM receipts ORDER BY n DESC LIMIT 1').get()?.hash ?? null;
        if (last !== receipt.previous) throw new StoreFailed('misuse', `Receipt ${receipt.hash.slice(0, 12)} does not follow the newest one (${String(last).slice(0, 12)}); the chain stays as it is.`);
        prepare('INSERT INTO receipts (hash, run, body) VALUES (?, ?, ?)').run(receipt.hash, receipt.run, receipt.body);
      });
    },

    putBlob(bytes: Uint8Array): string {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      change('NORMAL', () => prepare('INSERT OR IGNORE INTO blobs VALUES (?, ?)').run(sha256, bytes));
      return sha256;
    },

    getBlob(sha256: string): Uint8Array | undefined {
      return read(() => {
        const bytes = prepare('SELECT bytes FROM blobs WHERE sha256 = ?').get(sha256)?.bytes;
        return bytes instanceof Uint8Array ? bytes : undefined;
      });
    },
  };
}

function appendChunk(prepare: Connection['prepare'], chunk: Chunk): void {
  prepare('INSERT OR IGNORE INTO runs (run, started_at) VALUES (?, ?)').run(chunk.run, chunk.startedAt);
  const id = prepare('SELECT id FROM runs WHERE run = ?').get(chunk.run)?.id ?? null;
  const last = Number(prepare('SELECT last_seq AS seq FROM events WHERE run_id = ? ORDER BY first_seq DESC LIMIT 1').get(id)?.seq ?? 0);
  if (chunk.firstSeq !== last + 1) {
    throw new StoreFailed('misuse', `Run ${chunk.run} has ${last} events in the store; number ${chunk.firstSeq} cannot follow. Nothing was written.`);
  }
  prepare('INSERT INTO events VALUES (?, ?, ?, ?)').run(id, chunk.firstSeq, chunk.lastSeq, chunk.body);
}

/** undefined: whoever took the lease has died. */
function livingHolder(row: Readonly<Record<string, unknown>>): Holder | undefined {
  const holder = { pid: Number(row.pid), run: String(row.run), host: String(row.host) };
  if (row.pid_space !== pidSpace()) return Date.now() - Number(row.renewed_at) < RENEWED_LATEST_MS ? { ...holder, elsewhere: true } : undefined;
  const life = lifeOf(holder.pid);
  const isSame = life.kind === 'alive' && (life.started === row.started || life.started === '' || row.started === '');
  return isSame ? { ...holder, elsewhere: false } : undefined;
}
