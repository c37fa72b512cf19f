import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completePolicy, delayBefore, retry, schedule } from '../src/retry.js';

test('schedules', () => {
  assert.deepEqual(schedule(), [200, 400, 800, 1_600]);
  assert.deepEqual(schedule({ attempts: 8 }), [200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
  assert.deepEqual(schedule({ attempts: 4, factor: 1, firstDelayMs: 50 }), [50, 50, 50]);
  assert.deepEqual(schedule({ attempts: 3, firstDelayMs: 900, longestDelayMs: 500 }), [500, 500]);
  assert.deepEqual(schedule({ attempts: 3, firstDelayMs: 0 }), [0, 0]);
  assert.deepEqual(schedule({ attempts: 3, firstDelayMs: 250, factor: 2, longestDelayMs: 500 }), [250, 500]);
});
test('jitter shortens the capped wait', () => {
  const policy = completePolicy({ firstDelayMs: 1_000, factor: 10, longestDelayMs: 4_000, jitter: 0.5 });
  assert.equal(delayBefore(2, policy, () => 0), 1_000);
  assert.equal(delayBefore(2, policy, () => 1), 500);
  assert.equal(delayBefore(3, policy, () => 0.5), 3_000);
  assert.equal(delayBefore(1, policy, () => 1), 0);
});
test('waits as scheduled', async () => {
  const waits = [];
  await assert.rejects(retry(() => { throw new Error('x'); }, { attempts: 4, firstDelayMs: 10, factor: 10, longestDelayMs: 500, wait: async (ms) => { waits.push(ms); } }), /after 4 attempts/);
  assert.deepEqual(waits, [10, 100, 500]);
});
