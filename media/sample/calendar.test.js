import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findConflict, overlaps } from './calendar.js';

test('bookings may touch', () => {
  assert.equal(overlaps({ start: 0, end: 10 }, { start: 10, end: 20 }), false);
  assert.equal(overlaps({ start: 0, end: 11 }, { start: 10, end: 20 }), true);
});

test('other rooms are no conflict', () => {
  assert.equal(findConflict([{ room: 'Ada', start: 0, end: 10 }], { room: 'Bob', start: 0, end: 10 }), undefined);
});
