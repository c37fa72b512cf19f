import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Limiter } from '../src/limiter.ts';

function limiterAt(time: { ms: number }): Limiter {
  return new Limiter({ capacity: 3, perSecond: 2 }, { now: () => time.ms, forgetAfterMs: 10_000 });
}

test('lets a burst through, then refuses', () => {
  const limiter = limiterAt({ ms: 0 });
  assert.deepEqual([1, 2, 3, 4].map(() => limiter.take('a').allowed), [true, true, true, false]);
  assert.equal(limiter.take('b').allowed, true);
});

test('says when to try again', () => {
  const limiter = limiterAt({ ms: 0 });
  limiter.take('a', 3);
  assert.deepEqual(limiter.take('a'), { allowed: false, left: 0, retryAfterMs: 500 });
});

test('lets a caller through who has waited as long as told', () => {
  const time = { ms: 0 };
  const limiter = limiterAt(time);
  limiter.take('a', 3);
  time.ms = limiter.take('a').retryAfterMs;
  assert.deepEqual(limiter.take('a'), { allowed: true, left: 0, retryAfterMs: 0 });
});

test('forgets idle callers', () => {
  const time = { ms: 0 };
  const limiter = limiterAt(time);
  limiter.take('a');
  time.ms = 10_000;
  assert.equal(limiter.sweep(), 1);
});

test('refuses what can never be', () => {
  assert.throws(() => limiterAt({ ms: 0 }).take('a', 4), /can ever spend 4/);
});
