/** Decides that checks are found from a project's files, in order, and that a typed command is known for what it runs. */
import assert from 'node:assert/strict';
import { checkFromArgv, discoverChecks, nearestChecks } from '../../../src/core/checks/discover.ts';
import { textProject } from '../../support/realCheck.ts';

const signal = AbortSignal.timeout(60_000);
const pkg = (test: string, more: object = {}): string => JSON.stringify({ scripts: { test }, ...more });
const MOCHA = { 'node_modules/mocha/package.json': '{}' };

async function check(files: Readonly<Record<string, string>>, expected: readonly string[]): Promise<void> {
  const found = await discoverChecks(textProject(files), signal);
  assert.deepEqual(found.map((one) => `${one.runner} ${one.scope} ${one.cwd}: ${one.argv.join(' ')}`), expected);
}

describe('discoverChecks', () => {
  it('starts a plain script without npm, from the nearest node_modules', () => check({ 'package.json': pkg("mocha 'test/**/*.js'"), ...MOCHA }, ['mocha all : node_modules/.bin/mocha test/**/*.js']));
  it('finds a hoisted tool from a package of a monorepo', () =>
    check({ 'packages/a/package.json': pkg('mocha'), ...MOCHA }, ['mocha all packages/a: ../../node_modules/.bin/mocha']));
  it('keeps npm test where the script does more than one thing, and knows its last command', () =>
    check({ 'package.json': pkg('tsc -p . && mocha'), ...MOCHA }, ['mocha all : npm test']));
  it('keeps npm test where variables are set or a pretest runs first', async () => {
    await check({ 'package.json': pkg('NODE_ENV=test mocha'), ...MOCHA }, ['mocha all : npm test']);
    await check({ 'package.json': JSON.stringify({ scripts: { pretest: 'tsc', test: 'mocha' } }), ...MOCHA }, ['mocha all : npm test']);
  });
  it('uses the package manager of the lock file or of packageManager', async () => {
    await check({ 'package.json': pkg('ava'), 'pnpm-lock.yaml': '' }, ['script all : pnpm test']);
    await check({ 'package.json': pkg('ava', { packageManager: 'yarn@4.0.0' }) }, ['script all : yarn test']);
  });
  it('expands globs that npm would leave to the shell', () =>
    check({ 'package.json': pkg('node --test test/*.test.js'), 'test/a.test.js': '', 'test/b.test.js': '' }, ['node-test all : node --test test/a.test.js test/b.test.js']));
  it('takes the placeholder of npm init for no test', () => check({ 'package.json': pkg('echo "Error: no test specified" && exit 1') }, []));
  it('finds node:test files without any script', () => check({ 'test/a.test.js': "import { it } from 'node:test';" }, ['node-test all : node --test test/a.test.js']));
  it('tells pytest from unittest by what the tests say', async () => {
    await check({ 'tests/test_a.py': 'def test_a():\n    pass\n' }, ['pytest all : python3 -m pytest -q']);
    await check({ 'tests/test_a.py': 'import unittest\n' }, ['unittest all : python3 -m unittest discover -s tests']);
    await check({ 'tests/__init__.py': '', 'tests/test_a.py': 'import unittest\n' }, ['unittest all : python3 -m unittest']);
  });
  it("uses the project's own virtual environment", () => check({ '.venv/pyvenv.cfg': '', 'test_a.py': 'import pytest\n' }, ['pytest all : .venv/bin/python -m pytest -q']));
  it('finds go, cargo, Maven, Gradle, make and a script, the most telling first', () =>
    check({ 'go.mod': '', 'a_test.go': '', 'Cargo.toml': '', 'pom.xml': '', 'build.gradle': '', gradlew: '', Makefile: 'test: a\n\tgo test\n', 'run_tests.sh': '' }, [
      'go all : go test ./...', 'cargo all : cargo test', 'maven all : mvn -o test', 'gradle all : ./gradlew --offline test', 'script all : sh run_tests.sh', 'make all : make test',
    ]));
  it('puts the typecheck last', () =>
    check({ 'package.json': pkg('mocha'), 'tsconfig.json': '{}', 'node_modules/typescript/package.json': '{}', ...MOCHA }, ['mocha all : node_modules/.bin/mocha', 'script types : node_modules/.bin/tsc --noEmit -p .']));
  it('finds nothing in an empty project or behind a broken package.json', async () => {
    await check({}, []);
    await check({ 'package.json': '{"scripts": 3' }, []);
  });
  it('puts the package that holds a file first', async () => {
    const found = await discoverChecks(textProject({ 'package.json': pkg('mocha'), 'packages/a/package.json': pkg('mocha --bail'), ...MOCHA }), signal);
    assert.deepEqual(nearestChecks(found, 'packages/a/src/x.js').map((one) => one.cwd), ['packages/a', '']);
  });
  it('stops when it is told to', async () => {
    await assert.rejects(discoverChecks(textProject({ 'package.json': pkg('mocha') }), AbortSignal.abort(new Error('stopped'))), /stopped/);
  });
});

describe('checkFromArgv', () => {
  const files = { 'package.json': pkg('node --test test/a.test.js'), 'test/a.test.js': "import { it } from 'node:test';", Makefile: 'test:\n' };
  const recognise = async (argv: readonly string[]): Promise<string> => {
    const found = await checkFromArgv(argv, textProject(files), signal);
    assert.deepEqual(found.argv, argv);
    return `${found.runner} ${found.scope}`;
  };
  const cases: readonly (readonly [string, string])[] = [
    ['node --test test/a.test.js', 'node-test file'], ['node test/a.test.js', 'node-test file'], ['node other.js', 'script all'], ['npm test', 'node-test all'], ['npm run test', 'node-test all'],
    ['npx mocha -g x', 'mocha test'], ['npx --no-install jest src/a.test.ts', 'jest file'], ['pnpm exec vitest run', 'vitest all'], ['node node_modules/mocha/bin/mocha.js', 'mocha all'],
    ['python -m pytest tests/x.py::t -q', 'pytest test'], ['python3.11 -m unittest tests.test_a', 'unittest all'], ['poetry run pytest', 'pytest all'], ['go test ./...', 'go all'], ['go test -run TestA ./a', 'go test'],
    ['cargo test', 'cargo all'], ['./mvnw test', 'maven all'], ['gradle test', 'gradle all'], ['make test', 'make all'], ['./check.sh', 'script all'],
  ];
  for (const [line, expected] of cases) it(`knows "${line}"`, async () => assert.equal(await recognise(line.split(' ')), expected));
  it('keeps the words of the script that npm test stands for', async () => {
    const found = await checkFromArgv(['npm', 'test'], textProject(files), signal);
    assert.deepEqual([found.definedBy, found.plain], ['test: node --test test/a.test.js', ['node', '--test', 'test/a.test.js']]);
  });
});
