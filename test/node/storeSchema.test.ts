import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { MIGRATIONS, migrate } from '../../src/node/storeSchema.ts';

const next = 'ALTER TABLE runs ADD COLUMN title TEXT';

/** Brings an empty database to each list of steps in turn. */
function check(lists: readonly (readonly string[])[], script: (db: DatabaseSync, last: () => { readonly newer: number | null }) => void): void {
  const db = new DatabaseSync(':memory:');
  const [last = [], ...before] = lists.toReversed();
  for (const list of before.toReversed()) migrate(db, 'runs.sqlite', list);
  script(db, () => migrate(db, 'runs.sqlite', last));
  db.close();
}

const version = (db: DatabaseSync): unknown => db.prepare('PRAGMA user_version').get()?.user_version;

describe('migrate', () => {
  it('makes every table of an empty file', () => check([MIGRATIONS], (db, last) => {
    assert.deepEqual(last(), { newer: null });
    assert.deepEqual(db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all().map(({ name }) => name), ['blobs', 'commits', 'effects', 'events', 'lease', 'receipts', 'runs']);
  }));
  it('changes nothing the second time', () => check([MIGRATIONS, MIGRATIONS], (db, last) => {
    last();
    assert.equal(version(db), MIGRATIONS.length);
  }));
  it('raises an older file and keeps what it holds', () => check([MIGRATIONS, [...MIGRATIONS, next]], (db, last) => {
    db.exec("INSERT INTO runs VALUES (1, 'r', 5)");
    last();
    assert.deepEqual({ ...db.prepare('SELECT * FROM runs').get() }, { id: 1, run: 'r', started_at: 5, title: null });
    assert.equal(version(db), MIGRATIONS.length + 1);
  }));
  it('leaves the file as it was when a step fails half-way', () => check([MIGRATIONS, [...MIGRATIONS, `${next}; SELECT nonsense FROM nowhere`]], (db, last) => {
    assert.throws(last, /nowhere/);
    assert.equal(version(db), MIGRATIONS.length);
    assert.equal(db.prepare('PRAGMA table_info(runs)').all().some(({ name }) => name === 'title'), false);
  }));
  it('reports a newer file and leaves it', () => check([[...MIGRATIONS, next], MIGRATIONS], (db, last) => {
    assert.deepEqual(last(), { newer: MIGRATIONS.length + 1 });
    assert.equal(version(db), MIGRATIONS.length + 1);
  }));
});
