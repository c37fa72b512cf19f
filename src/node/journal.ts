/** Decides how the store's calls become SQLite: synchronous, in one file, used by the store's worker thread alone. */
import { createHash } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { hostname } from 'node:os';
import { DatabaseSync } from 'node:sqlite';
import { StaleLease, StoreFailed, WorkspaceHeld } from '../core/run/storeErrors.ts';
import { storeFailure } from './journalErrors.ts';
import { lifeOf, pidSpace } from './processStart.ts';
import { EVENTS_BETWEEN } from './storeProtocol.ts';
import { migrate } from './storeSchema.ts';

/** Another process that writes is waited for so long. */
const BUSY_MS = 5_000;
/** A holder on another machine or in another container shows that it lives; its pid means nothing here. */
export const RENEW_MS = 30_000;
const RENEWED_LATEST_MS = 120_000;
/** One page of events, so that a long run is neither one huge string nor one long stop of the thread. */
const PAGE_CHARACTERS = 16_000_000;

/** Events of one run that follow each other, as JSON with EVENTS_BETWEEN: one string crosses threads far faster than a thousand objects. */
export interface Chunk {
  readonly run: string;
  readonly startedAt: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly body: string;
}

export type Journal = ReturnType<typeof openJournal>;

/** @throws StoreFailed naming the file and what to do; nothing is ever deleted. */
export function openJournal(file: string) {
  const db = open(file);
  const { newer } = guarded(file, () => {
    db.exec(`PRAGMA busy_timeout = ${BUSY_MS}; PRAGMA foreign_keys = ON`);
    return migrate(db, file);
  }, () => db.close());
  const statements = createStatements(db);
  let heldEpoch = 0;

  /** One transaction. FULL makes the commit, and all before it, survive a power cut; NORMAL a kill of the process. */
  function change<T>(sync: 'NORMAL' | 'FULL', work: () => T): T {
    if (newer !== null) {
      throw new StoreFailed('newer', `${file} was written by a newer Groundcrew (store version ${newer}). It can be read here, not written. Update Groundcrew and try again.`);
    }
    return guarded(file, () => {
      db.exec(`PRAGMA synchronous = ${sync}; BEGIN IMMEDIATE`);
      try {
        const result = work();
        db.exec('COMMIT');
        return result;
      } catch (error) {
        rollback(db);
        throw error;
      }
    });
  }

  function mustHold(epoch: number): void {
    const row = statements('SELECT epoch, held FROM lease').get();
    if (row?.epoch !== epoch || row.held !== 1) throw new StaleLease(epoch, Number(row?.epoch ?? 0));
  }

  return {
    lease(owner: { readonly pid: number; readonly run: string }): number {
      return change('FULL', () => {
        const held = statements('SELECT * FROM lease WHERE held = 1').get();
        if (held !== undefined) refuseIfAlive(held);
        const life = lifeOf(owner.pid);
        const epoch = Number(statements('SELECT epoch FROM lease').get()?.epoch ?? 0) + 1;
        statements('INSERT OR REPLACE INTO lease VALUES (1, ?, 1, ?, ?, ?, ?, ?, ?)').run(epoch, owner.pid, life.kind === 'alive' ? life.started : '', pidSpace(), hostname(), owner.run, Date.now());
        heldEpoch = epoch;
        return epoch;
      });
    },

    renew(): void {
      if (heldEpoch > 0) change('NORMAL', () => statements('UPDATE lease SET renewed_at = ? WHERE epoch = ?').run(Date.now(), heldEpoch));
    },

    release(epoch: number): void {
      if (heldEpoch === epoch) heldEpoch = 0;
      change('FULL', () => statements('UPDATE lease SET held = 0 WHERE epoch = ?').run(epoch));
    },

    append(epoch: number, chunks: readonly Chunk[], durable: boolean): void {
      change(durable ? 'FULL' : 'NORMAL', () => {
        mustHold(epoch);
        for (const chunk of chunks) appendChunk(statements, chunk);
        // A commit that changed nothing is not synced; this makes it one that did.
        if (durable) statements('UPDATE commits SET n = n + 1').run();
      });
    },

    read(run: string, after: number): { readonly text: string; readonly last: number | null } {
      return guarded(file, () => {
        let text = '';
        for (const row of statements('SELECT last_seq, body FROM events JOIN runs ON id = run_id WHERE run = ? AND first_seq > ? ORDER BY first_seq').iterate(run, after)) {
          text += text === '' ? String(row.body) : EVENTS_BETWEEN + String(row.body);
          if (text.length > PAGE_CHARACTERS) return { text, last: Number(row.last_seq) };
        }
        return { text, last: null };
      });
    },

    runs(max: number): readonly { readonly run: string; readonly startedAt: number; readonly first: string; readonly last: string }[] {
      return guarded(file, () =>
        statements(`SELECT run, started_at, (SELECT body FROM events WHERE run_id = id ORDER BY first_seq LIMIT 1) AS first,
          (SELECT body FROM events WHERE run_id = id ORDER BY first_seq DESC LIMIT 1) AS last FROM runs ORDER BY started_at DESC, id DESC LIMIT ?`)
          .all(max)
          .map((row) => ({ run: String(row.run), startedAt: Number(row.started_at), first: firstOf(String(row.first)), last: lastOf(String(row.last)) })));
    },

    effect(key: string): { readonly state: 'done' | 'intended'; readonly json: string } | undefined {
      return guarded(file, () => {
        const row = statements('SELECT intent, result FROM effects WHERE key = ?').get(key);
        if (row === undefined) return undefined;
        return typeof row.result === 'string' ? { state: 'done', json: row.result } : { state: 'intended', json: String(row.intent) };
      });
    },

    intend(epoch: number, effect: { readonly key: string; readonly run: string; readonly intent: string }): void {
      change('FULL', () => {
        mustHold(epoch);
        const known = statements('SELECT result FROM effects WHERE key = ?').get(effect.key);
        if (known !== undefined) throw new StoreFailed('misuse', `The effect ${effect.key} was ${known.result === null ? 'begun' : 'done'} already; it must not be begun twice.`);
        statements('INSERT INTO effects VALUES (?, ?, ?, ?, NULL, ?)').run(effect.key, effect.run, epoch, effect.intent, Date.now());
      });
    },

    finishEffect(epoch: number, key: string, result: string): void {
      change('FULL', () => {
        mustHold(epoch);
        const { changes } = statements('UPDATE effects SET result = ?, at = ? WHERE key = ? AND result IS NULL').run(result, Date.now(), key);
        if (Number(changes) !== 1) throw new StoreFailed('misuse', `The effect ${key} cannot be finished: it was never begun, or is done already.`);
      });
    },

    lastReceipt(): string | undefined {
      return guarded(file, () => {
        const row = statements('SELECT body FROM receipts ORDER BY n DESC LIMIT 1').get();
        return row === undefined ? undefined : String(row.body);
      });
    },

    appendReceipt(epoch: number, receipt: { readonly hash: string; readonly previous: string | null; readonly run: string; readonly body: string }): void {
      change('FULL', () => {
        mustHold(epoch);
        const last = statements('SELECT hash FROM receipts ORDER BY n DESC LIMIT 1').get()?.hash ?? null;
        if (last !== receipt.previous) throw new StoreFailed('misuse', `Receipt ${receipt.hash.slice(0, 12)} does not follow the newest one (${String(last).slice(0, 12)}); the chain stays as it is.`);
        statements('INSERT INTO receipts (hash, run, body) VALUES (?, ?, ?)').run(receipt.hash, receipt.run, receipt.body);
      });
    },

    putBlob(bytes: Uint8Array): string {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      change('NORMAL', () => statements('INSERT OR IGNORE INTO blobs VALUES (?, ?)').run(sha256, bytes));
      return sha256;
    },

    getBlob(sha256: string): Uint8Array | undefined {
      return guarded(file, () => {
        const bytes = statements('SELECT bytes FROM blobs WHERE sha256 = ?').get(sha256)?.bytes;
        return bytes instanceof Uint8Array ? bytes : undefined;
      });
    },

    /** Gives the lease back, so that the process may live on without it. */
    close(): void {
      if (heldEpoch > 0) this.release(heldEpoch);
      guarded(file, () => db.close());
    },
  };
}

