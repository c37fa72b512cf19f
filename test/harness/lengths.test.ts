import assert from 'node:assert/strict';
import { createSyntax } from '../../src/node/syntax.ts';
import { FILE_LINES_MAX, FUNCTION_LINES_MAX, lengthFaults, lengthsOf } from './lengths.ts';
import { parseSource } from './sources.ts';

const syntax = createSyntax();
const check = async (text: string): Promise<readonly string[]> => lengthFaults([await parseSource(syntax, 'src/a.ts', text)]);
/** A function of so many lines, its head and end counted. */
const body = (lines: number): string => `{\n${'  0;\n'.repeat(lines - 2)}}`;

describe('lengths', () => {
  it('allows a function and a file at their limits', async () => {
    assert.deepEqual(await check(`function f() ${body(FUNCTION_LINES_MAX)}\n${'0;\n'.repeat(FILE_LINES_MAX - FUNCTION_LINES_MAX)}`), []);
  });
  it('refuses a file one line longer', async () => {
    assert.deepEqual(await check('0;\n'.repeat(FILE_LINES_MAX + 1)), ['src/a.ts has 401 lines; 400 is the limit: split it']);
  });
  for (const [kind, text] of [
    ['function', `function f() ${body(FUNCTION_LINES_MAX + 1)}`],
    ['arrow', `const f = () => ${body(FUNCTION_LINES_MAX + 1)};`],
    ['method', `class A { f() ${body(FUNCTION_LINES_MAX + 1)} }`],
    ['property', `const o = { f: () => ${body(FUNCTION_LINES_MAX + 1)} };`],
  ] as const) {
    it(`refuses a ${kind} one line longer, by its name`, async () => {
      assert.deepEqual(await check(text), ['src/a.ts:1 f has 71 lines; 70 is the limit: take a step out']);
    });
  }
  it('gives the 95th percentile and the maximum', () => {
    assert.deepEqual(lengthsOf(Array.from({ length: 100 }, (_, index) => index + 1)), { count: 100, p95: 95, max: 100 });
    assert.deepEqual(lengthsOf([]), { count: 0, p95: 0, max: 0 });
  });
});
