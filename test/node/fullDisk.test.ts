import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { renderOutcome } from '../../src/cli/summary.ts';
import { type Crew, createCrew, type Ended, type Workflow } from '../../src/core/crew.ts';
import type { TextFile } from '../../src/core/domain/patch.ts';
import { RunSettings } from '../../src/core/domain/settings.ts';
import { StoreFailed } from '../../src/core/run/storeErrors.ts';
import { readFile } from '../../src/core/tools/files/readFile.ts';
import { applyPatch } from '../../src/core/workflows/apply.ts';
import { createNodeHost } from '../../src/node/host.ts';
import { tempFolder } from '../support/tempFolder.ts';
import { never } from './support.ts';

const DISK_BYTES = 3 * 1024 * 1024;
const OLD = { 'a.txt': 'a'.repeat(40_000), 'b.txt': 'short' } as const;
/** The second needs more room than a full disk has. */
const NEW = { 'a.txt': "the crew's", 'b.txt': 'b'.repeat(500_000) } as const;

const canMount = tryMount();
if (!canMount) console.log('    A tmpfs cannot be mounted here (that needs root), so nothing was tried on a disk that is really full.');

function tryMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  using folder = tempFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', folder.path], { stdio: 'ignore' });
    execFileSync('umount', [folder.path], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

interface Place extends Disposable {
  /** Of a disk that holds 3 MB. */
  readonly disk: string;
  /** Of one with room. */
  readonly roomy: string;
  fill(leave?: number): void;
  free(): void;
}

function place(): Place {
  const folder = tempFolder();
  const [disk, roomy] = [join(folder.path, 'disk'), join(folder.path, 'roomy')];
  mkdirSync(disk);
  mkdirSync(roomy);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'none', disk]);
  const filler = join(disk, 'filler');
  return {
    disk, roomy,
    fill(leave = 0) {
      const { bavail, bsize } = statfsSync(disk);
      const handle = openSync(filler, 'a');
      writeSync(handle, Buffer.alloc(Math.max(0, bavail * bsize - leave)));
      closeSync(handle);
    },
    free: () => rmSync(filler),
    [Symbol.dispose]() {
      execFileSync('umount', ['-l', disk]);
      folder[Symbol.dispose]();
    },
  };
}

interface Rig extends AsyncDisposable {
  readonly crew: Crew;
  start(): Promise<Ended>;
  run(): string;
  read(file: string): string;
}

/** A crew that only writes NEW over OLD. `before`: when the files were read; `afterFirst`: when the first one stands and the second is to come. */
async function rig({ root, state, before, afterFirst }: { readonly root: string; readonly state: string; readonly before?: () => void; readonly afterFirst?: () => void }): Promise<Rig> {
  mkdirSync(join(root, 'src'), { recursive: true });
  for (const [name, text] of Object.entries(OLD)) writeFileSync(join(root, 'src', name), text);
  const host = await createNodeHost({ cwd: root, model: 'none', hosts: ['http://127.0.0.1:1'], env: { ...process.env, XDG_STATE_HOME: state }, prompt: async () => 'once' });
  const write: Workflow = async (context, signal) => {
    const base = new Map<string, TextFile>();
    for (const name of Object.keys(OLD)) base.set(`src/${name}`, (await context.tools('coder').call(readFile, readFile.input.parse({ path: `src/${name}` }), signal)).file);
    before?.();
    context.allowWrites(['**']);
    const edits = Object.entries(NEW).map(([name, text]) => ({ path: `src/${name}`, text, baseSha256: base.get(`src/${name}`)?.sha256 ?? null }));
    const { store } = context.applying;
    const finishEffect: typeof store.finishEffect = async (epoch, key, result) => {
      await store.finishEffect(epoch, key, result);
      if (key.endsWith('a.txt')) afterFirst?.();
    };
    const { kind } = await applyPatch({ ...context.applying, store: { ...store, finishEffect } }, { edits }, base, signal);
    if (kind === 'applied') context.emit('patch.applied', { paths: edits.map(({ path }) => path), patch: 'both' });
    return { kind: kind === 'applied' ? 'fixed' : 'conflict', reason: '', candidate: undefined, applied: kind === 'applied', receipt: undefined };
  };
  const crew = createCrew({ ...host.ports, confirm: async () => 'nobody' }, { fix: write, review: write });
  let run = '';
  return {
    crew,
    start: async () => await crew.start({ command: 'fix', words: 'x', test: null, file: null, line: null, paths: [] }, RunSettings.parse({ approve: 'ask', apply: 'yes' }), (event) => {
      run = event.run;
    }, never),
    run: () => run,
    read: (file) => readFileSync(join(root, 'src', file), 'utf8'),
    [Symbol.asyncDispose]: async () => await host[Symbol.asyncDispose](),
  };
}