/** Readable for the user alone from the first byte. */
function open(file: string): DatabaseSync {
  return guarded(file, () => {
    closeSync(openSync(file, 'a', 0o600));
    return new DatabaseSync(file);
  });
}

/** Statements are compiled once each. */
function createStatements(db: DatabaseSync): (sql: string) => ReturnType<DatabaseSync['prepare']> {
  const known = new Map<string, ReturnType<DatabaseSync['prepare']>>();
  return (sql) => {
    const found = known.get(sql) ?? db.prepare(sql);
    known.set(sql, found);
    return found;
  };
}

function appendChunk(statements: (sql: string) => ReturnType<DatabaseSync['prepare']>, chunk: Chunk): void {
  statements('INSERT OR IGNORE INTO runs (run, started_at) VALUES (?, ?)').run(chunk.run, chunk.startedAt);
  const id = statements('SELECT id FROM runs WHERE run = ?').get(chunk.run)?.id ?? null;
  const last = Number(statements('SELECT last_seq AS seq FROM events WHERE run_id = ? ORDER BY first_seq DESC LIMIT 1').get(id)?.seq ?? 0);
  if (chunk.firstSeq !== last + 1) {
    throw new StoreFailed('misuse', `Run ${chunk.run} has ${last} events in the store; number ${chunk.firstSeq} cannot follow. Nothing was written.`);
  }
  statements('INSERT INTO events VALUES (?, ?, ?, ?)').run(id, chunk.firstSeq, chunk.lastSeq, chunk.body);
}

function firstOf(body: string): string {
  const end = body.indexOf(EVENTS_BETWEEN);
  return end === -1 ? body : body.slice(0, end);
}

function lastOf(body: string): string {
  const before = body.lastIndexOf(EVENTS_BETWEEN);
  return before === -1 ? body : body.slice(before + EVENTS_BETWEEN.length);
}

function refuseIfAlive(row: Readonly<Record<string, unknown>>): void {
  const holder = { pid: Number(row.pid), run: String(row.run), host: String(row.host) };
  if (row.pid_space !== pidSpace()) {
    if (Date.now() - Number(row.renewed_at) < RENEWED_LATEST_MS) throw new WorkspaceHeld({ ...holder, elsewhere: true });
    return;
  }
  const life = lifeOf(holder.pid);
  if (life.kind === 'alive' && (life.started === row.started || life.started === '' || row.started === '')) throw new WorkspaceHeld({ ...holder, elsewhere: false });
}

function rollback(db: DatabaseSync): void {
  try {
    db.exec('ROLLBACK');
  } catch {
    // SQLite has rolled back by itself, as it does on a full disk; the first error is the one that counts.
  }
}

function guarded<T>(file: string, work: () => T, onFailure: () => void = () => undefined): T {
  try {
    return work();
  } catch (error) {
    onFailure();
    throw storeFailure(file, error);
  }
}
