/** Decides that suspects come from evidence: stack, names, imports, calls, changes and which lines failing tests run. */
import assert from 'node:assert/strict';
import { importsOf, indexPaths } from '../../../src/core/repair/imports.ts';
import { localise, type LocaliseRequest } from '../../../src/core/repair/localise.ts';
import { ochiai } from '../../../src/core/repair/spectrum.ts';
import { unitsOf } from '../../../src/core/repair/units.ts';
import type { CheckOutcome, Frame } from '../../../src/core/domain/check.ts';
import { createSyntax } from '../../../src/node/syntax.ts';
import { makeCheck, textProject } from '../../support/realCheck.ts';

const signal = AbortSignal.timeout(60_000);
const FILES = {
  'src/order.js': "import { priceOf } from './pricing/index.js';\nexport function checkout(cart) {\n  return cart.items.map((item) => priceOf(item));\n}\nexport function unrelated() {\n  return 1;\n}\n",
  'src/pricing/index.js': "export { priceOf } from './rules.js';\n",
  'src/pricing/rules.js': 'const RATES = {\n  book: 7,\n};\nexport function priceOf(item) {\n  return item.count > 9 ? bulk(item) : item.price * RATES[item.kind];\n}\nfunction bulk(item) {\n  const count = item.count - 1;\n  return item.price * count;\n}\n',
  'src/pricing/rules.gen.js': '// @generated\nexport function priceOf() {}\n',
  'test/order.test.js': "import { checkout } from '../src/order.js';\nit('reduces many', () => {\n  equal(checkout({ items: [] }), 3);\n});\n",
};

const failed = (frames: readonly Frame[] = [], more: object = {}): CheckOutcome => ({
  passed: false, exit: 1, failure: '', durationMs: 1,
  tests: [{ name: 'reduces many', state: 'failed', path: 'test/order.test.js', line: 2, frames: [...frames, { path: 'test/order.test.js', line: 3 }], ...more }],
});
const lines = (files: Readonly<Record<string, readonly number[]>>): ReadonlyMap<string, ReadonlySet<number>> => new Map(Object.entries(files).map(([path, one]) => [path, new Set(one)]));

async function suspects(more: Partial<LocaliseRequest>, files: Readonly<Record<string, string>> = FILES): Promise<readonly string[]> {
  const request: LocaliseRequest = { failure: failed(), check: makeCheck('mocha', ['mocha']), project: textProject(files, createSyntax()), changedFiles: [], ...more };
  return (await localise(request, signal)).map((suspect) => `${suspect.path} ${suspect.symbol}`);
}

describe('localise', () => {
  it('begins with what the failing test names, and follows calls through files that it does not import', async () => {
    const found = await suspects({});
    assert.equal(found[0], 'src/order.js checkout');
    assert.ok(found.includes('src/pricing/rules.js bulk'), found.join('\n'));
  });
  it('puts the innermost frame of the workspace first', async () => {
    assert.equal((await suspects({ failure: failed([{ path: 'src/pricing/rules.js', line: 8 }, { path: 'src/order.js', line: 3 }]) }))[0], 'src/pricing/rules.js bulk');
  });
  it('lets coverage decide: lines that only the failing test runs come first, what it does not run never', async () => {
    const failingCoverage = lines({ 'src/order.js': [1, 2, 3], 'src/pricing/rules.js': [1, 2, 5, 8, 9] });
    const passing = lines({ 'src/order.js': [1, 2, 3], 'src/pricing/rules.js': [1, 2, 5] });
    const found = await suspects({ failingCoverage, passingCoverages: [passing, passing, passing] });
    assert.equal(found[0], 'src/pricing/rules.js bulk');
    assert.ok(!found.includes('src/order.js unrelated'), found.join('\n'));
  });
  it('believes a line that the user named', async () => {
    assert.equal((await suspects({ file: 'src/order.js', line: 6 }))[0], 'src/order.js unrelated');
  });
  it('uses words and changed files where no test is known', async () => {
    const failure: CheckOutcome = { passed: false, exit: 1, tests: null, failure: '', durationMs: 1 };
    assert.equal((await suspects({ failure, words: 'bulk orders are too cheap', changedFiles: ['src/order.js'] }))[0], 'src/pricing/rules.js bulk');
  });
  it('never suspects tests, dependencies or generated files, nor more than ten', async () => {
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`src/m${i}.js`, `export function checkout${i}() {\n  return ${i};\n}\n`]));
    const frames = [{ path: 'src/pricing/rules.gen.js', line: 2 }, { path: 'node_modules/a/index.js', line: 1 }];
    const found = await suspects({ failure: { ...failed(frames), failure: 'checkout1 checkout2' }, changedFiles: Object.keys(many) }, { ...FILES, ...many });
    assert.ok(found.length <= 10 && found.every((one) => !/test\/|node_modules|\.gen\./.test(one)), found.join('\n'));
  });
  it('finds nothing in a project without source', async () => {
    assert.deepEqual(await suspects({}, { 'README.md': '' }), []);
  });
});

