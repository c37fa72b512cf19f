import { deepEqual, equal, match } from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type WarmInput, prepareWarm, readWarmLine } from '../../../src/core/repair/warm.ts';

const NODE = process.execPath;

interface Case {
  readonly files: Readonly<Record<string, string | Buffer>>;
  readonly argv: readonly string[];
  readonly cwd?: string;
  readonly runner?: WarmInput['check']['runner'];
  readonly candidates: readonly string[];
  readonly perCandidateMs?: number;
}

/** Verdicts in order, as patterns; the path tried is the first file. Every file must stand as before at the end. */
function check({ files, argv, cwd = '', runner = 'script', candidates, perCandidateMs = 8_000 }: Case, expected: readonly string[]): void {
  const root = mkdtempSync(join(tmpdir(), 'warm-'));
  const kit = mkdtempSync(join(tmpdir(), 'warm-kit-'));
  try {
    for (const [path, text] of Object.entries(files)) put(join(root, path), text);
    const path = Object.keys(files)[0] ?? '';
    const run = prepareWarm({ check: { argv: [...argv], cwd, runner, origin: 'user', scope: 'file', definedBy: '' }, candidates: candidates.map((text, id) => ({ id: String(id), path, text })), perCandidateMs });
    if (!run) throw new Error('no warm run for this check');
    for (const [name, text] of Object.entries(run.kit)) put(join(kit, name), text);
    const real = (word: string): string => word.replace('$GROUNDCREW_KIT', kit);
    const env = Object.fromEntries(Object.entries(run.env).map(([name, value]) => [name, real(value)]));
    const [program = '', ...args] = run.argv.map(real);
    const result = spawnSync(program, args, { cwd: join(root, cwd), env: { ...process.env, ...env }, encoding: 'utf8', timeout: 60_000 });
    const answers = result.stdout.split('\n').flatMap((line) => readWarmLine(line) ?? []);
    match(answers.map(({ verdict }) => verdict).join(' '), new RegExp(`^${expected.join(' ')}$`), result.stderr);
    deepEqual(answers.map(({ id }) => id), expected.map((_, id) => String(id)));
    for (const [name, text] of Object.entries(files)) deepEqual(readFileSync(join(root, name)), Buffer.from(text));
  } finally {
    rmSync(root, { recursive: true });
    rmSync(kit, { recursive: true });
  }
}

