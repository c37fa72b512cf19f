import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Bus } from '../src/bus.js';

test('a listener for one message that publishes the same topic, with others beside it', () => {
  const bus = new Bus();
  const calls = [];
  bus.once('a', (n) => {
    calls.push(`once ${n}`);
    if (n < 5) bus.publish('a', n + 1);
  });
  bus.on('a', (n) => calls.push(`on ${n}`));
  assert.equal(bus.publish('a', 1), 2);
  assert.deepEqual(calls, ['once 1', 'on 2', 'on 1']);
  assert.equal(bus.size, 1);
});
test('one that throws, and one that throws after publishing, is gone', () => {
  const bus = new Bus();
  let calls = 0;
  bus.once('a', () => { calls++; throw new Error('first'); });
  bus.once('a', () => { calls++; if (calls < 9) bus.publish('a'); throw new Error('second'); });
  assert.throws(() => bus.publish('a'), /first/);
  assert.equal(calls, 2);
  assert.equal(bus.size, 0);
  assert.equal(bus.publish('a'), 0);
});
test('an inner message is for the next listener for one, not for the outer one again', () => {
  const bus = new Bus();
  const calls = [];
  bus.once('a', (n) => { calls.push(`first ${n}`); if (n === 1) bus.publish('a', 2); });
  bus.once('a', (n) => calls.push(`second ${n}`));
  bus.publish('a', 1);
  assert.deepEqual(calls, ['first 1', 'second 2']);
});
test('one that subscribes itself again waits for the next message', () => {
  const bus = new Bus();
  const seen = [];
  const again = (n) => { seen.push(n); bus.once('a', again); };
  bus.once('a', again);
  for (const n of [1, 2, 3]) bus.publish('a', n);
  assert.deepEqual(seen, [1, 2, 3]);
  assert.equal(bus.size, 1);
});
test('lasting listeners may publish too, and ending twice says so', () => {
  const bus = new Bus();
  const seen = [];
  const end = bus.on('a', (n) => { seen.push(n); if (n < 3) bus.publish('a', n + 1); });
  bus.publish('a', 1);
  assert.deepEqual(seen, [1, 2, 3]);
  assert.deepEqual([end(), end()], [true, false]);
  const endOnce = bus.once('b', () => {});
  bus.publish('b');
  assert.equal(endOnce(), false);
});
test('the other subscriptions of the same listener stay', () => {
  const bus = new Bus();
  const topics = [];
  const listener = (_data, topic) => topics.push(topic);
  bus.once('a', listener);
  bus.on('b', listener);
  bus.once('*', listener);
  assert.equal(bus.publish('a'), 2);
  assert.equal(bus.publish('a'), 0);
  assert.equal(bus.publish('b'), 1);
  assert.deepEqual(topics, ['a', 'a', 'b']);
});
