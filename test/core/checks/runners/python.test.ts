/** Decides that pytest, unittest and plain Python scripts are read from real runs, where Python is installed. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { narrowCheck } from '../../../../src/core/checks/narrow.ts';
import type { CheckOutcome } from '../../../../src/core/domain/check.ts';
import { createBench, makeCheck, type Bench } from '../../../support/realCheck.ts';

const works = (...args: readonly string[]): boolean => spawnSync('python3', [...args]).status === 0;

const FILES = {
  'shop/__init__.py': '',
  'shop/cart.py': 'def total(a, b):\n    return a - b\n\n\ndef unused(x):\n    return x + 1\n',
  'tests/__init__.py': '',
  'tests/test_cart.py': [
    'import unittest',
    'from shop.cart import total',
    '',
    'class CartTest(unittest.TestCase):',
    '    def test_adds(self):',
    '        self.assertEqual(total(1, 2), 3)',
    '    def test_swapped(self):',
    '        self.assertEqual(3, total(1, 2))',
    '    def test_bare(self):',
    "        assert total(1, 2) == 3, 'sum'",
    '    def test_true(self):',
    '        self.assertTrue(total(1, 2) == 3)',
    '    def test_fine(self):',
    '        pass',
    '    def test_raises(self):',
    '        total(None, 1)',
    '',
  ].join('\n'),
  'tests/test_plain.py': 'from shop.cart import total\n\n\ndef test_plain():\n    assert 3 == total(1, 2)\n',
};

const states = (outcome: CheckOutcome): readonly string[] => (outcome.tests ?? []).map((test) => `${test.state} ${test.name}`).sort();
const values = (outcome: CheckOutcome, end: string): readonly (string | undefined)[] => {
  const test = outcome.tests?.find((one) => one.name.endsWith(end));
  return [test?.actual, test?.expected];
};

if (works('-c', 'import sys; assert sys.version_info >= (3, 8)')) {
  describe('unittest', () => {
    let bench: Bench;
    before(() => {
      bench = createBench(FILES);
    });
    after(() => bench[Symbol.dispose]());
    const all = makeCheck('unittest', ['python3', '-m', 'unittest', 'tests.test_cart']);

    it('names every test with the values that its assertion compared, whichever side they stood on', async () => {
      const { outcome } = await bench.run(all);
      assert.equal(states(outcome).length, 6);
      assert.deepEqual(values(outcome, 'test_adds'), ['-1', '3']);
      assert.deepEqual(values(outcome, 'test_swapped'), ['-1', '3']);
      assert.deepEqual(values(outcome, 'test_bare'), [undefined, undefined]);
      const raises = outcome.tests?.find((test) => test.name.endsWith('test_raises'));
      assert.deepEqual(raises?.frames.map((frame) => `${frame.path}:${frame.line}`), ['shop/cart.py:2', 'tests/test_cart.py:16']);
    });

    it('prints the operands of bare asserts and assertTrue when run again, and the lines that ran', async () => {
      const { outcome, coverage } = await bench.run(all, { operands: true, coverage: true });
      assert.deepEqual(values(outcome, 'test_bare'), ['-1', '3']);
      assert.deepEqual(values(outcome, 'test_true'), ['-1', '3']);
      assert.ok(coverage.get('shop/cart.py')?.has(2));
      assert.ok(!coverage.get('shop/cart.py')?.has(6), 'unused ran');
    });

    it('runs one test alone', async () => {
      const check = narrowCheck(makeCheck('unittest', ['python3', '-m', 'unittest']), { path: 'tests/test_cart.py', testName: 'tests.test_cart.CartTest.test_fine' });
      const { outcome } = await bench.run(check ?? all);
      assert.deepEqual([outcome.passed, outcome.tests?.length, check?.scope], [true, 1, 'test'], outcome.failure);
    });

    it('shows a file that cannot be imported as a failure of the code', async () => {
      using broken = createBench({ ...FILES, 'shop/cart.py': 'def total(a, b:\n' });
      const { outcome } = await broken.run(all);
      assert.deepEqual([outcome.passed, outcome.environment], [false, undefined]);
      assert.match(outcome.failure, /SyntaxError/);
    });

    it('calls a package that is not installed a fault of the place', async () => {
      using missing = createBench({ ...FILES, 'shop/cart.py': 'import package_of_nobody\n' });
      assert.equal((await missing.run(all)).outcome.environment?.kind, 'missing-tool');
    });
  });

  describe('a plain Python script', () => {
    it('has its bare assert printed with both values by the rerun', async () => {
      using bench = createBench({ ...FILES, 'check.py': 'from shop.cart import total\nassert total(1, 2) == 3\n' });
      const check = makeCheck('script', ['python3', 'check.py']);
      const first = await bench.run(check);
      assert.deepEqual(first.outcome.tests?.[0]?.frames.map((frame) => `${frame.path}:${frame.line}`), ['check.py:2']);
      const { outcome, coverage } = await bench.run(check, { operands: true, coverage: true });
      assert.deepEqual(values(outcome, 'check.py'), ['-1', '3']);
      assert.ok(coverage.get('shop/cart.py')?.has(2));
    });
  });
}

if (works('-m', 'pytest', '--version')) {
  describe('pytest', () => {
    it('names tests by their node ids, with values, and leaves no cache behind', async () => {
      using bench = createBench(FILES);
      const { outcome, coverage } = await bench.run(makeCheck('pytest', ['python3', '-m', 'pytest', '-q']), { coverage: true });
      assert.equal(outcome.tests?.length, 7);
      assert.deepEqual(values(outcome, 'tests/test_plain.py > test_plain'), ['-1', '3']);
      assert.deepEqual(values(outcome, 'CartTest > test_adds'), ['-1', '3']);
      assert.ok(coverage.get('shop/cart.py')?.has(2));
    });

    it('runs one test alone', async () => {
      using bench = createBench(FILES);
      const check = narrowCheck(makeCheck('pytest', ['python3', '-m', 'pytest', '-q']), { path: 'tests/test_cart.py', testName: 'tests/test_cart.py > CartTest > test_fine' });
      assert.deepEqual(check?.argv, ['python3', '-m', 'pytest', '-q', 'tests/test_cart.py::CartTest::test_fine']);
      const { outcome } = await bench.run(check ?? makeCheck('pytest', ['python3']));
      assert.deepEqual([outcome.passed, states(outcome)], [true, ['passed tests/test_cart.py > CartTest > test_fine']]);
    });
  });
}