function put(path: string, text: string | Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

const JS_BUG = 'module.exports.add = (a, b) => a - b;\n';
const HUNGRY = "module.exports.add = () => { const all = []; for (;;) all.push(new Array(1e6).fill('x'.repeat(100) + all.length)); };\n";
const JS_TRIES = [JS_BUG.replace('-', '+'), JS_BUG.replace('-', '*'), 'module.exports.add = () => { for (;;); };\n', 'module.exports.add = (a, b) => ;\n', JS_BUG.replace('-', '+')];
const JS_VERDICTS = ['passed', 'failed', 'timeout', 'failed', 'passed'];
const PY_BUG = 'def add(a, b):\n    return a - b\n';
const PY_TRIES = [PY_BUG.replace('-', '+'), PY_BUG.replace('-', '*'), 'def add(a, b):\n    while True: pass\n', 'def add(a b):\n', PY_BUG.replace('-', '+')];

describe('warm worker', function () {
  this.timeout(60_000);

  it('tries candidates of a node:test file in threads', () => {
    const test = "const { test } = require('node:test'); const assert = require('node:assert/strict');\ntest('adds', async () => { await null; assert.equal(require('../add.js').add(1, 2), 3); });\ntest('other, which fails always', () => assert.ok(false));\n";
    check({ files: { 'add.js': JS_BUG, 'test/add.test.js': test }, argv: [NODE, '--test', '--test-name-pattern=adds$', 'test/add.test.js'], candidates: JS_TRIES }, JS_VERDICTS);
  });

  it('goes on after a candidate that eats all memory', () => {
    const test = "require('node:assert').equal(require('./add.js').add(1, 2), 3);\n";
    check({ files: { 'add.js': JS_BUG, 't.js': test }, argv: [NODE, 't.js'], candidates: [HUNGRY, JS_TRIES[0] ?? ''], perCandidateMs: 30_000 }, ['(failed|error|timeout)', 'passed']);
  });

  it('tries candidates of an ES module that a plain script checks', () => {
    const base = 'export const add = (a, b) => a - b;\n';
    const script = "import { add } from './add.mjs';\nif (add(1, 2) !== 3) throw new Error('no');\n";
    check({ files: { 'pkg/add.mjs': base, 'pkg/t.mjs': script }, cwd: 'pkg', argv: ['node', 't.mjs'], candidates: [base.replace('-', '*'), base.replace('-', '+')] }, ['failed', 'passed']);
  });

  it('tries candidates under mocha as the project has it', () => {
    const mocha = dirname(require_('mocha/package.json'));
    const test = "const assert = require('node:assert'); describe('add', () => { it('adds', () => assert.equal(require('./add.js').add(1, 2), 3)); });\n";
    const link = `module.exports = require(${JSON.stringify(join(mocha, 'index.js'))});\n`;
    check({ files: { 'add.js': JS_BUG, 'add.spec.js': test, 'node_modules/mocha/package.json': JSON.stringify({ name: 'mocha', main: 'index.js', bin: 'bin.js' }), 'node_modules/mocha/index.js': link, 'node_modules/mocha/lib/cli/cli.js': `module.exports.main = (argv) => import(${JSON.stringify(join(mocha, 'lib/cli/cli.js'))}).then((cli) => cli.main(argv));\n` }, runner: 'mocha', argv: ['npx', 'mocha', 'add.spec.js'], candidates: JS_TRIES }, JS_VERDICTS);
  });

  it('tries candidates of a unittest module in forks', () => {
    const test = 'import unittest\nfrom add import add\nclass T(unittest.TestCase):\n    def test_add(self):\n        self.assertEqual(add(1, 2), 3)\n';
    check({ files: { 'add.py': PY_BUG, 'test_add.py': test }, runner: 'unittest', argv: ['python3', '-m', 'unittest', 'test_add'], candidates: PY_TRIES }, ['passed', 'failed', 'timeout', 'failed', 'passed']);
  });

  it('tries candidates of a Python script, bytes and characters kept', () => {
    const base = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from('NAME = "🎈é"\r\ndef size(x):\r\n    return len(x) - 1\r\n')]);
    const text = base.subarray(3).toString();
    check({ files: { 'lib/size.py': base, 'check.py': 'from lib.size import size, NAME\nassert NAME == "🎈é"\nassert size(NAME) == 2\n' }, argv: ['python3', 'check.py'], candidates: [text.replace(' - 1', ' + 1'), text.replace(' - 1', '')] }, ['failed', 'passed']);
  });

  if (hasPytest()) {
    it('tries candidates under pytest with a conftest that imports the code', () => {
      const test = 'import pytest\n\n@pytest.mark.parametrize("a,b,c", [(1, 2, 3), (0, 0, 0)])\ndef test_add(subject, a, b, c):\n    assert subject(a, b) == c\n';
      const conftest = 'import pytest\nfrom src.add import add\n\n@pytest.fixture\ndef subject():\n    return add\n';
      check({ files: { 'src/add.py': PY_BUG, 'conftest.py': conftest, 'tests/test_add.py': test }, runner: 'pytest', argv: ['python3', '-m', 'pytest', '-q', 'tests/test_add.py'], candidates: PY_TRIES }, ['passed', 'failed', 'timeout', 'error', 'passed']);
    });
  }

  it('answers nothing where the unchanged code passes in it or needs what threads lack', () => {
    check({ files: { 'add.js': JS_BUG, 't.js': "if (require.main === module) require('node:assert').equal(require('./add.js').add(1, 2), 3);\n" }, argv: ['node', 't.js'], candidates: JS_TRIES }, []);
    check({ files: { 'add.js': JS_BUG, 't.js': "process.chdir('/'); require('node:assert').equal(require('./add.js').add(1, 2), 3);\n" }, argv: ['node', 't.js'], candidates: JS_TRIES }, []);
    check({ files: { 'add.py': PY_BUG, 't.py': 'import sys\nsys.exit(0)\n' }, argv: ['python3', 't.py'], candidates: PY_TRIES }, []);
  });

  it('is refused for checks that it cannot run soundly', () => {
    const refused = (runner: WarmInput['check']['runner'], ...argv: string[]): void =>
      equal(prepareWarm({ check: { argv, cwd: '', runner, origin: 'user', scope: 'all', definedBy: '' }, candidates: [{ id: '0', path: 'a', text: 'b' }], perCandidateMs: 1_000 }), undefined);
    refused('node-test', 'node', '--test');
    refused('node-test', 'node', '--test', 'test/**/*.test.js');
    refused('node-test', 'npm', 'test');
    refused('jest', 'npx', 'jest', 'a.test.js');
    refused('mocha', 'npx', 'mocha', '--parallel', 'a.js');
    refused('pytest', 'pytest', '-n', '4', 'a.py');
    refused('go', 'go', 'test', './...');
    refused('script', './run.sh');
  });

  it('reads only lines of its own shape', () => {
    deepEqual(readWarmLine('{"groundcrew":"warm","id":"3","verdict":"passed","ms":1.5}'), { id: '3', verdict: 'passed', ms: 1.5 });
    for (const line of ['', 'ok 1', '{"warm"', '{"groundcrew":"warm","id":3,"verdict":"passed","ms":1}', '{"groundcrew":"warm","id":"3","verdict":"fixed","ms":1}']) equal(readWarmLine(line), undefined);
  });
});

function require_(path: string): string {
  return join(import.meta.dirname, '../../../node_modules', path);
}

function hasPytest(): boolean {
  try {
    execFileSync('python3', ['-c', 'import pytest'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
