import assert from 'node:assert/strict';
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Git } from '../../src/core/ports.ts';
import { createGit } from '../../src/node/git.ts';
import { waitForIndexLock } from '../../src/node/gitLock.ts';
import { findIn, userPath } from '../../src/node/userPath.ts';
import { git, never, type Scratch, scratch } from './support.ts';

const program = findIn(userPath({ root: '/nowhere', env: process.env }), 'git');

interface Repository extends Scratch {
  readonly root: string;
  readonly git: Git;
}

/** A repository with one commit: a.txt and src/b.txt. HOME is a folder of its own with an identity. */
function repository(): Repository {
  const place = scratch();
  place.write({ 'home/.gitconfig': '[user]\nname = H\nemail = h@test\n', 'ws/a.txt': 'one\ntwo\n', 'ws/src/b.txt': 'b\n' });
  const root = join(place.folder, 'ws');
  git(root, 'init', '-q');
  git(root, 'add', '.');
  git(root, 'commit', '-qm', 'first');
  return { ...place, root, git: open(root, place.folder) };
}

const open = (root: string, folder: string): Git => createGit(root, { env: { PATH: process.env['PATH'], HOME: join(folder, 'home') }, program });

describe('git', () => {
  it('tells branch, commit and every kind of change', async () => {
    using place = repository();
    place.write({ 'ws/a.txt': 'one\n2\n', 'ws/new file.txt': 'n', 'ws/staged.txt': 's' });
    rmSync(join(place.root, 'src/b.txt'));
    git(place.root, 'add', 'staged.txt');
    const status = await place.git.status(never);
    assert.equal(status?.branch, 'main');
    assert.match(status?.head ?? '', /^[0-9a-f]{40}$/);
    assert.deepEqual([...(status?.changed ?? [])].sort((a, b) => (a.path < b.path ? -1 : 1)), [
      { path: 'a.txt', state: 'modified' },
      { path: 'new file.txt', state: 'untracked' },
      { path: 'src/b.txt', state: 'deleted' },
      { path: 'staged.txt', state: 'added' },
    ]);
  });

  it('tells renames and conflicts', async () => {
    using place = repository();
    git(place.root, 'checkout', '-qb', 'other');
    place.write({ 'ws/a.txt': 'other\n' });
    git(place.root, 'commit', '-qam', 'other');
    git(place.root, 'checkout', '-q', 'main');
    place.write({ 'ws/a.txt': 'mine\n' });
    git(place.root, 'commit', '-qam', 'mine');
    assert.throws(() => git(place.root, 'merge', '-q', 'other'));
    git(place.root, 'mv', 'src/b.txt', 'src/c d.txt');
    const changed = (await place.git.status(never))?.changed;
    assert.deepEqual([...(changed ?? [])].sort((a, b) => (a.path < b.path ? -1 : 1)), [{ path: 'a.txt', state: 'conflicted' }, { path: 'src/c d.txt', state: 'renamed' }]);
  });

  it('shows diff, log, commit, file of a commit, and blame', async () => {
    using place = repository();
    place.write({ 'ws/a.txt': 'one\n2\n' });
    assert.match(await place.git.diff({}, never), /^-two\n\+2$/m);
    assert.match(await place.git.diff({ ref: 'HEAD', path: 'a.txt' }, never), /^-two\n\+2$/m);
    assert.equal(await place.git.diff({ path: 'src/b.txt' }, never), '');
    git(place.root, 'commit', '-qam', 'second: "quoted"');
    assert.deepEqual((await place.git.log({ max: 5 }, never)).map(({ subject, author }) => ({ subject, author })), [{ subject: 'second: "quoted"', author: 'A' }, { subject: 'first', author: 'A' }]);
    assert.equal((await place.git.log({ max: 1, path: 'src/b.txt' }, never))[0]?.subject, 'first');
    assert.match(await place.git.show({ ref: 'HEAD' }, never), /second[\s\S]*\+2/);
    assert.equal(await place.git.show({ ref: 'HEAD~1', path: 'a.txt' }, never), 'one\ntwo\n');
    assert.match(await place.git.blame('a.txt', never), /^[0-9a-f]{12} \d{4}-\d\d-\d\d A 1\tone\n[0-9a-f]{12} \S+ A 2\t2$/);
  });

  it('commits only the named paths and leaves what else is staged', async () => {
    using place = repository();
    place.write({ 'ws/a.txt': 'one\n2\n', 'ws/other.txt': 'o', 'ws/new.txt': 'n' });
    git(place.root, 'add', 'other.txt');
    const { id } = await place.git.commit({ message: 'fix: a\n\nbody', paths: ['a.txt', 'new.txt'] }, never);
    assert.equal(git(place.root, 'rev-parse', 'HEAD').trim(), id);
    assert.deepEqual(git(place.root, 'show', '--name-only', '--format=%an %s', 'HEAD').trim().split('\n').filter((line) => line !== ''), ['H fix: a', 'a.txt', 'new.txt']);
    assert.deepEqual((await place.git.status(never))?.changed, [{ path: 'other.txt', state: 'added' }]);
  });

  it('makes a branch at the present commit without touching files', async () => {
    using place = repository();
    place.write({ 'ws/a.txt': 'dirty\n' });
    await place.git.branch('fix/a-1', never);
    assert.equal((await place.git.status(never))?.branch, 'fix/a-1');
    assert.equal(readFileSync(join(place.root, 'a.txt'), 'utf8'), 'dirty\n');
    await assert.rejects(place.git.branch('fix/a-1', never), /already exists/);
  });

  it('has no status outside a work tree, in a bare repository, and without git', async () => {
    using place = scratch();
    place.write({ 'plain/a': '', 'home/x': '' });
    git(place.folder, 'init', '-q', '--bare', 'bare');
    assert.equal(await open(join(place.folder, 'plain'), place.folder).status(never), undefined);
    assert.equal(await open(join(place.folder, 'bare'), place.folder).status(never), undefined);
    const without = createGit(place.folder, { env: {}, program: undefined });
    assert.equal(await without.status(never), undefined);
    await assert.rejects(without.log({ max: 1 }, never), /git is not installed/);
  });

  it('gives null for what a detached head or a repository without commits lacks', async () => {
    using place = repository();
    git(place.root, 'checkout', '-q', '--detach');
    const detached = await place.git.status(never);
    assert.equal(detached?.branch, null);
    assert.notEqual(detached?.head, null);
    git(place.folder, 'init', '-q', 'empty');
    const empty = open(join(place.folder, 'empty'), place.folder);
    assert.deepEqual(await empty.status(never), { branch: 'main', head: null, changed: [], filtered: [] });
    assert.deepEqual(await empty.log({ max: 3 }, never), []);
    assert.equal(await empty.diff({}, never), '');
  });

  it('names paths relative to a workspace that is a folder of its repository', async () => {
    using place = repository();
    place.write({ 'ws/src/b.txt': 'changed\n', 'ws/a.txt': 'outside\n' });
    const inner = open(join(place.root, 'src'), place.folder);
    assert.deepEqual((await inner.status(never))?.changed, [{ path: 'b.txt', state: 'modified' }]);
    assert.doesNotMatch(await inner.diff({}, never), /outside/);
    assert.equal(await inner.show({ ref: 'HEAD', path: 'b.txt' }, never), 'b\n');
  });

  it('marks paths behind a filter and refuses to commit them', async () => {
    using place = repository();
    place.write({ 'ws/.gitattributes': '*.bin filter=lfs diff=lfs\n', 'ws/x.bin': 'raw' });
    const status = await place.git.status(never);
    assert.deepEqual(status?.filtered, ['x.bin']);
    assert.deepEqual(status?.changed, [{ path: '.gitattributes', state: 'untracked' }]);
    await assert.rejects(place.git.commit({ message: 'm', paths: ['x.bin'] }, never), /through a filter \(LFS\)/);
  });

  it('does not look into submodules', async () => {
    using place = repository();
    git(place.root, 'init', '-q', 'sub');
    place.write({ 'ws/sub/s.txt': 's' });
    git(join(place.root, 'sub'), 'add', '.');
    git(join(place.root, 'sub'), 'commit', '-qm', 's');
    git(place.root, '-c', 'advice.addEmbeddedRepo=false', 'add', 'sub');
    git(place.root, 'commit', '-qm', 'sub');
    place.write({ 'ws/sub/s.txt': 'changed', 'pwn.sh': `#!/bin/sh\ntouch ${place.folder}/MARK\n` });
    chmodSync(join(place.folder, 'pwn.sh'), 0o755);
    git(join(place.root, 'sub'), 'config', 'core.fsmonitor', join(place.folder, 'pwn.sh'));
    assert.deepEqual((await place.git.status(never))?.changed, []);
    assert.equal(await place.git.diff({}, never), '');
    assert.equal(existsSync(join(place.folder, 'MARK')), false);
  });
});

