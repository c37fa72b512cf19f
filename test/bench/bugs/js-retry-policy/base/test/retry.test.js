import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GaveUp, Permanent, retry, schedule } from '../src/retry.js';

const failing = (times) => {
  let calls = 0;
  return async () => {
    if (++calls <= times) throw new Error(`failure ${calls}`);
    return `call ${calls}`;
  };
};
const noWait = async () => {};

test('tries until it succeeds', async () => {
  assert.equal(await retry(failing(2), { wait: noWait }), 'call 3');
});

test('gives up after the last attempt', async () => {
  await assert.rejects(retry(failing(9), { attempts: 3, wait: noWait }), (error) => error instanceof GaveUp && error.errors.length === 3);
});

test('does not go on after a permanent error', async () => {
  let calls = 0;
  await assert.rejects(retry(() => { calls++; throw new Permanent(new Error('no such user')); }, { wait: noWait }), /no such user/);
  assert.equal(calls, 1);
});

test('waits longer each time, up to the longest wait', () => {
  assert.deepEqual(schedule({ attempts: 6, firstDelayMs: 100, factor: 3, longestDelayMs: 1_000 }), [100, 300, 900, 1_000, 1_000]);
});

test('has no waits with a single attempt', () => {
  assert.deepEqual(schedule({ attempts: 1 }), []);
});
