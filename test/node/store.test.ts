import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { RunEvent } from '../../src/core/domain/event.ts';
import type { Store } from '../../src/core/ports.ts';
import { createReceiptBook, makeReceipt } from '../../src/core/run/receipts.ts';
import { StaleLease, StoreFailed, WorkspaceHeld } from '../../src/core/run/storeErrors.ts';
import { foldRun } from '../../src/core/run/view.ts';
import { hashing } from '../../src/node/hashing.ts';
import { createIds } from '../../src/node/ids.ts';
import { openStore } from '../../src/node/store.ts';
import { recorder, sampleRun, sha } from '../support/sampleRun.ts';
import { tempFolder } from '../support/tempFolder.ts';

const owner = { pid: process.pid, run: 'run-sample' };
const childFile = fileURLToPath(new URL('../support/storeChild.ts', import.meta.url));

/** Gives the script a store in a folder of its own; both are gone afterwards. */
async function check(script: (store: Store, folder: string) => Promise<void>): Promise<void> {
  using folder = tempFolder();
  await using store = await openStore(folder.path);
  await script(store, folder.path);
}

function failsWith(kind: StoreFailed['kind'], message: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof StoreFailed, String(error));
    assert.equal(error.kind, kind);
    assert.match(error.message, message);
    return true;
  };
}

interface Child extends AsyncDisposable {
  readonly process: ChildProcess;
  line(): Promise<string>;
  killed(): Promise<void>;
}

