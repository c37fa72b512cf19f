/** Decides that node:test, mocha and plain Node scripts are read from real runs of them. */
import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { narrowCheck } from '../../../../src/core/checks/narrow.ts';
import type { CheckOutcome } from '../../../../src/core/domain/check.ts';
import { createBench, makeCheck, type Bench } from '../../../support/realCheck.ts';

const BIN = resolve('node_modules/.bin');
const CART = 'export function total(a, b) {\n  return a - b;\n}\n\nexport const unused = (x) =>\n  x + 1;\n';
const BODY = [
  "import assert from 'node:assert/strict';",
  "import { total } from '../src/cart.js';",
  "describe('cart', () => {",
  "  it('adds', () => {",
  '    assert.equal(total(1, 2), 3);',
  '  });',
  "  it('is fine', () => {});",
  "  it('is bare', () => {",
  '    assert.ok(total(1, 2) === 3, `sum (1)`);',
  '  });',
  "  it.skip('is left out', () => {});",
  '});',
].join('\n');
const NODE_TEST = `import { describe, it } from 'node:test';${BODY}\nit('parent', async (t) => { await t.test('child', () => { assert(total(2, 2) > 3); }); });\n`;
const FILES = { 'package.json': '{"type":"module"}', 'src/cart.js': CART };

const states = (outcome: CheckOutcome): readonly string[] => (outcome.tests ?? []).map((test) => `${test.state} ${test.name}`);
const values = (outcome: CheckOutcome, name: string): readonly (string | undefined)[] => {
  const test = outcome.tests?.find((one) => one.name === name);
  return [test?.actual, test?.expected];
};

describe('node:test', () => {
  let bench: Bench;
  before(() => {
    bench = createBench({ ...FILES, 'test/cart.test.js': NODE_TEST }, BIN);
  });
  after(() => bench[Symbol.dispose]());
  const all = makeCheck('node-test', ['node', '--test']);

  it('names every test with its suites, state and place', async () => {
    const { outcome } = await bench.run(all);
    assert.deepEqual(states(outcome), ['failed cart > adds', 'passed cart > is fine', 'failed cart > is bare', 'skipped cart > is left out', 'failed parent > child']);
    assert.deepEqual([outcome.passed, outcome.exit, outcome.environment], [false, 1, undefined]);
    const adds = outcome.tests?.[0];
    assert.deepEqual([adds?.path, adds?.line, adds?.actual, adds?.expected], ['test/cart.test.js', 4, '-1', '3']);
    assert.deepEqual(adds?.frames.map((frame) => `${frame.path}:${frame.line}`), ['test/cart.test.js:5']);
  });

  it('shows the failing line of code and both values, briefly', async () => {
    const { outcome } = await bench.run(all);
    assert.match(outcome.failure, /^FAILED cart > adds \(test\/cart\.test\.js:4\)\n.*\nexpected: 3\nactual: -1\nat test\/cart\.test\.js:5: assert\.equal\(total\(1, 2\), 3\);/);
    assert.ok(outcome.failure.length <= 1_050, `failure text of ${outcome.failure.length} characters`);
  });

  it('gives no values for a bare assertion, until it is run again with its operands printed', async () => {
    const plain = await bench.run(all);
    assert.deepEqual(values(plain.outcome, 'cart > is bare'), [undefined, undefined]);
    const { outcome } = await bench.run(all, { operands: true });
    assert.deepEqual(values(outcome, 'cart > is bare'), ['-1', '3']);
    assert.deepEqual(values(outcome, 'parent > child'), ['0', '3']);
    assert.match(outcome.tests?.[2]?.message ?? '', /sum \(1\): total\(1, 2\) === 3 is false: left -1, right 3/);
  });

  it('runs one test alone and says which lines it ran', async () => {
    const check = narrowCheck(all, { path: 'test/cart.test.js', testName: 'cart > adds' });
    assert.deepEqual(check?.argv, ['node', '--test', '--test-name-pattern=adds$', 'test/cart.test.js']);
    const { outcome, coverage } = await bench.run(check ?? all, { coverage: true });
    assert.deepEqual(states(outcome).filter((state) => !state.startsWith('skipped')), ['failed cart > adds']);
    assert.deepEqual([...(coverage.get('src/cart.js') ?? [])], [1, 2]);
  });

  it('does not pass when no test ran', async () => {
    const { outcome } = await bench.run(makeCheck('node-test', ['node', '--test', '--test-name-pattern=nothing is called so', 'test/cart.test.js'], { scope: 'test' }));
    assert.equal(outcome.passed, false);
    assert.match(outcome.failure, /ran no test/);
  });

  it('reads a file that cannot be imported as one failure with its place', async () => {
    using broken = createBench({ ...FILES, 'src/cart.js': 'export function total( {\n', 'test/cart.test.js': NODE_TEST }, BIN);
    const { outcome } = await broken.run(all);
    assert.equal(outcome.passed, false);
    assert.equal(outcome.environment, undefined);
    assert.match(`${outcome.failure}`, /cart/);
  });

  it('tells a package that is not installed from a module of the workspace that is named wrongly', async () => {
    using missing = createBench({ ...FILES, 'test/a.test.js': "import 'left-padding-of-nobody';\n" }, BIN);
    assert.equal((await missing.run(all)).outcome.environment?.kind, 'missing-tool');
    using wrong = createBench({ ...FILES, 'test/a.test.js': "import '../src/carts.js';\n" }, BIN);
    assert.equal((await wrong.run(all)).outcome.environment, undefined);
  });

  it('covers the written TypeScript of a file that Node strips', async () => {
    using bare = createBench({ 'package.json': '{"type":"module"}', 'src/a.ts': 'type A = { b: number };\nexport function f(a: A): number {\n  return a.b;\n}\nexport function g(): number {\n  return 1;\n}\n', 'test/a.test.ts': "import { it } from 'node:test';\nimport { f } from '../src/a.ts';\nit('f', () => { f({ b: 1 }); });\n" }, BIN);
    const { outcome, coverage } = await bare.run(makeCheck('node-test', ['node', '--test', 'test/a.test.ts']), { coverage: true });
    assert.equal(outcome.passed, true, outcome.failure);
    assert.deepEqual([...(coverage.get('src/a.ts') ?? [])], [2, 3]);
  });
});

