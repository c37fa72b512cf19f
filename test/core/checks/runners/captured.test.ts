/** Decides that runners which are not installed everywhere are read right, from what they printed for one small bug each. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readOutcome } from '../../../../src/core/checks/outcome.ts';
import type { CheckOutcome, Runner } from '../../../../src/core/domain/check.ts';
import type { CommandResult } from '../../../../src/core/ports.ts';
import { makeCheck } from '../../../support/realCheck.ts';

const fixture = (name: string): string => readFileSync(`test/fixtures/checks/${name}`, 'utf8');
const PATHS = ['cart/cart.go', 'cart/cart_test.go', 'go.mod', 'src/cart.rs', 'src/lib.rs', 'src/main/java/shop/Cart.java', 'src/test/java/shop/CartTest.java'];

function read(runner: Runner, argv: readonly string[], printed: Partial<CommandResult>): CheckOutcome {
  const result: CommandResult = { ended: 'exited', exit: 1, stdout: '', stderr: '', outputSha256: '', collected: {}, durationMs: 1, confined: true, environmentSha256: '', ...printed };
  return readOutcome(makeCheck(runner, argv), result, '/project', PATHS);
}

const brief = (outcome: CheckOutcome): readonly string[] =>
  (outcome.tests ?? []).map((test) => [test.state, test.name, test.path, test.actual, test.expected, test.frames.map((frame) => `${frame.path}:${frame.line}`).join(' ')].join('|'));

const check = (runner: Runner, printed: Partial<CommandResult>, expected: readonly string[]): void => assert.deepEqual(brief(read(runner, [runner], printed)), expected);

describe('captured reports', () => {
  it('go: subtests, the phrase "= got, want", and a panic with its frames', () => {
    check('go', { stdout: fixture('go.jsonl') }, [
      'failed|TestTotal > two_items|cart/cart_test.go|-1|3|cart/cart_test.go:8',
      'passed|TestFine||||',
      'failed|TestFirst|cart/cart_test.go|||cart/cart.go:8 cart/cart_test.go:15',
    ]);
  });

  it('cargo: both sides of assert_eq and the place of the panic', () => {
    const text = fixture('cargo.txt');
    check('cargo', { stdout: text, exit: 101 }, ['passed|cart > tests > fine||||', 'failed|cart > tests > adds|src/cart.rs|-1|3|src/cart.rs:10 src/cart.rs:9']);
  });

  it('cargo: code that does not compile is one failure with its places', () => {
    const outcome = read('cargo', ['cargo', 'test'], { exit: 101, stderr: 'error[E0425]: cannot find value `c` in this scope\n --> src/cart.rs:2:9\n  |\n2 |     a - c\n  |         ^ help\n\nerror: could not compile `shop`\n' });
    assert.deepEqual([outcome.environment, outcome.tests?.[0]?.frames[0]?.path, outcome.tests?.[0]?.frames[0]?.line], [undefined, 'src/cart.rs', 2]);
  });

  it('maven: the failed test, its values, and the file that its package names', () => {
    check('maven', { stdout: fixture('maven.txt') }, ['failed|shop.CartTest > adds|src/test/java/shop/CartTest.java|-1|3|src/test/java/shop/CartTest.java:8']);
  });

  it('gradle: passed and failed tests with the error below their line', () => {
    const stdout = 'CartTest > fine() PASSED\n\nCartTest > adds() FAILED\n    org.opentest4j.AssertionFailedError: expected: <3> but was: <-1>\n        at app//shop.CartTest.adds(CartTest.java:8)\n\n2 tests completed, 1 failed\n';
    check('gradle', { stdout }, ['passed|CartTest > fine||||', 'failed|CartTest > adds|src/test/java/shop/CartTest.java|-1|3|src/test/java/shop/CartTest.java:8']);
  });

  it('jest: values from the matcher, and a file that fails before its tests', () => {
    assert.deepEqual(brief(read('jest', ['jest'], { collected: { 'jest.json': fixture('jest.json') } })).slice().sort(), [
      'failed|broken.test.js (import)|test/broken.test.js|||test/broken.test.js:1',
      'failed|cart > adds|test/cart.test.js|-1|3|test/cart.test.js:4',
      'failed|cart > deep|test/cart.test.js|{"a":0}|{"a":2}|test/cart.test.js:7',
      'passed|cart > fine|test/cart.test.js|||',
    ]);
  });

  it('vitest: values from the words of the message', () => {
    assert.deepEqual(brief(read('vitest', ['vitest'], { collected: { 'jest.json': fixture('vitest.json') } })).slice().sort(), [
      'failed|broken.test.ts (import)|test/broken.test.ts|||',
      'failed|cart > adds|test/cart.test.ts|-1|3|test/cart.test.ts:5',
      'failed|cart > deep|test/cart.test.ts|{ a: +0 }|{ a: 2 }|test/cart.test.ts:8',
      'passed|cart > fine|test/cart.test.ts|||',
    ]);
  });
});

describe('reports that cannot be believed', () => {
  const line = (state: string): string => `${JSON.stringify({ name: 'a', state })}\n`;

  it('a report of passed tests with a failing exit is a failure', () => {
    assert.equal(read('mocha', ['mocha'], { exit: 1, collected: { 'tests.jsonl': line('passed') } }).passed, false);
  });

  it('a failed test with exit 0 is a failure', () => {
    assert.equal(read('mocha', ['mocha'], { exit: 0, collected: { 'tests.jsonl': line('failed') } }).passed, false);
  });

  it('lines that are cut short or of another shape are dropped', () => {
    const outcome = read('mocha', ['mocha'], { exit: 0, collected: { 'tests.jsonl': `${line('passed')}{"name":"b","sta\n{"name":3}\n[]\n` } });
    assert.deepEqual([outcome.passed, outcome.tests?.length], [true, 1]);
  });

  it('a report that is not JSON leaves the exit to decide', () => {
    const outcome = read('jest', ['jest'], { exit: 0, collected: { 'jest.json': '<html>' } });
    assert.deepEqual([outcome.passed, outcome.tests], [true, null]);
  });
});