/** A process with the store; `shell` wraps it, for limits that only a shell can set. */
function child(folder: string, mode: string, wrap: (argv: readonly string[]) => readonly string[] = (argv) => argv): Child {
  const [file = '', ...argv] = wrap([process.execPath, childFile, folder, mode]);
  const started = spawn(file, argv, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface(started.stdout)[Symbol.asyncIterator]();
  const gone = new Promise<void>((resolve) => started.on('close', () => resolve()));
  const killed = async (): Promise<void> => {
    started.kill('SIGKILL');
    await gone;
  };
  return { process: started, line: async () => (await lines.next()).value ?? '', killed, [Symbol.asyncDispose]: killed };
}

describe('store', () => {
  it('gives back what was appended, run by run', () => check(async (store) => {
    const lease = await store.lease(owner);
    const events = sampleRun('\ud800 \u0000 \u202e ,\n "');
    await store.append(lease.epoch, events.slice(0, 10), false);
    await store.append(lease.epoch, [...events.slice(10), { ...events[0], run: 'other' } as RunEvent], true); // a RunEvent with another run's name
    assert.deepEqual(await store.read('run-sample'), JSON.parse(JSON.stringify(events)));
    assert.equal((await store.read('other')).length, 1);
    assert.deepEqual(await store.read('none'), []);
  }));

  it('lists runs newest first, with the first and the last event of each', () => check(async (store) => {
    const { epoch } = await store.lease(owner);
    const events = sampleRun();
    await store.append(epoch, events, false);
    await store.append(epoch, events.slice(0, 3).map((event) => ({ ...event, run: 'run-later', at: event.at + 60_000 })), false);
    const rows = await store.runs(10);
    assert.deepEqual(rows.map(({ run, first, last }) => [run, first.type, last.seq]), [['run-later', 'run.started', 3], ['run-sample', 'run.started', events.length]]);
    assert.deepEqual((await store.runs(1)).length, 1);
  }));

  it('refuses events that do not follow, and writes none of them', () => check(async (store) => {
    const { epoch } = await store.lease(owner);
    const events = sampleRun();
    await store.append(epoch, events.slice(0, 2), false);
    await assert.rejects(store.append(epoch, events.slice(5), false), failsWith('misuse', /has 2 events in the store; number 6 cannot follow/));
    await assert.rejects(store.append(epoch, events.slice(1, 3), false), failsWith('misuse', /number 2 cannot follow/));
    assert.equal((await store.read('run-sample')).length, 2);
  }));

  it('reads a run that is longer than one page', () => check(async (store) => {
    const { epoch } = await store.lease(owner);
    const record = recorder();
    for (let i = 0; i < 40; i += 1) record.emit('degraded', { what: `${i} ${'x'.repeat(1_000_000)}` });
    for (const event of record.events) await store.append(epoch, [event], false);
    assert.deepEqual((await store.read('run-sample')).map(({ seq }) => seq), record.events.map(({ seq }) => seq));
  }));

  it('keeps effects: unknown, intended, done, and begins none twice', () => check(async (store) => {
    const { epoch } = await store.lease(owner);
    assert.equal(await store.effect('a'), undefined);
    await store.intend(epoch, 'a', 'r', { before: 1 });
    assert.deepEqual(await store.effect('a'), { state: 'intended', intent: { before: 1 } });
    await assert.rejects(store.intend(epoch, 'a', 'r', {}), failsWith('misuse', /was begun already/));
    await store.finishEffect(epoch, 'a', undefined);
    assert.deepEqual(await store.effect('a'), { state: 'done', result: null });
    await assert.rejects(store.intend(epoch, 'a', 'r', {}), failsWith('misuse', /was done already/));
    await assert.rejects(store.finishEffect(epoch, 'a', 1), failsWith('misuse', /done already/));
    await assert.rejects(store.finishEffect(epoch, 'b', 1), failsWith('misuse', /never begun/));
  }));

  it('chains receipts and takes none that does not follow', () => check(async (store) => {
    const { epoch } = await store.lease(owner);
    assert.equal(await store.lastReceipt(), undefined);
    const fields = { id: 'r1', previous: null, run: 'run-sample', tree: sha('t'), patch: null, argv: ['true'], cwd: '', environment: sha('e'), exit: 0, passed: true, log: sha('l'), confined: true, at: 1, durationMs: 1 };
    const first = makeReceipt(fields, hashing);
    await store.appendReceipt(epoch, first);
    assert.deepEqual(await store.lastReceipt(), first);
    await assert.rejects(store.appendReceipt(epoch, makeReceipt({ ...fields, id: 'r2' }, hashing)), failsWith('misuse', /does not follow the newest/));
    const book = createReceiptBook({ store, log: { run: 'run-sample', epoch, emit: () => undefined }, hashing, ids: createIds(), clock: { now: () => 9 } });
    const { id: _id, previous: _previous, run: _run, at: _at, ...proof } = fields;
    assert.equal((await book.record(proof)).previous, first.hash);
  }));

  it('keeps pre-images byte for byte under their own hash', () => check(async (store) => {
    const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => i % 256);
    const name = await store.putBlob(bytes);
    assert.equal(name, createHash('sha256').update(bytes).digest('hex'));
    assert.equal(await store.putBlob(bytes), name);
    assert.deepEqual(await store.getBlob(name), bytes);
    assert.deepEqual(await store.getBlob(await store.putBlob(new Uint8Array())), new Uint8Array());
    assert.equal(await store.getBlob(sha('nothing')), undefined);
  }));

  it('still has everything after it was closed and opened', async () => {
    using folder = tempFolder();
    {
      await using store = await openStore(folder.path);
      const { epoch } = await store.lease(owner);
      await store.append(epoch, sampleRun(), false);
    }
    await using store = await openStore(folder.path);
    assert.equal(foldRun(await store.read('run-sample')).outcome?.kind, 'fixed');
  });

  it('is readable for the user alone', () => check(async (_store, folder) => {
    assert.equal(statSync(path.join(folder, 'runs.sqlite')).mode & 0o077, 0);
  }));

  it('answers calls after its end with a clear error, and ends twice without harm', async () => {
    using folder = tempFolder();
    const store = await openStore(folder.path);
    await store[Symbol.asyncDispose]();
    await store[Symbol.asyncDispose]();
    await assert.rejects(store.read('x'), failsWith('closed', /is closed/));
  });
});

