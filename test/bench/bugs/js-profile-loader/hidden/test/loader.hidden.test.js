import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Loader } from '../src/loader.js';
import { Profiles } from '../src/profiles.js';

function byHand() {
  const calls = [];
  const fetchOne = (key) => new Promise((resolve, reject) => calls.push({ key, resolve, reject }));
  return { calls, fetchOne };
}
const turns = () => new Promise((resolve) => setImmediate(resolve));

test('one that asks after an invalidation does not join the fetch before it, whichever ends first', async () => {
  for (const order of [[0, 1], [1, 0]]) {
    const { calls, fetchOne } = byHand();
    const loader = new Loader(fetchOne);
    const early = loader.get('k');
    await turns();
    loader.invalidate('k');
    const late = loader.get('k');
    await turns();
    assert.equal(calls.length, 2);
    for (const index of order) {
      calls[index].resolve(['old', 'new'][index]);
      await turns();
    }
    assert.deepEqual(await Promise.all([early, late]), ['old', 'new']);
    assert.equal(await loader.get('k'), 'new');
    assert.equal(calls.length, 2);
  }
});
test('clear and put hold too', async () => {
  const { calls, fetchOne } = byHand();
  const loader = new Loader(fetchOne);
  const first = loader.get('k');
  await turns();
  loader.clear();
  calls[0].resolve('old');
  await first;
  assert.equal(loader.counts.kept, 0);
  const second = loader.get('p');
  await turns();
  loader.put('p', 'mine');
  calls[1].resolve('theirs');
  await second;
  assert.equal(await loader.get('p'), 'mine');
});
test('other keys are untouched, and a value is kept when nothing was invalidated', async () => {
  const { calls, fetchOne } = byHand();
  const loader = new Loader(fetchOne);
  const a = loader.get('a');
  const b = loader.get('b');
  await turns();
  loader.invalidate('a');
  for (const call of calls) call.resolve(call.key);
  await Promise.all([a, b]);
  assert.equal(await loader.get('b'), 'b');
  assert.equal(calls.length, 2);
  assert.equal(loader.counts.kept, 1);
});
test('an early failure leaves the later fetch alone', async () => {
  const { calls, fetchOne } = byHand();
  const loader = new Loader(fetchOne);
  const early = loader.get('k');
  await turns();
  loader.invalidate('k');
  const late = loader.get('k');
  await turns();
  calls[0].reject(new Error('down'));
  await assert.rejects(early, /down/);
  const joined = loader.get('k');
  await turns();
  assert.equal(calls.length, 2);
  calls[1].resolve('new');
  assert.deepEqual(await Promise.all([late, joined]), ['new', 'new']);
});
test('a fetch that throws at once is a failure like others', async () => {
  const loader = new Loader(() => { throw new Error('at once'); });
  await assert.rejects(loader.get('k'), /at once/);
  await assert.rejects(loader.get('k'), /at once/);
  assert.equal(loader.counts.fetched, 2);
});
test('reads the new name after a rename that overtakes a read', async () => {
  let stored = { name: 'old' };
  const reads = [];
  const profiles = new Profiles({
    read: (id) => new Promise((resolve) => reads.push({ id, value: stored, resolve })),
    write: async (_id, profile) => { stored = profile; },
  }, { lifetimeMs: 1000, now: () => 0 });
  const rename = profiles.rename('ann', 'new');
  await turns();
  reads[0].resolve(reads[0].value);
  await rename;
  const after = profiles.read('ann');
  await turns();
  reads[1].resolve(reads[1].value);
  assert.equal((await after).name, 'new');
});
