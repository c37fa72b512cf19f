import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Bus } from '../src/bus.js';

test('calls those with the higher priority first', () => {
  const bus = new Bus();
  const calls = [];
  bus.on('order.paid', () => calls.push('a'));
  bus.on('order.*', () => calls.push('b'), { priority: 5 });
  bus.on('**', () => calls.push('c'));
  assert.equal(bus.publish('order.paid'), 3);
  assert.deepEqual(calls, ['b', 'a', 'c']);
});

test('calls the others although one throws', () => {
  const bus = new Bus();
  const calls = [];
  bus.on('x', () => { throw new Error('mine'); });
  bus.on('x', (data) => calls.push(data));
  assert.throws(() => bus.publish('x', 1), /mine/);
  assert.deepEqual(calls, [1]);
});

test('hands one message to those who want one', async () => {
  const bus = new Bus();
  const message = bus.next('user.*');
  bus.publish('user.added', 'kim');
  bus.publish('user.added', 'lee');
  assert.deepEqual(await message, { data: 'kim', topic: 'user.added' });
  assert.equal(bus.size, 0);
});

test('hands one message to a listener that publishes on its own', () => {
  const bus = new Bus();
  const seen = [];
  bus.once('job.*', (data) => {
    seen.push(data);
    if (data < 3) bus.publish('job.retry', data + 1);
  });
  bus.publish('job.start', 1);
  assert.deepEqual(seen, [1]);
});

test('no longer calls a listener that was taken off', () => {
  const bus = new Bus();
  const calls = [];
  const late = () => calls.push('late');
  bus.on('x', () => bus.off(late), { priority: 1 });
  bus.on('x', late);
  bus.publish('x');
  assert.deepEqual(calls, []);
});