describe('lease', () => {
  it('is one at a time and says who holds it', () => check(async (store, folder) => {
    await store.lease(owner);
    await using second = await openStore(folder);
    await assert.rejects(second.lease({ pid: process.pid, run: 'run-2' }), (error) => {
      assert.ok(error instanceof WorkspaceHeld);
      assert.deepEqual([error.holder.pid, error.holder.run], [process.pid, 'run-sample']);
      assert.match(error.message, new RegExp(`Run run-sample \\(process ${process.pid} on .+\\) is at work`));
      return true;
    });
  }));

  it('is free again when given back, and its old epoch writes nothing', () => check(async (store) => {
    const first = await store.lease(owner);
    await first[Symbol.asyncDispose]();
    await assert.rejects(store.append(first.epoch, sampleRun(), false), StaleLease);
    const second = await store.lease(owner);
    assert.equal(second.epoch, first.epoch + 1);
    for (const write of [
      () => store.append(first.epoch, sampleRun(), false),
      () => store.intend(first.epoch, 'a', 'r', {}),
      () => store.finishEffect(first.epoch, 'a', {}),
      () => store.append(first.epoch + 7, sampleRun(), false),
    ]) await assert.rejects(write(), StaleLease);
    await store.append(second.epoch, sampleRun(), false);
  }));

  it('is given back when the store is closed', async () => {
    using folder = tempFolder();
    {
      await using store = await openStore(folder.path);
      await store.lease(owner);
    }
    await using store = await openStore(folder.path);
    assert.equal((await store.lease(owner)).epoch, 2);
  });

  it('is not taken from another process that lives, and is at once from one that was killed', async () => {
    using folder = tempFolder();
    await using other = child(folder.path, 'hold');
    assert.equal(await other.line(), 'held');
    await using store = await openStore(folder.path);
    await assert.rejects(store.lease(owner), (error) => error instanceof WorkspaceHeld && error.holder.pid === other.process.pid && error.message.includes(`kill -INT ${other.process.pid}`));
    await other.killed();
    assert.equal((await store.lease(owner)).epoch, 2);
  });

  it('goes to one of two processes that want it at the same moment', async () => {
    using folder = tempFolder();
    await using a = child(folder.path, 'hold');
    await using b = child(folder.path, 'hold');
    const said = (await Promise.all([a.line(), b.line()])).toSorted();
    assert.equal(said[1], 'held');
    assert.match(said[0] ?? '', /^WorkspaceHeld: Run run-child \(process \d+ on/);
  });

  for (const [what, sql, free] of [
    ['is taken over when its pid was given to another process since', "UPDATE lease SET started = 'long ago'", true],
    ['is not taken from another machine that was seen just now', "UPDATE lease SET pid_space = 'other machine', pid = 1", false],
    ['is taken from another machine that was not seen for two minutes', "UPDATE lease SET pid_space = 'other machine', renewed_at = renewed_at - 121000", true],
  ] as const) {
    it(what, () => check(async (store, folder) => {
      await store.lease(owner);
      const db = new DatabaseSync(path.join(folder, 'runs.sqlite'));
      db.exec(sql);
      db.close();
      if (free) assert.equal((await store.lease(owner)).epoch, 2);
      else await assert.rejects(store.lease(owner), (error) => error instanceof WorkspaceHeld && /if that machine died/.test(error.message));
    }));
  }
});

describe('store after a fault', () => {
  it('has every event that it called durable when its process was killed in mid-append', async () => {
    for (let round = 1; round <= 2; round += 1) {
      using own = tempFolder();
      await using writer = child(own.path, 'append');
      let stored = 0;
      while (stored < 300 * round) stored = Number(/stored (\d+)/.exec(await writer.line())?.[1] ?? stored);
      await writer.killed();
      await using store = await openStore(own.path);
      const events = await store.read('run-child');
      assert.ok(events.length >= stored, `${events.length} of ${stored}`);
      assert.deepEqual(events.map(({ seq }) => seq), events.map((_, i) => i + 1));
      const lease = await store.lease({ pid: process.pid, run: 'run-child' });
      const [last] = events.slice(-1);
      assert.ok(last !== undefined);
      await store.append(lease.epoch, [{ ...last, seq: last.seq + 1 }], true);
    }
  });

  it('knows an effect whose process was killed after the intent', async () => {
    using folder = tempFolder();
    await using other = child(folder.path, 'intend');
    assert.deepEqual([await other.line(), await other.line()], ['held', 'intended']);
    await other.killed();
    await using store = await openStore(folder.path);
    assert.deepEqual(await store.effect('effect'), { state: 'intended', intent: { before: 'x' } });
  });

  // A limit that only a POSIX shell can set.
  if (process.platform !== 'win32') it('says that the disk refuses more, keeps what was stored, and can be read', async () => {
    using folder = tempFolder();
    // A limit on file size stands for the full disk: the same write fails in the same place. Node ignores its signal.
    await using writer = child(folder.path, 'fill', (argv) => ['/bin/sh', '-c', 'ulimit -f 2048; exec "$@"', 'sh', ...argv]);
    let stored = 0;
    let line = await writer.line();
    for (; line.startsWith('stored') || line === 'held'; line = await writer.line()) stored = Number(/\d+/.exec(line)?.[0] ?? 0);
    assert.match(line, /^StoreFailed: The disk .*runs\.sqlite.*What was stored before is intact.*groundcrew resume$/);
    await writer.killed();
    await using store = await openStore(folder.path);
    assert.ok((await store.read('run-child')).length >= stored);
    assert.ok(stored > 0);
  });

  for (const [what, bytes] of [['text', Buffer.from('not a database at all, just some text that is long enough to be a header')], ['a cut header', Buffer.from('SQLite format 3\0')]] as const) {
    it(`names a file that holds ${what}, says what to do, and leaves it alone`, async () => {
      using folder = tempFolder();
      const file = path.join(folder.path, 'runs.sqlite');
      writeFileSync(file, bytes);
      await assert.rejects(openStore(folder.path), failsWith('corrupt', /runs\.sqlite is damaged.*Nothing was deleted.*mv '/));
      assert.deepEqual(readFileSync(file), bytes);
    });
  }

  it('says that pages in the middle are damaged, when they are read', async () => {
    using folder = tempFolder();
    const file = path.join(folder.path, 'runs.sqlite');
    {
      await using store = await openStore(folder.path);
      const { epoch } = await store.lease(owner);
      await store.append(epoch, sampleRun(), false);
    }
    const bytes = readFileSync(file);
    bytes.fill(0xa5, 4_096);
    writeFileSync(file, bytes);
    await assert.rejects(async () => {
      await using store = await openStore(folder.path);
      await store.read('run-sample');
    }, failsWith('corrupt', /runs\.sqlite/));
    assert.deepEqual(readFileSync(file).subarray(4_096, 4_196), bytes.subarray(4_096, 4_196));
  });

  it('does not take the database of another program', async () => {
    using folder = tempFolder();
    const file = path.join(folder.path, 'runs.sqlite');
    const db = new DatabaseSync(file);
    db.exec('CREATE TABLE songs (name TEXT)');
    db.close();
    const before = readFileSync(file);
    await assert.rejects(openStore(folder.path), failsWith('corrupt', /not one of Groundcrew's/));
    assert.deepEqual(readFileSync(file), before);
  });

  it('reads the file of a newer version and refuses to write it', async () => {
    using folder = tempFolder();
    {
      await using store = await openStore(folder.path);
      const { epoch } = await store.lease(owner);
      await store.append(epoch, sampleRun(), false);
    }
    const db = new DatabaseSync(path.join(folder.path, 'runs.sqlite'));
    db.exec('PRAGMA user_version = 99');
    db.close();
    await using store = await openStore(folder.path);
    assert.equal((await store.read('run-sample')).length, sampleRun().length);
    await assert.rejects(store.lease(owner), failsWith('newer', /newer Groundcrew \(store version 99\).*Update Groundcrew/));
    await assert.rejects(store.putBlob(new Uint8Array(1)), failsWith('newer', /read here, not written/));
  });

  it('says which events are missing', () => check(async (store, folder) => {
    const { epoch } = await store.lease(owner);
    const events = sampleRun();
    for (const event of events.slice(0, 4)) await store.append(epoch, [event], false);
    const db = new DatabaseSync(path.join(folder, 'runs.sqlite'));
    db.exec('DELETE FROM events WHERE first_seq = 3');
    db.close();
    await assert.rejects(store.read('run-sample'), failsWith('corrupt', /lacks event 3/));
  }));

  it('cannot be opened in a folder that is none, and says so', async () => {
    using folder = tempFolder();
    writeFileSync(path.join(folder.path, 'file'), '');
    await assert.rejects(openStore(path.join(folder.path, 'file')), failsWith('read-only', /cannot be opened.*XDG_STATE_HOME/));
    mkdirSync(path.join(folder.path, 'runs.sqlite'));
    await assert.rejects(openStore(folder.path), failsWith('read-only', /cannot be opened/));
  });

  it('says which Node it needs before it imports what an older one lacks', async () => {
    using folder = tempFolder();
    await assert.rejects(openStore(folder.path, '22.12.0'), failsWith('failed', /This is Node 22\.12\.0; Groundcrew needs 22\.13 or later/));
    assert.equal(existsSync(path.join(folder.path, 'runs.sqlite')), false);
  });
});

describe('store, bundled', () => {
  it('finds its worker beside the program, prints no warning, and lets the process end by itself', async () => {
    using folder = tempFolder();
    const source = path.join(import.meta.dirname, '..', '..', 'src', 'node');
    const program = path.join(folder.path, 'program.ts');
    writeFileSync(program, `import { openStore } from ${JSON.stringify(path.join(source, 'store.ts'))};
const store = await openStore(process.argv[2]);
const lease = await store.lease({ pid: process.pid, run: 'r' });
console.log(lease.epoch);`);
    await build({ entryPoints: [program, path.join(source, 'storeWorker.ts')], outdir: path.join(folder.path, 'dist'), entryNames: '[name]', bundle: true, platform: 'node', format: 'esm', logLevel: 'silent' });
    writeFileSync(path.join(folder.path, 'package.json'), '{"type":"module"}');
    const run = spawn(process.execPath, [path.join(folder.path, 'dist', 'program.js'), folder.path], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [run.stdout, run.stderr]) stream.on('data', (bytes: Buffer) => { said += bytes.toString(); });
    const code = await new Promise((resolve) => run.on('close', resolve));
    assert.deepEqual([said, code], ['1\n', 0]);
  });
});
