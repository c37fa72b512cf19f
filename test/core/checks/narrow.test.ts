/** Decides that a check is narrowed by its own runner's words, and broadened again. */
import assert from 'node:assert/strict';
import { broadenCheck, narrowCheck } from '../../../src/core/checks/narrow.ts';
import type { Runner } from '../../../src/core/domain/check.ts';
import { makeCheck } from '../../support/realCheck.ts';

type Case = readonly [runner: Runner, argv: string, target: { path?: string; testName?: string }, expected: string | undefined];
const cases: readonly Case[] = [
  ['node-test', 'node --import tsx --test', { path: 'test/a.test.ts' }, 'node --import tsx --test test/a.test.ts'],
  ['mocha', 'npx mocha --require x.js test/*.js', { path: 'test/a.js' }, 'npx mocha --require x.js test/a.js'],
  ['jest', 'npx jest --ci src', { path: 'src/a.test.js', testName: 'a > b (c)' }, 'npx jest --ci -t ^a b \\(c\\)$ --runTestsByPath src/a.test.js'],
  ['vitest', 'npx vitest', { path: 'src/a.test.ts' }, 'npx vitest run src/a.test.ts'],
  ['pytest', 'pytest -q tests', { path: 'tests/test_a.py', testName: 'tests/test_a.py > A > test_b[1]' }, 'pytest -q tests/test_a.py::A::test_b[1]'],
  ['pytest', 'pytest -q tests', { testName: 'test_b' }, 'pytest -q tests -k test_b'],
  ['unittest', 'python3 -m unittest discover -s tests', { path: 'tests/test_a.py' }, 'python3 -m unittest discover -s tests -p test_a.py'],
  ['go', 'go test -race ./...', { path: 'cart/cart_test.go', testName: 'TestA > b c' }, 'go test -race -run ^TestA$/^b_c$ ./cart'],
  ['cargo', 'cargo test --offline', { testName: 'cart > tests > adds' }, 'cargo test --offline cart::tests::adds -- --exact'],
  ['cargo', 'cargo test', { path: 'tests/cart.rs' }, 'cargo test --test cart'],
  ['maven', 'mvn test', { testName: 'shop.CartTest > adds' }, 'mvn test -Dtest=CartTest#adds -DfailIfNoTests=false -Dsurefire.failIfNoSpecifiedTests=false'],
  ['gradle', './gradlew test', { path: 'src/test/java/shop/CartTest.java' }, './gradlew test --tests *CartTest'],
  ['mocha', 'npm test', { testName: 'a > b' }, 'npm test -- --grep ^a b$'],
  ['node-test', 'npm test', { path: 'test/a.test.js' }, undefined],
  ['make', 'make test', { path: 'test/a.js' }, undefined],
  ['script', 'sh run.sh', { testName: 'a' }, undefined],
];

describe('narrowCheck', () => {
  for (const [runner, argv, target, expected] of cases) {
    it(`${argv} to ${Object.values(target).join(' ')}`, () => assert.equal(narrowCheck(makeCheck(runner, argv.split(' ')), target)?.argv.join(' '), expected));
  }
  it('starts from the plain command behind npm test', () => {
    const check = makeCheck('node-test', ['npm', 'test'], { plain: ['node', '--test'], definedBy: 'test: node --test' });
    const narrowed = narrowCheck(check, { path: 'test/a.test.js' });
    assert.deepEqual([narrowed?.argv, narrowed?.scope, narrowed?.definedBy, narrowed?.plain], [['node', '--test', 'test/a.test.js'], 'file', '', undefined]);
  });
  it('names files from the folder of a package, and none outside it', () => {
    const check = makeCheck('mocha', ['mocha'], { cwd: 'packages/a' });
    assert.deepEqual(narrowCheck(check, { path: 'packages/a/test/x.js' })?.argv, ['mocha', 'test/x.js']);
    assert.equal(narrowCheck(check, { path: 'packages/b/test/x.js' }), undefined);
  });
});

describe('broadenCheck', () => {
  const check = (runner: Runner, argv: string, expected: string | undefined): void => assert.equal(broadenCheck(makeCheck(runner, argv.split(' '), { scope: 'test' }))?.argv.join(' '), expected);
  it('drops files and names, and keeps the other options', () => {
    check('node-test', 'node --test --test-name-pattern=a test/a.test.js', 'node --test');
    check('mocha', 'npx mocha --bail --grep a test/a.js', 'npx mocha --bail');
    check('pytest', 'python -m pytest -q tests/a.py::t', 'python -m pytest -q');
    check('go', 'go test -run ^A$ ./a', 'go test ./...');
    check('script', 'sh run.sh', undefined);
  });
});
