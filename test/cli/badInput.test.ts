import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { OutcomeKind } from '../../src/core/domain/outcome.ts';
import { type CliOptions, eventsIn, openCli, toJson } from '../support/cli.ts';
import { createCrewModel, missingRule, oneTest, slip } from '../support/cliProjects.ts';

/** Of e2fsprogs: on Linux only. */
const CHATTR = '/usr/bin/chattr';

describe('bad input to the command line', function () {
  this.timeout(60_000);

  /** Runs `fix` on a project; says how it must end, with what reason, and that the tree stays as it was. */
  async function check(options: CliOptions, args: readonly string[], expected: readonly [number, OutcomeKind], reason: RegExp, isInTree: (file: string) => boolean = () => true): Promise<void> {
    using cli = openCli(options);
    const { code, outcome } = await cli.json('fix', '--approve', 'safe', ...args);
    assert.deepEqual([code, outcome.kind, outcome.applied], [...expected, false], outcome.reason);
    assert.match(outcome.reason, reason);
    for (const [file, content] of Object.entries(options.files)) if (isInTree(file)) assert.deepEqual(cli.bytes(file), Buffer.from(content));
    assert.deepEqual(cli.leftovers(), []);
  }

  it('names what a check lacks here, and offers to run it unconfined where the sandbox may be why', async () => {
    const unconfined = /--unconfined/u;
    await Promise.all([
      check({ files: oneTest("import net from 'node:net';\ntest('db', async () => await new Promise((ok, no) => net.connect(5432, '127.0.0.1').on('connect', ok).on('error', no)));") }, [], [2, 'environment'], /\(network\): .*ECONNREFUSED 127\.0\.0\.1:5432/u),
      check({ files: oneTest("test('api', async () => { await fetch('http://192.0.2.1/'); });") }, [], [2, 'environment'], unconfined),
      check({ files: oneTest("import fs from 'node:fs';\ntest('log', () => fs.writeFileSync('/etc/groundcrew-was-here', 'x'));") }, [], [2, 'environment'], /\(read-only\): .*\/etc\/groundcrew-was-here[\s\S]*--unconfined/u),
    ]);
    assert.ok(!existsSync('/etc/groundcrew-was-here'));
  });

  it('ends a check that floods, that cannot be started, that asks for input, and one that hangs past the budget', async () => {
    const files = oneTest("test('one', () => assert.equal(one(), 1));");
    await Promise.all([
      check({ files: oneTest("test('floods', () => { for (let i = 0; i < 130; i += 1) process.stdout.write('x'.repeat(1_000_000) + '\\n'); assert.fail(); });") }, [], [2, 'environment'], /\(flood\)/u),
      check({ files }, ['--test', 'no-such-runner --all'], [2, 'environment'], /\(missing-tool\): no-such-runner: not found/u),
      check({ files: { ...files, 'ask.sh': 'read answer || { echo "no answer" >&2; exit 1; }\n' } }, ['--test', 'sh ask.sh'], [1, 'gave-up'], /--file/u),
      check({ files: oneTest("test('hangs', async () => await new Promise((resolve) => setTimeout(resolve, 100_000)));") }, ['--budget-minutes', '0.03'], [1, 'gave-up'], /budget of 0\.03 minutes/u),
    ]);
  });

  it('never calls a flaky test fixed', async () => {
    using cli = openCli({ files: oneTest("test('flips', () => assert.equal(process.hrtime.bigint() % 2n, 0n));") });
    const { outcome } = await cli.json('fix', '--approve', 'safe');
    assert.ok(['not-reproduced', 'gave-up'].includes(outcome.kind), `${outcome.kind}: ${outcome.reason}`);
    assert.equal(outcome.patch, null);
  });

  it('says what to install when no model can be had and no edit helps; offers the near name of a wrong one', async () => {
    await using model = await createCrewModel({ canFill: false });
    await Promise.all([
      check({ files: missingRule, host: model.address }, ['--model', 'crew-coder:7b', '--sources', 'cloze,rewrite'], [2, 'environment'], /no model to write others\. .*Did you mean crew-coder:1\.5b\?.*ollama pull crew-coder:7b/u),
      check({ files: oneTest("test('one', () => assert.equal(one(), 1));") }, ['one() is too small'], [2, 'environment'], /passes on the unchanged code.*no model to write a test.*ollama pull/u),
    ]);
    assert.deepEqual(model.prompts(), []);
  });

  it('fixes with a model that cannot fill gaps', async () => {
    await using model = await createCrewModel({ canFill: false });
    using cli = openCli({ files: missingRule, host: model.address, git: false });
    const { code, outcome } = await cli.json('fix', '--approve', 'safe', '--sources', 'cloze', '--no-apply');
    assert.deepEqual([code, outcome.kind], [0, 'fixed'], outcome.reason);
    assert.ok(model.requests.every((request) => request.path !== '/api/generate'));
  });

  it('keeps every byte outside the edit: byte order mark, CRLF, no final newline, latin1', async () => {
    const crlf = slip['src/discount.js'].trimEnd().replaceAll('\n', '\r\n');
    const sources = [
      Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(`// Prüfung\n${crlf}`)]),
      Buffer.from(`// caf\u00e9 \u00fcber\r\n${crlf}\r\n// fin \u00a7`, 'latin1'),
    ];
    await Promise.all(sources.map(async (source) => {
      using cli = openCli({ files: { ...slip, 'src/discount.js': source } });
      const { code, outcome } = await cli.json('fix', '--approve', 'safe', '--apply');
      assert.deepEqual([code, outcome.kind, outcome.applied], [0, 'fixed', true], outcome.reason);
      const at = source.indexOf('age < 65');
      const after = cli.bytes('src/discount.js');
      assert.deepEqual(after, Buffer.concat([source.subarray(0, at), Buffer.from('age >= 65'), source.subarray(at + 'age < 65'.length)]));
      const run = (await cli.run('runs', '--json')).stdout;
      assert.equal((await cli.run('undo', String(JSON.parse(run).run))).stdout, 'restored src/discount.js\n');
      assert.deepEqual(cli.bytes('src/discount.js'), source);
    }));
  });

  it('works without git on the PATH and in a bare repository, and says nothing wrong of either', async () => {
    using bare = openCli({ files: slip, git: false });
    execFileSync('git', ['init', '-q', '--bare', '.'], { cwd: bare.root });
    const { code, outcome } = await bare.json('fix', '--approve', 'safe', '--no-apply');
    assert.deepEqual([code, outcome.kind], [0, 'fixed'], outcome.reason);
    using none = openCli({ files: slip, git: false, env: { PATH: onlyNode() } });
    assert.match((await none.run('doctor')).stdout, /✓ git +no git/u);
  });

  it('keeps what somebody typed between patch and apply: conflict, exit 1', async () => {
    using cli = openCli({ files: slip });
    const running = cli.start(['fix', '--approve', 'safe', '--apply', '--json']);
    await running.until((stdout) => stdout.includes('"candidate.offered"'));
    cli.write('src/discount.js', '// typed meanwhile\n');
    const { code, outcome } = toJson(await running.ended);
    assert.deepEqual([code, outcome.kind, outcome.applied], [1, 'conflict', false], outcome.reason);
    assert.ok(outcome.patch?.includes('age >= 65'));
    assert.equal(cli.text('src/discount.js'), '// typed meanwhile\n');
  });

  it('says that a file cannot be written, and changes nothing', async () => {
    using cli = openCli({ files: slip });
    const file = path.join(cli.root, 'src/discount.js');
    if (!setImmutable('+i', path.dirname(file)) || !setImmutable('+i', file)) {
      console.log('      not run: this file system has no immutable files (chattr +i)');
      setImmutable('-i', path.dirname(file));
      assert.equal((await cli.json('fix', '--approve', 'safe', '--no-apply')).code, 0);
      return;
    }
    try {
      const ran = await cli.json('fix', '--approve', 'safe', '--apply');
      assert.deepEqual([ran.code, ran.outcome.kind, ran.outcome.applied], [2, 'error', false], ran.outcome.reason);
      assert.match(ran.outcome.reason, /src\/discount\.js could not be changed: .*permissions.*The file is as it was/u);
      assert.equal(cli.git('status', '--porcelain'), '');
      assert.ok(eventsIn(ran.stdout).every(({ type }) => type !== 'patch.applied'));
    } finally {
      setImmutable('-i', path.dirname(file));
      setImmutable('-i', file);
    }
  });
});

/** Holds for root too. False where the file system or the rights do not allow it. */
function setImmutable(flag: '+i' | '-i', target: string): boolean {
  try {
    execFileSync(CHATTR, [flag, target], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A PATH with nothing on it but this Node. */
function onlyNode(): string {
  return path.dirname(process.execPath);
}
