import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Loader } from '../src/loader.js';

/** A fetch whose answers the test gives by hand, in the order of the calls. */
function byHand() {
  const calls = [];
  const fetchOne = (key) => new Promise((resolve, reject) => calls.push({ key, resolve, reject }));
  return { calls, fetchOne };
}
const turns = () => new Promise((resolve) => setImmediate(resolve));

test('fetches once for all who ask at once', async () => {
  const { calls, fetchOne } = byHand();
  const loader = new Loader(fetchOne);
  const both = loader.getMany(['ann', 'ann']);
  await turns();
  calls[0].resolve('Ann');
  assert.deepEqual(await both, ['Ann', 'Ann']);
  assert.equal(await loader.get('ann'), 'Ann');
  assert.equal(calls.length, 1);
});

test('fetches again when the lifetime is over', async () => {
  let time = 0;
  let count = 0;
  const loader = new Loader(async () => ++count, { lifetimeMs: 10, now: () => time });
  assert.equal(await loader.get('x'), 1);
  time = 9;
  assert.equal(await loader.get('x'), 1);
  time = 10;
  assert.equal(await loader.get('x'), 2);
});

test('keeps no failure', async () => {
  let count = 0;
  const loader = new Loader(async () => {
    if (++count === 1) throw new Error('down');
    return 'up';
  });
  await assert.rejects(loader.get('x'), /down/);
  assert.equal(await loader.get('x'), 'up');
});

test('keeps nothing that was asked for before an invalidation', async () => {
  const { calls, fetchOne } = byHand();
  const loader = new Loader(fetchOne);
  const early = loader.get('ann');
  await turns();
  loader.invalidate('ann');
  calls[0].resolve('old name');
  assert.equal(await early, 'old name');
  const late = loader.get('ann');
  await turns();
  calls[1]?.resolve('new name');
  assert.equal(await late, 'new name');
});
