/** Decides how one file is opened, read and changed: every change is a transaction, every error names the file and what to do. */
import { closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { StaleLease, StoreFailed } from '../core/run/storeErrors.ts';
import { storeFailure } from './journalErrors.ts';
import { migrate } from './storeSchema.ts';

/** Another process that writes is waited for so long. */
const BUSY_MS = 5_000;

export interface Connection {
  /** Compiled once for each text. */
  prepare(sql: string): ReturnType<DatabaseSync['prepare']>;
  /** One transaction. FULL makes the commit, and all before it, survive a power cut; NORMAL a kill of the process. */
  change<T>(sync: 'NORMAL' | 'FULL', work: () => T): T;
  read<T>(work: () => T): T;
  /** Within a change. @throws StaleLease unless `epoch` is the newest and still held. */
  mustHold(epoch: number): void;
  close(): void;
}

/** @throws StoreFailed; nothing is ever deleted. */
export function openConnection(file: string): Connection {
  const db = guarded(file, () => {
    closeSync(openSync(file, 'a', 0o600)); // readable for the user alone from the first byte
    return new DatabaseSync(file);
  });
  const { newer } = prepared(db, file);
  const statements = new Map<string, ReturnType<DatabaseSync['prepare']>>();

  function prepare(sql: string): ReturnType<DatabaseSync['prepare']> {
    const found = statements.get(sql) ?? db.prepare(sql);
    statements.set(sql, found);
    return found;
  }

  return {
    prepare,
    read: (work) => guarded(file, work),
    change(sync, work) {
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
    },
    mustHold(epoch) {
      const row = prepare('SELECT epoch, held FROM lease').get();
      if (row?.epoch !== epoch || row.held !== 1) throw new StaleLease(epoch, Number(row?.epoch ?? 0));
    },
    close: () => guarded(file, () => db.close()),
  };
}

function prepared(db: DatabaseSync, file: string): { readonly newer: number | null } {
  try {
    db.exec(`PRAGMA busy_timeout = ${BUSY_MS}; PRAGMA foreign_keys = ON`);
    return migrate(db, file);
  } catch (error) {
    db.close();
    throw storeFailure(file, error);
  }
}

function rollback(db: DatabaseSync): void {
  try {
    db.exec('ROLLBACK');
  } catch {
    // SQLite has rolled back by itself, as it does on a full disk; the first error is the one that counts.
  }
}

function guarded<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw storeFailure(file, error);
  }
}
