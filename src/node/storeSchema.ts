/** Decides the tables of the store, and how a file of an older version becomes one of this version. */
import type { DatabaseSync } from 'node:sqlite';
import { StoreFailed } from '../core/run/storeErrors.ts';

/** "GCRW": tells our file from any other SQLite database. */
const APPLICATION_ID = 0x47435257;

/**
 * Step n takes a file from version n to n + 1; version 0 is the empty file. A step that was released is never edited.
 * A row of events is what was appended at once: whole events as JSON, with EVENTS_BETWEEN them. One row per event would halve the rate
 * of appending and triple the time of reading (measured: 250,000 against 500,000 events a second on two busy cores).
 */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE runs (id INTEGER PRIMARY KEY, run TEXT NOT NULL UNIQUE, started_at INTEGER NOT NULL);
   CREATE TABLE events (run_id INTEGER NOT NULL REFERENCES runs (id), first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (run_id, first_seq));
   CREATE TABLE effects (key TEXT PRIMARY KEY, run TEXT NOT NULL, epoch INTEGER NOT NULL, intent TEXT NOT NULL, result TEXT, at INTEGER NOT NULL);
   CREATE TABLE receipts (n INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, run TEXT NOT NULL, body TEXT NOT NULL);
   CREATE TABLE lease (one INTEGER PRIMARY KEY CHECK (one = 1), epoch INTEGER NOT NULL, held INTEGER NOT NULL, pid INTEGER NOT NULL, started TEXT NOT NULL, pid_space TEXT NOT NULL, host TEXT NOT NULL, run TEXT NOT NULL, renewed_at INTEGER NOT NULL);
   CREATE TABLE blobs (sha256 TEXT PRIMARY KEY, bytes BLOB NOT NULL);
   CREATE TABLE commits (one INTEGER PRIMARY KEY CHECK (one = 1), n INTEGER NOT NULL);
   INSERT INTO commits VALUES (1, 0);`,
];

/**
 * Brings the file up to date, each step whole or not at all. Returns the version found when it is newer than ours: such a file is
 * only read.
 * @throws StoreFailed `corrupt` for another program's database, which is left as it is.
 */
export function migrate(db: DatabaseSync, file: string, migrations: readonly string[] = MIGRATIONS): { readonly newer: number | null } {
  const { application, version, tables } = look(db);
  if (application !== APPLICATION_ID && (application !== 0 || version !== 0 || tables !== 0)) {
    throw new StoreFailed('corrupt', `${file} is a database, but not one of Groundcrew's. Nothing in it was changed. Move it elsewhere and try again.`);
  }
  if (version > migrations.length) return { newer: version };
  db.exec('PRAGMA journal_mode = WAL');
  while (readPragma(db, 'user_version') < migrations.length) step(db, migrations);
  return { newer: null };
}

/** In one transaction, since another process may be making the tables right now. */
function look(db: DatabaseSync): { readonly application: number; readonly version: number; readonly tables: number } {
  db.exec('BEGIN');
  const found = {
    application: readPragma(db, 'application_id'),
    version: readPragma(db, 'user_version'),
    tables: Number(db.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.n ?? 0),
  };
  db.exec('COMMIT');
  return found;
}

function step(db: DatabaseSync, migrations: readonly string[]): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    const version = readPragma(db, 'user_version'); // read again: another process may have been first
    const migration = migrations[version];
    if (migration !== undefined) db.exec(`${migration}; PRAGMA user_version = ${version + 1}; PRAGMA application_id = ${APPLICATION_ID}`);
    db.exec('COMMIT');
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
}

function readPragma(db: DatabaseSync, name: 'application_id' | 'user_version'): number {
  return Number(db.prepare(`PRAGMA ${name}`).get()?.[name] ?? 0);
}
