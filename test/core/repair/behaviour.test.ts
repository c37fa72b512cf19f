import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { CheckOutcome } from '../../../src/core/domain/check.ts';
import { describeDifference, prepareBehaviour, readBehaviour } from '../../../src/core/repair/behaviour.ts';
import { projectOf } from '../../support/repairProject.ts';

type Files = Readonly<Record<string, string>>;

function outcomeAt(path: string, line: number): CheckOutcome {
  return { passed: false, exit: 1, failure: '', durationMs: 1, tests: [{ name: 't', state: 'failed', path, frames: [{ path, line }] }] };
}

/** What each call that the tests make gives, in a real process, by the source of the call. */
async function watch(files: Files, testPath: string, line: number): Promise<ReadonlyMap<string, string | undefined>> {
  const plan = await prepareBehaviour(outcomeAt(testPath, line), projectOf(files));
  ok(plan !== undefined);
  const folder = mkdtempSync(join(tmpdir(), 'behaviour-'));
  try {
    for (const [path, text] of [...Object.entries(files), ...plan.overlay.map((file) => [file.path, file.text] as const)]) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const [program = '', ...rest] = plan.argv;
    const { stdout } = spawnSync(program === 'node' ? process.execPath : program, rest, { cwd: folder, encoding: 'utf8', timeout: plan.wallMs });
    const behaviour = readBehaviour(plan, { stdout });
    return new Map(plan.set.probes.map((probe, index) => [[...probe.setup, probe.observe].join(' '), behaviour[index]]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function check(files: Files, testPath: string, line: number, expected: Readonly<Record<string, string | undefined>>): Promise<void> {
  const seen = await watch(files, testPath, line);
  deepEqual(Object.fromEntries(Object.keys(expected).map((call) => [call, seen.has(call) ? seen.get(call) : 'no such call'])), expected);
}

const CART = 'export class Cart {\n  items = [];\n  add(price, count = 1) { console.log("noise"); this.items.push(price * count); }\n  total() { return this.items.reduce((a, b) => a + b); }\n}\n';
const CART_TEST = `import assert from 'node:assert/strict';
import { describe, it, beforeEach } from 'node:test';
import { Cart } from '../src/cart.js';
describe('cart', () => {
  let cart;
  beforeEach(() => { cart = new Cart(); });
  it('adds', async () => {
    cart.add(2, 3);
    assert.ok(cart);
    assert.equal(await cart.total(), 6);
  });
  it('refuses', () => {
    assert.throws(() => cart.total(), /empty/);
  });
});
`;

describe('behaviour', () => {
  it('runs what node:test and mocha tests do, hooks included, with one literal changed at a time', async () => {
    await check({ 'package.json': '{"type":"module"}', 'src/cart.js': CART, 'test/cart.test.js': CART_TEST }, 'test/cart.test.js', 10, {
      'let cart; cart = new Cart(); cart.add(2, 3); await (await cart.total())': '6',
      'let cart; cart = new Cart(); cart.add(3, 3); await (await cart.total())': '9',
      'let cart; cart = new Cart(); cart.add(2, 0); await (await cart.total())': '0',
      'let cart; cart = new Cart(); await (() => cart.total())()': 'throws TypeError',
    });
  });

  it('runs CommonJS tests with expect, and types where the runtime strips them', async () => {
    await check({ 'a.js': 'module.exports = { twice: (a) => a.concat(a) };', 'a.test.js': "const { twice } = require('./a.js');\ntest('x', () => {\n  expect(twice([1, 2])).toEqual([1, 2, 1, 2]);\n});\n" }, 'a.test.js', 3, {
      'await (twice([1, 2]))': '[ 1, 2, 1, 2 ]',
      'await (twice([]))': '[]',
      'await (twice([2, 1]))': '[ 2, 1, 2, 1 ]',
    });
    await check({ 'package.json': '{"type":"module"}', 'a.ts': 'export const half = (a: number): number => a / 2;', 'a.test.ts': "import { half } from './a.ts';\nimport { test } from 'node:test';\nimport assert from 'node:assert';\ntest('x', () => {\n  const n: number = 4;\n  assert.equal(half(n), 2);\n});\n" }, 'a.test.ts', 6, {
      'const n: number = 4; await (half(n))': '2',
      'const n: number = 5; await (half(n))': '2.5',
    });
  });

  it('runs pytest functions and unittest methods', async () => {
    await check({ 'shop.py': 'def tax(x):\n    return x * 0.5\n', 'tests/test_shop.py': 'import pytest\nfrom shop import tax\n\ndef test_tax():\n    base = 4\n    assert tax(base) == 3\n\ndef test_bad():\n    with pytest.raises(ValueError):\n        tax("a")\n' }, 'tests/test_shop.py', 6, {
      'base = 4 tax(base)': '2.0',
      'base = 5 tax(base)': '2.5',
      'tax("a")': 'throws TypeError',
    });
    await check({ 'src/shop.py': 'class Shop:\n    def __init__(self): self.sold = []\n    def sell(self, n): self.sold.append(n); return len(self.sold)\n', 'tests/test_shop.py': 'import unittest\nfrom shop import Shop\n\nclass ShopTest(unittest.TestCase):\n    def setUp(self):\n        self.shop = Shop()\n\n    def test_sell(self):\n        self.assertEqual(self.shop.sell(1), 2)\n' }, 'tests/test_shop.py', 9, {
      'self.shop = Shop() self.shop.sell(1)': '1',
      'self.shop = Shop() self.shop.sell(2)': '1',
    });
  });

  it('gives up the one call that does not end', async () => {
    const python = await watch({ 'a.py': 'def f(n):\n    while n == 5:\n        pass\n    return n\n', 'test_a.py': 'from a import f\n\ndef test_f():\n    assert f(4) == 5\n' }, 'test_a.py', 4);
    equal(python.get('f(4)'), '4');
    equal(python.get('f(5)'), 'throws TimeoutError');
    equal(python.get('f(3)'), '3');
  });

  it('has no value where the code cannot be loaded', async () => {
    const seen = await watch({ 'a.js': 'module.exports = {', 'a.test.js': "const { f } = require('./a.js');\ntest('x', () => {\n  expect(f(1)).toBe(2);\n});\n" }, 'a.test.js', 3);
    ok([...seen.values()].every((output) => output === undefined));
  });

  it('does nothing without a test file that it can read, or an assertion with a value', async () => {
    const none = async (files: Files, path: string): Promise<void> => equal(await prepareBehaviour(outcomeAt(path, 1), projectOf(files)), undefined);
    await none({}, 'a.test.js');
    await none({ 'a.test.js': "test('x', () => { assert.ok(true); });" }, 'a.test.js');
    await none({ 'a_test.go': 'package a\nfunc TestA(t *testing.T) { t.Error(f(1)) }\n' }, 'a_test.go');
    await none({ 'test_a.py': 'def test_a(fixture):\n    assert f(fixture) == 1\n' }, 'test_a.py');
    equal(await prepareBehaviour({ passed: false, exit: 1, tests: null, failure: '', durationMs: 1 }, projectOf({})), undefined);
  });

  it('says on which call two part', async () => {
    const plan = await prepareBehaviour(outcomeAt('a.test.js', 2), projectOf({ 'a.test.js': "test('x', () => {\n  assert.equal(f(1), 2);\n});\n" }));
    ok(plan !== undefined);
    equal(describeDifference(plan, ['2', '3'], ['2', '4']), 'f(2) gives 3 or 4');
    equal(describeDifference(plan, ['2'], ['2']), '');
    match(describeDifference(plan, ['2', undefined], ['2', '4']), /nothing or 4/);
  });

  it('reads only its own lines', async () => {
    const plan = await prepareBehaviour(outcomeAt('a.test.js', 2), projectOf({ 'a.test.js': "test('x', () => {\n  assert.equal(f(1), 2);\n});\n" }));
    ok(plan !== undefined);
    const lines = ['@@groundcrew-probe [0,"2"]', '@@groundcrew-probe [0', '@@groundcrew-probe {"a":1}', '@@groundcrew-probe [9999,"2"]', '[1,"3"]'];
    deepEqual(readBehaviour(plan, { stdout: lines.join('\n') }).slice(0, 2), ['2', undefined]);
  });
});
