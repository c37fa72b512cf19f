import assert from 'node:assert/strict';
import { test } from 'node:test';
import { book, price } from './booking.js';

const NINE = 9 * 3600;

test('books whole hours', () => {
  const booking = book([], { room: 'Ada', start: NINE, duration: '2h' });
  assert.equal(booking.end, 11 * 3600);
});

test('refuses a room that is taken', () => {
  const calendar = [];
  book(calendar, { room: 'Ada', start: NINE, duration: '1h' });
  assert.throws(() => book(calendar, { room: 'Ada', start: NINE + 1800, duration: '1h' }), /taken/);
});

test('charges by the hour', () => {
  assert.equal(price('2h'), 4800);
});

test('charges half an hour', () => {
  assert.equal(price('30m'), 1200);
});