describe('git with a hostile repository', () => {
  /** Each makes plain git run its script on some command that the tools offer. `attributes` end up in one file. */
  const traps: Readonly<Record<string, (root: string, script: string, attributes: string[]) => void>> = {
    fsmonitor: (root, script) => git(root, 'config', 'core.fsmonitor', script),
    filter: (root, script, attributes) => {
      attributes.push('*.bin filter=x.y');
      for (const key of ['clean', 'smudge', 'process']) git(root, 'config', `filter.x.y.${key}`, script);
      git(root, 'config', 'filter.x.y.required', 'true');
    },
    textconv: (root, script, attributes) => {
      attributes.push('*.txt diff=x');
      git(root, 'config', 'diff.x.textconv', script);
    },
    'driver command': (root, script, attributes) => {
      attributes.push('*.js diff=z');
      git(root, 'config', 'diff.z.command', script);
    },
    'external diff': (root, script) => git(root, 'config', 'diff.external', script),
    pager: (root, script) => {
      for (const key of ['core.pager', 'pager.log', 'pager.diff', 'pager.show', 'pager.blame', 'pager.status']) git(root, 'config', key, script);
    },
    'ssh and remote': (root, script) => {
      git(root, 'config', 'core.sshCommand', script);
      git(root, 'config', 'remote.origin.url', 'ssh://evil.test/x');
      git(root, 'config', 'remote.origin.promisor', 'true');
      git(root, 'config', 'extensions.partialClone', 'origin');
    },
    signatures: (root, script) => {
      git(root, 'config', 'gpg.program', script);
      git(root, 'config', 'commit.gpgSign', 'true');
      git(root, 'config', 'log.showSignature', 'true');
      git(root, 'config', 'format.pretty', '%G? %H');
    },
    editor: (root, script) => git(root, 'config', 'core.editor', script),
    included: (root, script, attributes) => {
      attributes.push('*.dat filter=z');
      writeFileSync(join(root, '.git/more'), `[filter "z"]\n\tclean = ${script}\n`);
      git(root, 'config', 'include.path', 'more');
    },
    hooks: (root, script) => {
      for (const name of ['pre-commit', 'commit-msg', 'prepare-commit-msg', 'post-commit', 'post-checkout', 'post-index-change', 'reference-transaction', 'pre-auto-gc']) {
        writeFileSync(join(root, '.git/hooks', name), readFileSync(script));
        chmodSync(join(root, '.git/hooks', name), 0o755);
      }
    },
    hooksPath: (root, script) => {
      writeFileSync(join(root, '../post-commit'), readFileSync(script));
      chmodSync(join(root, '../post-commit'), 0o755);
      git(root, 'config', 'core.hooksPath', join(root, '..'));
    },
  };

  /** Sets the named traps, then calls every tool; gives the names of those that ran. */
  async function sprung(names: readonly string[]): Promise<readonly string[]> {
    using place = repository();
    const { root } = place;
    place.write({ 'ws/x.bin': '1', 'ws/x.dat': '1', 'ws/x.js': '1', 'marks/none': '' });
    git(root, 'add', '.');
    git(root, 'commit', '-qm', 'more');
    const attributes: string[] = [];
    for (const name of names) {
      const script = join(place.folder, `${name}.sh`);
      writeFileSync(script, `#!/bin/sh\ntouch "${place.folder}/marks/${name}"\ncat "$1" 2>/dev/null\n`);
      chmodSync(script, 0o755);
      traps[name]?.(root, script, attributes);
    }
    place.write({ 'ws/.gitattributes': `${attributes.join('\n')}\n`, 'ws/a.txt': 'one\n2\n', 'ws/x.bin': '2', 'ws/x.dat': '2', 'ws/x.js': '2' });
    for (const mark of readdirSync(join(place.folder, 'marks'))) rmSync(join(place.folder, 'marks', mark));
    const reads = [place.git.status(never), place.git.diff({}, never), place.git.diff({ ref: 'HEAD~1' }, never), place.git.log({ max: 5 }, never), place.git.show({ ref: 'HEAD' }, never), place.git.show({ ref: 'HEAD', path: 'a.txt' }, never), place.git.blame('a.txt', never)];
    await Promise.all(reads);
    await place.git.commit({ message: 'm', paths: ['a.txt', 'x.js'] }, never);
    await place.git.branch('b', never);
    return readdirSync(join(place.folder, 'marks'));
  }

  it('runs nothing of drivers, monitors, pagers, editors, remotes, signatures and included files', async () => {
    assert.deepEqual(await sprung(Object.keys(traps).filter((name) => !name.startsWith('hooks'))), []);
  });

  for (const name of ['hooks', 'hooksPath']) {
    it(`runs nothing of ${name}`, async () => assert.deepEqual(await sprung([name]), []));
  }

  it('is a trap for plain git (the traps above do work)', () => {
    using place = repository();
    const mark = join(place.folder, 'MARK');
    const script = join(place.folder, 'pwn.sh');
    writeFileSync(script, `#!/bin/sh\ntouch ${mark}\n`);
    chmodSync(script, 0o755);
    traps['external diff']?.(place.root, script, []);
    place.write({ 'ws/a.txt': 'x\n' });
    git(place.root, 'diff');
    assert.equal(existsSync(mark), true);
  });

  it('refuses a filter whose name cannot be switched off', async () => {
    using place = repository();
    writeFileSync(join(place.root, '.git/config'), `${readFileSync(join(place.root, '.git/config'), 'utf8')}[filter "a=b"]\n\tclean = false\n`);
    await assert.rejects(place.git.status(never), /filter named "a=b", which cannot be switched off/);
  });

  it('is not led elsewhere by variables of the environment', async () => {
    using place = repository();
    using other = repository();
    const led = createGit(place.root, { env: { PATH: process.env['PATH'], HOME: place.folder, GIT_DIR: join(other.root, '.git'), GIT_EXTERNAL_DIFF: '/bin/false' }, program });
    process.env['GIT_DIR'] = join(other.root, '.git');
    try {
      place.write({ 'ws/a.txt': 'mine\n' });
      assert.deepEqual((await led.status(never))?.changed, [{ path: 'a.txt', state: 'modified' }]);
    } finally {
      delete process.env['GIT_DIR'];
    }
  });

  for (const ref of ['--output=/tmp/x', '-p', '', 'HEAD:a.txt', 'a..b', 'HEAD@{1}', 'a b', '$(touch x)', 'x;y', ':/first', 'a\0b', '.lock', 'x.lock', '^HEAD']) {
    it(`refuses the ref ${JSON.stringify(ref)}`, async () => {
      const unused = open('/nowhere', '/nowhere');
      await assert.rejects(unused.diff({ ref }, never), RangeError);
      await assert.rejects(unused.show({ ref }, never), RangeError);
      await assert.rejects(unused.branch(ref, never), RangeError);
    });
  }

  for (const path of ['../x', '/etc/passwd', '~/x', ':(top)a.txt', 'a/../../x', '.git/config', '.GIT/config', '', 'a\0', 'C:\\x', './a']) {
    it(`refuses the path ${JSON.stringify(path)}`, async () => {
      const unused = open('/nowhere', '/nowhere');
      await assert.rejects(unused.diff({ path }, never), RangeError);
      await assert.rejects(unused.blame(path, never), RangeError);
      await assert.rejects(unused.commit({ message: 'm', paths: [path] }, never), RangeError);
    });
  }

  it('takes a path literally, not as a pattern', async () => {
    using place = repository();
    place.write({ 'ws/a.txt': 'x\n' });
    assert.equal(await place.git.diff({ path: '*.txt' }, never), '');
  });
});

describe('index.lock', () => {
  it('is waited for, then told with the process that holds it', async () => {
    using place = scratch();
    place.write({ 'index.lock': '' });
    await assert.rejects(waitForIndexLock(place.folder, never, 60), /index\.lock has been there for 0\.06 s\. No process/);
    const held = (await import('node:fs/promises')).open(join(place.folder, 'index.lock'));
    await assert.rejects(waitForIndexLock(place.folder, never, 60), new RegExp(`Process ${process.pid} holds it`));
    await (await held).close();
    const freed = waitForIndexLock(place.folder, never, 5_000);
    rmSync(join(place.folder, 'index.lock'));
    await freed;
  });
});
