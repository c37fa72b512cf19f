import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Calendar } from '../src/calendar.js';

const hour = (h, m = 0) => h * 60 + m;

test('a cancelled booking between two others frees its own minutes only', () => {
  const day = new Calendar(['Aspen', 'Birch'], { opens: hour(8), closes: hour(12) });
  day.book('Aspen', hour(8), hour(9), 'a');
  const middle = day.book('Aspen', hour(9), hour(10), 'b');
  day.book('Aspen', hour(10), hour(11), 'c');
  day.book('Birch', hour(9), hour(10), 'other room');
  day.cancel(middle.id);
  assert.deepEqual(day.freeSlots('Aspen', 30), [{ start: hour(9), end: hour(10) }, { start: hour(11), end: hour(12) }]);
  assert.deepEqual(day.freeSlots('Birch', 30), [{ start: hour(8), end: hour(9) }, { start: hour(10), end: hour(12) }]);
  assert.equal(day.load('Aspen'), 0.5);
});
test('tentative bookings still take their time', () => {
  const day = new Calendar(['Aspen'], { opens: hour(8), closes: hour(10) });
  const { id } = day.book('Aspen', hour(8), hour(9), 'maybe', { tentative: true });
  assert.deepEqual(day.freeSlots('Aspen', 30), [{ start: hour(9), end: hour(10) }]);
  assert.equal(day.load('Aspen'), 0.5);
  day.confirm(id);
  assert.deepEqual(day.freeSlots('Aspen', 30), [{ start: hour(9), end: hour(10) }]);
});
test('a slot booked again after a cancellation is taken', () => {
  const day = new Calendar(['Aspen'], { opens: hour(8), closes: hour(10) });
  day.cancel(day.book('Aspen', hour(8), hour(9), 'first').id);
  day.book('Aspen', hour(8), hour(9), 'second');
  assert.deepEqual(day.freeSlots('Aspen', 30), [{ start: hour(9), end: hour(10) }]);
  assert.deepEqual(day.history('Aspen').map(({ title, state }) => `${title} ${state}`), ['first cancelled', 'second confirmed']);
});
test('a room with cancelled bookings alone can be the best one and has no load', () => {
  const day = new Calendar(['Aspen', 'Birch'], { opens: hour(8), closes: hour(12) });
  day.cancel(day.book('Aspen', hour(8), hour(12), 'all day').id);
  day.book('Birch', hour(9), hour(12), 'busy');
  assert.equal(day.bestRoom(hour(10), hour(11)), 'Aspen');
  assert.equal(day.bestRoom(hour(8), hour(9)), 'Birch');
  assert.equal(day.load('Aspen'), 0);
});
