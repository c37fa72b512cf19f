import { deepEqual, equal } from 'node:assert/strict';
import type { CheckOutcome } from '../../../src/core/domain/check.ts';
import { failureComment, functionText, readFailure } from '../../../src/core/repair/evidence.ts';
import { projectOf, suspect } from '../../support/repairProject.ts';

type Failed = Partial<NonNullable<CheckOutcome['tests']>[number]>;

async function check({ test = {}, text = '', path = 'a.test.js', lines, message = '' }: { test?: Failed; text?: string; path?: string; lines?: readonly number[]; message?: string }, expected: readonly string[]): Promise<void> {
  const frames = (lines ?? []).map((line) => ({ path, line }));
  const tests = lines === undefined ? null : [{ name: 'suite > adds', state: 'failed' as const, path, frames, ...test }];
  const failure = await readFailure({ passed: false, exit: 1, tests, failure: message, durationMs: 1 }, projectOf({ [path]: text }));
  deepEqual(failureComment(failure, path.endsWith('.py') ? 'python' : 'javascript').split('\n'), expected);
}

const TEST = `import assert from 'node:assert';
const RATE = 2;
test('adds', () => {
  const cart = new Cart();
  const noise = 1;
  cart.add('a', 100);
  assert.ok(cart);
  assert.equal(
    cart.total(),
    300,
  );
});
`;

describe('evidence', () => {
  it('shows the assertion on one line, the statements that make its values, and both values', async () => {
    await check({ text: TEST, lines: [8], test: { expected: '300', actual: '100' } }, [
      '// Failing test:', '//   const cart = new Cart();', "//   cart.add('a', 100);", '//   assert.equal( cart.total(), 300, );', '// Expected 300 but got 100.',
    ]);
  });

  it('takes the frame in the test file, not the one in the code or a helper', async () => {
    const frames = [{ path: 'src/cart.js', line: 3 }, { path: 'a.test.js', line: 7 }];
    await check({ text: TEST, lines: [1], test: { frames, message: 'boom' } }, ['// Failing test:', '//   const cart = new Cart();', "//   cart.add('a', 100);", '//   assert.ok(cart);', '// Error: boom']);
  });

  it('reads Python asserts', async () => {
    await check({ path: 'test_a.py', text: 'def test_a():\n    assert f(1) == 1\n    assert f(2) == 3\n', lines: [3], test: { expected: '3', actual: '2' } }, ['# Failing test:', '#   assert f(2) == 3', '# Expected 3 but got 2.']);
  });

  it('names the test where no line is known, and cuts long values', async () => {
    await check({ lines: [], test: { expected: '1', actual: 'x'.repeat(500) } }, ['// Failing test:', '//   suite > adds', `// Expected 1 but got ${'x'.repeat(159)}….`]);
  });

  it('falls back to the printed text, on one line', async () => {
    await check({ message: '\n  Error: it\n\n  broke\n' }, ['// Error: Error: it broke']);
    await check({}, ['']);
  });

  it('shows the head of a function and what lies nearest to the suspect', async () => {
    const body = Array.from({ length: 40 }, (_, index) => `  step(${index});`);
    const text = ['function long() {', ...body, '}'].join('\n');
    const model = { countTokens: (part: string) => Math.ceil(part.length / 4) };
    equal(await functionText(projectOf({ 'a.js': text }), suspect('a.js', 20), model, 16), 'function long() {\n…\n  step(17);\n  step(18);\n  step(19);');
    equal(await functionText(projectOf({}), suspect('a.js', 20), model, 16), '');
  });
});
