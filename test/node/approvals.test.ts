import assert from 'node:assert/strict';
import { chmod, copyFile, mkdir, mkdtemp, readFile, readdir, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApprovalRequest } from '../../src/core/ports.ts';
import { createApprovals } from '../../src/node/approvals.ts';

const DAY_MS = 24 * 60 * 60_000;
const digest = 'a'.repeat(64);
const other = 'b'.repeat(64);

describe('approvals', () => {
  let base: string;
  let folder: string;
  let now: number;
  const open = (where = folder, workspace = '/ws') => createApprovals({ folder: where, workspace, now: () => now });

  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), 'approvals-'));
    folder = join(base, 'state');
    now = 1_000 * DAY_MS;
  });
  afterEach(async () => await rm(base, { recursive: true, force: true }));

  it('are found again by another process of the same user, and only themselves', async () => {
    await open().store(digest, 'npm test');
    assert.deepEqual([await open().isStored(digest), await open().isStored(other)], [true, false]);
    assert.deepEqual(await open().list(), [{ digest, what: 'npm test', at: now }]);
  });

  it('lie with their key in files that only the user can read', async () => {
    await open().store(digest, 'x');
    for (const name of await readdir(folder)) assert.equal((await stat(join(folder, name))).mode & 0o777, 0o600, name);
    assert.deepEqual((await readdir(folder)).toSorted(), ['approvals.json', 'approvals.key']);
  });

  it('end after thirty days, and none is from the future', async () => {
    await open().store(digest, 'x');
    now += 30 * DAY_MS - 1;
    assert.equal(await open().isStored(digest), true);
    now += 1;
    assert.equal(await open().isStored(digest), false);
    now -= 31 * DAY_MS;
    assert.equal(await open().isStored(digest), false);
  });

  it('can be revoked, and an old copy of the file does not bring them back', async () => {
    await open().store(digest, 'x');
    await open().store(other, 'y');
    await copyFile(join(folder, 'approvals.json'), join(base, 'old.json'));
    await open().revoke(digest);
    assert.deepEqual([await open().isStored(digest), await open().isStored(other)], [false, true]);
    await rename(join(base, 'old.json'), join(folder, 'approvals.json'));
    assert.deepEqual([await open().isStored(digest), await open().isStored(other)], [false, false]);
  });

  /** After `change` of the stored file or key, nothing is approved and nothing throws. */
  function worthless(name: string, change: () => Promise<unknown>): void {
    it(`are worthless ${name}`, async () => {
      await open().store(digest, 'x');
      await change();
      assert.equal(await open().isStored(digest), false);
      assert.deepEqual(await open().list(), []);
    });
  }
  const edit = (from: string | RegExp, to: string) => async () => await writeFile(join(folder, 'approvals.json'), (await readFile(join(folder, 'approvals.json'), 'utf8')).replace(from, to));

  worthless('with another digest', edit(digest, other));
  worthless('with other words', edit('"x"', '"y"'));
  worthless('with a later date', edit(/"at": \d+/, `"at": ${1_000 * DAY_MS - 1}`));
  worthless('with a forged signature', edit(/"mac": "[0-9a-f]{64}"/, `"mac": "${'0'.repeat(64)}"`));
  worthless('without a signature', edit(/,\s*"mac": "[0-9a-f]{64}"/, ''));
  worthless('when the file is cut', edit(/\]\s*\}\s*$/, ''));
  worthless('when the file is no JSON', async () => await writeFile(join(folder, 'approvals.json'), 'yes'));
  worthless('when the file is huge', async () => await writeFile(join(folder, 'approvals.json'), ' '.repeat(2_000_000)));
  worthless('when the key is gone', async () => await rm(join(folder, 'approvals.key')));
  worthless('when others can read the key', async () => await chmod(join(folder, 'approvals.key'), 0o644));
  worthless('when others can write the file', async () => await chmod(join(folder, 'approvals.json'), 0o666));
  worthless('when the key is another', async () => await writeFile(join(folder, 'approvals.key'), Buffer.alloc(32)));
  worthless('when the key is a link', async () => {
    await rename(join(folder, 'approvals.key'), join(base, 'key'));
    await symlink(join(base, 'key'), join(folder, 'approvals.key'));
  });

  it('are worthless in another workspace, even with the key copied along', async () => {
    await open().store(digest, 'x');
    const copy = join(base, 'copy');
    await mkdir(copy);
    for (const name of await readdir(folder)) await copyFile(join(folder, name), join(copy, name));
    assert.equal(await open(copy, '/other').isStored(digest), false);
    assert.equal(await open(copy, '/ws').isStored(digest), true, 'only the workspace differs');
  });

  it('written by a program without the key are worthless', async () => {
    await mkdir(folder);
    await writeFile(join(folder, 'approvals.json'), JSON.stringify({ v: 1, entries: [{ digest, what: 'x', at: now, mac: 'f'.repeat(64) }] }), { mode: 0o600 });
    assert.equal(await open().isStored(digest), false);
    await open().store(other, 'y');
    assert.deepEqual([await open().isStored(digest), await open().isStored(other)], [false, true], 'and are not taken over');
  });

  it('say what to do when they cannot be kept', async () => {
    await writeFile(join(base, 'state'), 'a file where the folder should be');
    await assert.rejects(open().store(digest, 'x'));
  });

  it('are asked of the person that is there, or of nobody', async () => {
    const request: ApprovalRequest = { id: '1', role: 'coder', tool: 't', what: 'w', why: 'y', rule: 'r', digest, risk: 'low', rememberable: true };
    const signal = new AbortController().signal;
    assert.equal(await open().ask(request, signal), 'nobody');
    const answering = createApprovals({ folder, workspace: '/ws', now: () => now, prompt: async ({ rule }) => (rule === 'r' ? 'run' : 'refused') });
    assert.equal(await answering.ask(request, signal), 'run');
  });
});
