import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { classifyCommand, hiddenFrom } from '../../src/core/tools/commandClass.ts';
import { READERS } from '../../src/core/tools/commandReaders.ts';
import { classifyScript } from '../../src/core/tools/scriptClass.ts';
import { fuzzing, fuzzTimeout } from '../support/fuzzing.ts';
import { tempFolder } from '../support/tempFolder.ts';

/** Words with which programs write, run others or read elsewhere, beside harmless ones. */
const WORDS = [
  'a.txt', 'src', '.', 'b/../a.txt', 'made', './made', '-', '--', '-n', '-l', '-r', '-la', '-o', '-omade', '-o=made', '-i', '-e', '-f', '-c', '-p', '-w', '-w2', '-d,', '-f1', '-k2', '-s', '-z', '-0', '-A', '-B1', '-C', '-D', '-1', '-5', '-nu', '-rn', '-t', '-T', '-S', '-O', '-u', '-U3', '-x', '-v', '-L', '-R', '-h', '-H', '-P', '-g', '-G', '-m', '-M', '-b', '-q',
  '--output=made', '--output', '--files0-from=-', '--pre=./evil', '--pre', './evil', '--search-zip', '--hostname-bin=./evil', '--compress-program=./evil', '--in-place', '--expression=w made', '--exec', '-exec', '-execdir', '-ok', '-delete', '-fprint', '-fls', '-fprintf', 'w made', '1w made', '1e touch made', '1p', '1,2p', 's/a/b/w made', 'touch', '{}', ';', '+', '%s', '%n', 'x', 'a', 'log', 'status', 'diff', 'show', 'blame', 'branch', 'tag', 'grep', 'HEAD', '--stat', '--ext-diff', '--textconv', '--no-index', '-Oevil', '--open-files-in-pager=./evil', '--exec-path=.', '-ccore.pager=./evil', '--color=always', '--max-count=1', '--lines=2', '--regexp=a', '--glob=*', '--type=js', '--follow', '--retry', '--pid=1',
];

describe('a command that counts as a reader', () => {
  it('changes nothing, whatever its flags', async function () {
    this.timeout(fuzzTimeout(60_000));
    using folder = tempFolder();
    const workspace = join(folder.path, 'ws');
    mkdirSync(join(workspace, 'src'), { recursive: true });
    writeFileSync(join(workspace, 'a.txt'), 'a\nb\n');
    writeFileSync(join(workspace, 'src/b.txt'), 'x,y\n');
    writeFileSync(join(workspace, 'evil'), `#!/bin/sh\ntouch ${folder.path}/ran\n`, { mode: 0o755 });
    spawnSync('git', ['init', '-q'], { cwd: workspace });
    const programs = Object.keys(READERS);
    const argv = fc.tuple(fc.constantFrom(...programs), fc.array(fc.constantFrom(...WORDS), { maxLength: 5 })).map(([program, words]) => [program, ...words]);
    const before = hashOf(workspace);
    let ran = 0;
    fc.assert(fc.property(argv, (words) => {
      if (classifyCommand(words).class !== 'read') return;
      ran += 1;
      const [program = '', ...args] = words;
      spawnSync(program, args, { cwd: workspace, timeout: 2_000, input: '', env: { PATH: '/usr/bin:/bin', HOME: folder.path, GIT_OPTIONAL_LOCKS: '0' }, stdio: ['pipe', 'ignore', 'ignore'] });
      assert.equal(hashOf(workspace), before, words.join(' '));
      assert.ok(!existsSync(join(folder.path, 'ran')), words.join(' '));
    }), fuzzing(900));
    assert.ok(ran > 50, `${ran} readers ran`);
  });

  it('is judged without an end or a crash for any words', function () {
    this.timeout(fuzzTimeout(10_000));
    const word = fc.oneof(fc.constantFrom(...WORDS, 'sudo', 'env', 'xargs', 'timeout', 'sh', 'git', 'rm', 'npx'), fc.string({ unit: 'binary', maxLength: 20 }));
    fc.assert(fc.property(fc.array(word, { maxLength: 12 }), (words) => {
      classifyCommand(words);
      hiddenFrom([words]);
      classifyScript(words.join(' '));
    }), fuzzing(1_500));
  });

  it('is never what stands behind a wrapper when that is never run', function () {
    this.timeout(fuzzTimeout(10_000));
    const never = fc.constantFrom(['sudo', 'ls'], ['docker', 'ps'], ['git', 'stash'], ['rm', '-rf', '/'], ['crontab', '-l']);
    const wrapper = fc.constantFrom(['env'], ['env', 'A=b'], ['timeout', '5'], ['nice', '-n', '3'], ['nohup'], ['setsid'], ['stdbuf', '-o0'], ['command'], ['time']);
    fc.assert(fc.property(fc.array(wrapper, { maxLength: 3 }), never, (wrappers, argv) => {
      assert.equal(classifyCommand([...wrappers.flat(), ...argv]).class, 'never');
      assert.equal(classifyCommand(['bash', '-c', [...wrappers.flat(), ...argv].join(' ')]).class, 'never');
      assert.equal(classifyScript(`ls; x=1 ${argv.join(' ')} &`).class, 'never');
    }), fuzzing(200));
  });
});

function hashOf(folder: string): string {
  const hash = createHash('sha256');
  const visit = (path: string): void => {
    const stats = lstatSync(path);
    hash.update(`${path}\0${stats.mode}\0${stats.size}\0`);
    if (stats.isDirectory()) for (const name of readdirSync(path).sort()) visit(join(path, name));
    else if (stats.isFile()) hash.update(readFileSync(path));
  };
  visit(folder);
  return hash.digest('hex');
}
