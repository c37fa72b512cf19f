import { deepEqual, equal, ok } from 'node:assert/strict';
import { isSameCrash, likeness, readCrash } from '../../../src/core/repair/crash.ts';
import { crashProbes, reportedValues } from '../../../src/core/repair/crashInputs.ts';
import { projectOf } from '../../support/repairProject.ts';

const KNOWN = ['src/cart.js', 'src/pricing.js', 'shop/report.py', 'test/cart.test.js'];
const PYTHON = 'Traceback (most recent call last):\n  File "/home/kim/shop/report.py", line 14, in share\n    return a / b\nZeroDivisionError: division by zero\n';
const SCRIPT = 'The page crashes:\n\nTypeError: Cannot read properties of undefined (reading \'gift\')\n    at lineCost (/srv/shop/src/pricing.js:10:15)\n    at Cart.summary (/srv/shop/src/cart.js:35:30)\n';

describe('a reported crash', () => {
  const check = (words: string, expected: readonly [string, string, readonly string[]] | undefined): void => {
    const crash = readCrash(words, KNOWN);
    deepEqual(crash === undefined ? undefined : [crash.error, crash.message, crash.frames.map((frame) => `${frame.path}:${frame.line}`)], expected);
  };

  it('is read from a Python trace, whose error stands last', () => check(PYTHON, ['ZeroDivisionError', 'division by zero', ['shop/report.py:14']]));
  it('is read from a JavaScript trace, whose error stands above', () => check(SCRIPT, ['TypeError', "Cannot read properties of undefined (reading 'gift')", ['src/pricing.js:10', 'src/cart.js:35']]));
  it('may be of a class of the project', () => check('BrokenStore: no list\n    at load (/x/src/cart.js:3:1)\n', ['BrokenStore', 'no list', ['src/cart.js:3']]));
  it('is none in plain words, without a frame of ours, or with frames of tests alone', () => {
    check('The total is wrong when TypeError is shown', undefined);
    check('TypeError: x\n    at f (/usr/lib/node/other.js:1:1)\n', undefined);
    check('TypeError: x\n    at f (/srv/test/cart.test.js:1:1)\n', undefined);
    check('', undefined);
  });

  it('is the same only as the same class out of the same function', () => {
    const crash = readCrash(SCRIPT, KNOWN);
    ok(crash !== undefined);
    const thrown = { error: 'TypeError', message: '', functions: ['lineCost', 'Cart.summary'] };
    equal(isSameCrash(crash, thrown), true);
    equal(isSameCrash(crash, { ...thrown, error: 'RangeError' }), false);
    equal(isSameCrash(crash, { ...thrown, functions: ['other'] }), false);
  });

  it('without end recurs through any function of its circle', () => {
    const crash = readCrash('RangeError: Maximum call stack size exceeded\n    at piecesOf (/x/src/cart.js:1:1)\n    at count (/x/src/pricing.js:2:1)\n', KNOWN);
    ok(crash !== undefined);
    equal(isSameCrash(crash, { error: 'RangeError', message: '', functions: ['count', 'count'] }), true);
  });

  it('is most like the message that holds its words', () => {
    const crash = readCrash("RuntimeError: 'Longword' does not fit into 24 columns\n    at wrap (/x/src/cart.js:1:1)", KNOWN);
    ok(crash !== undefined);
    const alike = (message: string): number => likeness(crash, { error: 'RuntimeError', message, functions: [] });
    ok(alike("'Longword' does not fit into 11 columns") > alike("'bread' does not fit into 0 columns"));
  });
});

describe('calls that may crash', () => {
  const probesOf = async (path: string, text: string, words = ''): Promise<readonly string[]> => {
    const project = projectOf({ [path]: text });
    const tree = await project.syntax.parse(path, text);
    ok(tree !== undefined);
    const found = crashProbes({ text, root: tree.root, language: project.syntax.languageOf(path), failingLines: [] }, reportedValues(words));
    return found?.probes.map((probe) => [...probe.setup, probe.observe].join(' ')) ?? [];
  };
  const TEST = "import test from 'node:test';\nimport assert from 'node:assert/strict';\nimport { Cart } from '../src/cart.js';\nconst make = () => new Cart(['pen']);\n"
    + "test('sums', () => {\n  const cart = make();\n  assert.equal(cart.total('pen', 3).cents, 4);\n});\ntest('gone', () => {\n  const cart = make();\n  cart.drop('ink');\n  assert.equal(cart.size(), 0);\n});\n";

  it('use the values of the report', async () => {
    const probes = await probesOf('test/cart.test.js', TEST, "'Longword' does not fit into 24 columns\n    at f (a.js:999:1)");
    ok(probes.includes("const cart = make(); await (cart.total('Longword', 3))"), probes.join('\n'));
    ok(probes.includes("const cart = make(); await (cart.total('pen', 24))"));
    ok(!probes.some((probe) => probe.includes('999')), 'a line number is no value');
  });

  it('observe after the setup of another test', async () => {
    ok((await probesOf('test/cart.test.js', TEST)).includes("const cart = make(); cart.drop('ink'); await (cart.total('pen', 3))"));
  });

  it('change a helper of the test file, and put the file\'s own texts in other places', async () => {
    ok((await probesOf('test/cart.test.js', TEST)).includes("const make = () => new Cart(['ink']); const cart = make(); cart.drop('ink'); await (cart.size())"));
  });

  it('give nothing where an argument was', async () => {
    const probes = await probesOf('test_a.py', 'from a import share\n\ndef test_share():\n    assert share(make(2), {"a": 1}) == 3\n');
    ok(probes.includes('share(None, {"a": 1})'), probes.join('\n'));
    ok(probes.includes('share(make(2), {})'));
  });

  it('are none without an assertion', async () => deepEqual(await probesOf('test/cart.test.js', "import { Cart } from '../src/cart.js';\n"), []));
});
