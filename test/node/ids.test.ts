import assert from 'node:assert/strict';
import { createIds } from '../../src/node/ids.ts';

function check(times: readonly number[], each: number): void {
  const left = times.flatMap((ms) => Array.from({ length: each }, () => ms));
  const ids = createIds(() => left.shift() ?? 0);
  const made = times.flatMap(() => Array.from({ length: each }, () => ids.next('run')));
  assert.deepEqual(made, made.toSorted());
  assert.equal(new Set(made).size, made.length);
  assert.ok(made.every((id) => /^run-[0-9a-hjkmnp-tv-z]{15}$/.test(id)), made[0]);
}

describe('createIds', () => {
  it('sorts ids by time as text', () => check([1, 2, 999, 1_747_042_200_000, 1_747_042_200_001], 1));
  it('keeps the order of calls within one millisecond, and repeats none', () => check([1_747_042_200_000], 20_000));
  it('keeps the order when the clock is set back', () => check([1_747_042_200_000, 1_747_042_100_000, 1_747_042_200_000], 3));
  it('gives two makers different ids in the same millisecond', () => {
    assert.notEqual(createIds(() => 5).next('a'), createIds(() => 5).next('a'));
  });
});
