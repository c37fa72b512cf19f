import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Limiter } from '../src/limiter.ts';

function made(capacity: number, perSecond: number): { limiter: Limiter; time: { ms: number } } {
  const time = { ms: 1_000 };
  return { time, limiter: new Limiter({ capacity, perSecond }, { now: () => time.ms }) };
}
test('take says what peek has said, at any time', () => {
  const { limiter, time } = made(4, 1);
  for (const [wait, cost] of [[0, 4], [999, 1], [1, 1], [500, 1], [2_500, 3], [0, 1], [60_000, 4], [0, 1]] as const) {
    time.ms += wait;
    const { allowed, retryAfterMs } = limiter.peek('a', cost);
    const taken = limiter.take('a', cost);
    assert.equal(taken.allowed, allowed);
    assert.equal(taken.retryAfterMs, retryAfterMs);
  }
});
test('what is left', () => {
  const { limiter, time } = made(4, 1);
  assert.equal(limiter.take('a', 3).left, 1);
  time.ms += 2_000;
  assert.deepEqual(limiter.take('a', 3), { allowed: true, left: 0, retryAfterMs: 0 });
  time.ms += 1_500;
  assert.deepEqual(limiter.take('a', 2), { allowed: false, left: 1, retryAfterMs: 500 });
  time.ms += 500;
  assert.deepEqual(limiter.take('a', 2), { allowed: true, left: 0, retryAfterMs: 0 });
});
test('never more than the capacity', () => {
  const { limiter, time } = made(2, 10);
  limiter.take('a', 1);
  time.ms += 1_000_000;
  assert.equal(limiter.take('a', 1).left, 1);
  assert.equal(limiter.take('a', 1).left, 0);
  assert.equal(limiter.take('a', 1).allowed, false);
});
test('over a minute it lets as many through as it should', () => {
  const { limiter, time } = made(5, 2);
  let through = 0;
  for (let i = 0; i < 600; i++) {
    if (limiter.take('a').allowed) through++;
    time.ms += 100;
  }
  assert.ok(through >= 123 && through <= 125, String(through));
});
test('a refusal costs nothing, and a clock set back gives nothing', () => {
  const { limiter, time } = made(1, 1);
  limiter.take('a');
  for (let i = 0; i < 5; i++) assert.equal(limiter.take('a').retryAfterMs, 1_000);
  time.ms -= 500;
  assert.equal(limiter.take('a').allowed, false);
});