describe('ochiai', () => {
  it('is 1 for lines that only the failing run executes, and falls with each passing one', () => {
    const scores = ochiai(lines({ a: [1, 2] }), [lines({ a: [1] }), lines({ a: [1], b: [9] }), lines({ a: [1] })]);
    assert.deepEqual([scores.get('a')?.get(2), scores.get('a')?.get(1), scores.get('b')], [1, 0.5, undefined]);
  });
  it('is 1 everywhere without passing runs', () => assert.deepEqual([...(ochiai(lines({ a: [3] }), []).get('a') ?? [])], [[3, 1]]));
});

describe('unitsOf', () => {
  const check = async (path: string, text: string, expected: readonly string[]): Promise<void> =>
    assert.deepEqual((await unitsOf(path, text, createSyntax())).map((unit) => `${unit.symbol} ${unit.line}-${unit.endLine}`), expected);
  it('JavaScript', () => check('a.js', 'const A = {\n  b: 1,\n};\nclass C {\n  d() {}\n}\nexport const e = () => 1;\n', ['A 1-3', 'C.d 5-5', 'e 7-7']));
  it('Python', () => check('a.py', 'X = 1\nclass C:\n    def f(self):\n        return 1\ndef g():\n    pass\n', ['X 1-1', 'C.f 3-4', 'g 5-6']));
  it('Go', () => check('a.go', 'package a\nfunc (c *Cart) Total() int {\n\treturn 1\n}\nfunc F() {}\n', ['Cart.Total 2-4', 'F 5-5']));
  it('Rust without its tests', () => check('a.rs', 'impl Cart {\n    fn total(&self) {}\n}\n#[cfg(test)]\nmod tests {\n    fn t() {}\n}\n', ['Cart.total 2-2']));
  it('a language without a grammar, by its lines', () => check('a.kt', 'fun x() {}\nfn y() {\n  1\n}\n', ['y 2-4']));
});

describe('importsOf', () => {
  const check = (path: string, text: string, known: readonly string[], expected: readonly string[]): void => assert.deepEqual(importsOf(path, text, indexPaths(known)), expected);
  it('JavaScript: without extension, index, .js for .ts, require', () => {
    check('test/a.ts', "import x from '../src/b';\nimport '../src/c.js';\nconst d = require('../lib');\nimport 'fs';", ['src/b.ts', 'src/c.ts', 'lib/index.js'], ['src/b.ts', 'src/c.ts', 'lib/index.js']);
  });
  it('JavaScript: packages of the same workspace', () => check('a.js', "import '@own/util';", ['packages/util/package.json', 'packages/util/src/index.ts'], ['packages/util/src/index.ts']));
  it('Python: src layout, relative, modules named after import', () => {
    check('tests/test_a.py', 'from shop.cart import total\nimport shop.tax\n', ['src/shop/__init__.py', 'src/shop/cart.py', 'src/shop/tax.py'], ['src/shop/cart.py', 'src/shop/tax.py', 'src/shop/__init__.py']);
    check('shop/a.py', 'from . import b\nfrom .c import d\n', ['shop/__init__.py', 'shop/b.py', 'shop/c.py'], ['shop/__init__.py', 'shop/b.py', 'shop/c.py']);
  });
  it('Go: the package itself and packages of the module', () =>
    check('cart/cart_test.go', 'package cart\nimport (\n\t"example.com/shop/tax"\n\t"testing"\n)\n', ['cart/cart.go', 'cart/cart_test.go', 'tax/tax.go'], ['cart/cart.go', 'tax/tax.go']));
  it('Rust: mod and crate paths', () => check('src/lib.rs', 'mod cart;\nuse crate::tax::rate;\n', ['src/cart.rs', 'src/tax.rs'], ['src/cart.rs', 'src/tax.rs']));
  it('Java: imports and the own package', () =>
    check('src/test/java/shop/CartTest.java', 'package shop;\nimport shop.tax.Rate;\nclass CartTest { Cart c; }', ['src/main/java/shop/Cart.java', 'src/main/java/shop/Other.java', 'src/main/java/shop/tax/Rate.java'], ['src/main/java/shop/tax/Rate.java', 'src/main/java/shop/Cart.java']));
});
