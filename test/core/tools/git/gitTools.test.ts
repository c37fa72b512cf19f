import assert from 'node:assert/strict';
import type { Git } from '../../../../src/core/ports.ts';
import { gitCommit } from '../../../../src/core/tools/git/commit.ts';
import { gitDiff } from '../../../../src/core/tools/git/diff.ts';
import { gitTools } from '../../../../src/core/tools/git/gitTools.ts';
import { gitLog } from '../../../../src/core/tools/git/log.ts';
import { gitShow } from '../../../../src/core/tools/git/show.ts';
import { gitStatus } from '../../../../src/core/tools/git/status.ts';
import type { ToolHost } from '../../../../src/core/tools/tool.ts';

const never = new AbortController().signal;
const hostWith = (git: Partial<Git>): ToolHost => ({ git }) as ToolHost; // only git is reached by these tools

describe('git tools', () => {
  it('are seven, of which two write, and none passes arguments through', () => {
    assert.deepEqual(gitTools.map(({ name, permission }) => `${name} ${permission}`), [
      'git_status git-read', 'git_diff git-read', 'git_log git-read', 'git_show git-read', 'git_blame git-read', 'git_commit git-write', 'git_branch git-write',
    ]);
  });

  it('label words of other people', () => {
    assert.deepEqual(gitTools.filter(({ label }) => label === 'X').map(({ name }) => name), ['git_log', 'git_show', 'git_blame']);
  });

  it('refuse options, ranges and ways out before git is asked', () => {
    for (const ref of ['--output=x', 'a..b', 'HEAD:x', '@{u}', '-p', 'a b', '']) assert.equal(gitShow.input.safeParse({ ref }).success, false, ref);
    for (const path of ['../x', '/x', '~x', ':!x', 'a/.git/config', 'a\\b', '']) assert.equal(gitDiff.input.safeParse({ path }).success, false, path);
    for (const ref of ['HEAD', 'HEAD~3', 'HEAD^^', 'v1.2.3', 'feature/a-b', 'abc123', 'a+b']) assert.equal(gitShow.input.safeParse({ ref }).success, true, ref);
    assert.equal(gitCommit.input.safeParse({ message: ' ', paths: ['a'] }).success, false);
    assert.equal(gitCommit.input.safeParse({ message: 'm', paths: [] }).success, false);
  });

  it('touch the paths that they name', () => {
    assert.deepEqual(gitDiff.touches({ path: 'a' }), { paths: ['a'] });
    assert.deepEqual(gitDiff.touches({}), {});
    assert.deepEqual(gitCommit.touches({ message: 'm', paths: ['a', 'b'] }), { paths: ['a', 'b'] });
  });

  it('show a status, and say when there is no work tree', async () => {
    const status = await gitStatus.run({}, hostWith({ status: async () => ({ branch: null, head: 'abc', changed: [{ path: 'a', state: 'modified' }], filtered: ['b.bin'] }) }), never);
    assert.equal(gitStatus.show(status), 'branch (detached) at abc\nmodified\ta\nfiltered, not compared\tb.bin');
    assert.equal(gitStatus.show(await gitStatus.run({}, hostWith({ status: async () => undefined }), never)), 'This folder is not in a git work tree.');
  });

  it('show a log and an empty one', async () => {
    const commits = await gitLog.run({ max: 1 }, hostWith({ log: async () => [{ id: 'a'.repeat(40), author: 'A', at: '2026-01-01', subject: 's' }] }), never);
    assert.equal(gitLog.show(commits), 'aaaaaaaaaaaa 2026-01-01 A: s');
    assert.equal(gitLog.show([]), 'No commits.');
    assert.equal(gitDiff.show(''), 'No difference.');
  });
});