function checkOld({ read }: Rig): void {
  for (const [name, text] of Object.entries(OLD)) assert.ok(read(name) === text, name);
}

const STYLE = { strong: (text: string) => text, good: (text: string) => text, bad: (text: string) => text, dim: (text: string) => text };
const told = ({ outcome, run }: Ended): string => renderOutcome(outcome, run, STYLE);

if (canMount) {
  describe('a full disk', () => {
    it('that takes the first of two files and not the second has neither, and the run says so', async () => {
      using where = place();
      await using made = await rig({ root: join(where.disk, 'ws'), state: where.roomy, before: () => where.fill(60_000) });
      const ended = await made.start();
      assert.deepEqual([ended.outcome.kind, ended.outcome.applied], ['error', false]);
      assert.match(ended.outcome.reason, /^src\/b\.txt could not be changed: the disk or your quota is full; free some space and try again \(ENOSPC\)/);
      assert.match(told(ended), /Nothing was changed\./);
      checkOld(made);
      assert.deepEqual(readdirSync(join(where.disk, 'ws/src')), ['a.txt', 'b.txt'], 'no temporary file is left');
    });

    it('on which the first file cannot be put back either is told of, with what stands and how to go on, and undo puts it back', async () => {
      using where = place();
      await using made = await rig({ root: join(where.disk, 'ws'), state: where.roomy, afterFirst: () => where.fill() });
      const ended = await made.start();
      assert.equal(made.read('a.txt'), NEW['a.txt']);
      assert.deepEqual([ended.outcome.kind, ended.outcome.applied], ['error', true]);
      assert.match(ended.outcome.reason, /src\/b\.txt could not be changed.*Of the change before that, src\/a\.txt could not be put back \(.*full.*groundcrew undo run/s);
      assert.doesNotMatch(told(ended), /Nothing was changed/);
      assert.match(told(ended), /Part of its change is in your files\.[\s\S]*Undo +groundcrew undo/);

      await assert.rejects(made.crew.undo(ended.run, never), /^Error: Put back: nothing\. Not put back: src\/a\.txt \(.*full.*groundcrew undo/s);
      assert.equal(made.read('a.txt'), NEW['a.txt']);
      where.free();
      assert.deepEqual(await made.crew.undo(ended.run, never), { restored: ['src/a.txt'], conflicts: [] });
      checkOld(made);
    });

    it('keeps a run that would go on over half a change from doing so, and the run goes on when there is room', async () => {
      using where = place();
      let isFirst = true;
      await using made = await rig({ root: join(where.disk, 'ws'), state: where.roomy, afterFirst: () => {
        if (isFirst) where.fill();
        isFirst = false;
      } });
      const { run } = await made.start();
      await assert.rejects(made.crew.resume(run, () => undefined, never), /src\/a\.txt could not be put back/);
      assert.equal(made.read('a.txt'), NEW['a.txt']);
      where.free();
      assert.equal((await made.crew.resume(run, () => undefined, never)).outcome.kind, 'fixed');
      assert.deepEqual([made.read('a.txt'), made.read('b.txt').length], [NEW['a.txt'], NEW['b.txt'].length]);
    });

    it('under the run log ends the run before anything is written', async () => {
      using where = place();
      await using made = await rig({ root: join(where.roomy, 'ws'), state: where.disk, before: () => where.fill() });
      await assert.rejects(made.start(), (error) => error instanceof StoreFailed && error.kind === 'full' && /The disk with the run log .* is full .* Free some space, then go on with: groundcrew resume/.test(error.message));
      checkOld(made);
    });

    it('under the run log, when one file is written, has that file put back', async () => {
      using where = place();
      await using made = await rig({ root: join(where.roomy, 'ws'), state: where.disk, afterFirst: () => {
        if (!existsSync(join(where.disk, 'filler'))) where.fill();
      } });
      await assert.rejects(made.start(), (error) => error instanceof StoreFailed && error.kind === 'full');
      checkOld(made);
    });

    it('has no room for more than an undo gives back, and that is enough', async () => {
      using where = place();
      await using made = await rig({ root: join(where.disk, 'ws'), state: where.roomy });
      const ended = await made.start();
      assert.equal(ended.outcome.applied, true);
      where.fill(4_096);
      // The second is short, and the first then has the room that it gave.
      assert.deepEqual(await made.crew.undo(ended.run, never), { restored: ['src/b.txt', 'src/a.txt'], conflicts: [] });
      checkOld(made);
    });
  });
}
