import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Calendar } from '../src/calendar.js';

const hour = (h, m = 0) => h * 60 + m;

test('refuses a booking that overlaps another', () => {
  const day = new Calendar(['Aspen']);
  day.book('Aspen', hour(9), hour(10), 'Standup');
  assert.throws(() => day.book('Aspen', hour(9, 30), hour(11), 'Review'), /taken from 09:00 to 10:00/);
  assert.equal(day.isFree('Aspen', hour(10), hour(11)), true);
});

test('lists the gaps between bookings', () => {
  const day = new Calendar(['Aspen'], { opens: hour(9), closes: hour(13) });
  day.book('Aspen', hour(10), hour(11), 'Planning');
  day.book('Aspen', hour(11), hour(11, 30), 'Retro');
  assert.deepEqual(day.freeSlots('Aspen', 45), [{ start: hour(9), end: hour(10) }, { start: hour(11, 30), end: hour(13) }]);
});

test('offers the time of a cancelled booking again', () => {
  const day = new Calendar(['Aspen'], { opens: hour(9), closes: hour(13) });
  const planning = day.book('Aspen', hour(10), hour(11), 'Planning');
  day.cancel(planning.id);
  assert.equal(day.isFree('Aspen', hour(10), hour(11)), true);
  assert.deepEqual(day.freeSlots('Aspen', 60), [{ start: hour(9), end: hour(13) }]);
});

test('keeps cancelled bookings on record', () => {
  const day = new Calendar(['Aspen']);
  const { id } = day.book('Aspen', hour(10), hour(11), 'Planning');
  day.cancel(id);
  assert.deepEqual(day.history('Aspen').map(({ state }) => state), ['cancelled']);
  assert.throws(() => day.confirm(id), /was cancelled/);
});