describe('mocha', () => {
  it('names every test, its values and the lines that ran', async () => {
    using bench = createBench({ ...FILES, 'test/cart.test.js': BODY }, BIN);
    const { outcome, coverage } = await bench.run(makeCheck('mocha', ['mocha', '--reporter', 'dot', 'test/cart.test.js']), { operands: true, coverage: true });
    assert.deepEqual(states(outcome), ['failed cart > adds', 'passed cart > is fine', 'failed cart > is bare', 'skipped cart > is left out']);
    assert.deepEqual(values(outcome, 'cart > adds'), ['-1', '3']);
    assert.deepEqual(values(outcome, 'cart > is bare'), ['-1', '3']);
    assert.deepEqual([...(coverage.get('src/cart.js') ?? [])], [1, 2]);
  });

  it('runs one test by its full title', async () => {
    using bench = createBench({ ...FILES, 'test/cart.test.js': BODY }, BIN);
    const check = narrowCheck(makeCheck('mocha', ['mocha', 'test/cart.test.js']), { testName: 'cart > is fine' });
    assert.deepEqual(check?.argv, ['mocha', '--grep', '^cart is fine$', 'test/cart.test.js']);
    const { outcome } = await bench.run(check ?? makeCheck('mocha', ['mocha']));
    assert.deepEqual([outcome.passed, states(outcome)], [true, ['passed cart > is fine']]);
  });
});

describe('a plain Node script', () => {
  it('gives the values and frames of the error that ended it', async () => {
    using bench = createBench({ ...FILES, 'check.js': "import assert from 'node:assert/strict';\nimport { total } from './src/cart.js';\nassert.equal(total(1, 2), 3);\n" }, BIN);
    const { outcome } = await bench.run(makeCheck('script', ['node', 'check.js']));
    assert.deepEqual([outcome.tests?.[0]?.actual, outcome.tests?.[0]?.expected], ['-1', '3']);
    assert.deepEqual(outcome.tests?.[0]?.frames.map((frame) => `${frame.path}:${frame.line}`), ['check.js:3']);
  });

  it('cannot pass by what it prints when it exits with 1', async () => {
    using bench = createBench({ 'check.js': 'console.log("ok - all passed"); process.exit(1);\n' }, BIN);
    assert.equal((await bench.run(makeCheck('script', ['node', 'check.js']))).outcome.passed, false);
  });

  it('is no proof about the code when its tool does not exist', async () => {
    using bench = createBench({ 'check.js': '' });
    const { outcome } = await bench.run(makeCheck('script', ['no-such-tool-here', 'check.js']));
    assert.equal(outcome.environment?.kind, 'missing-tool');
  });
});
