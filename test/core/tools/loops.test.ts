import assert from 'node:assert/strict';
import { createLoopGuard } from '../../../src/core/tools/loops.ts';

/** `calls`: one letter a call, a digit after it for its result. The position, from 1, at which a circle is noticed. */
function check(calls: string, expected: number | undefined): void {
  it(`${calls}: ${expected ?? 'no circle'}`, () => {
    const guard = createLoopGuard();
    const found = calls.split(' ').findIndex((call) => guard.record(call.charAt(0), call));
    assert.equal(found < 0 ? undefined : found + 1, expected);
  });
}

describe('loops', () => {
  check('a b c d', undefined);
  check('a a', undefined);
  check('a a a', 3);
  check('a1 a2 a3', undefined);
  check('a b a c a', 5);
  check('a b a b', 4);
  check('a1 b a2 b c', undefined);
  check('a b c a b c', 6);

  it('blocks the calls of the circle until something is written', () => {
    const guard = createLoopGuard();
    for (const call of ['a', 'b', 'a', 'b']) guard.record(call, '1');
    assert.deepEqual([guard.isStuck('a'), guard.isStuck('b'), guard.isStuck('c')], [true, true, false]);
    guard.reset();
    assert.equal(guard.isStuck('a'), false);
  });
});
