import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDay, parseDay } from '../src/day.ts';
import { daysOf, daysWithin, makeRule, nextAfter, type Unit } from '../src/recurrence.ts';

function days(first: string, every: number, unit: Unit, times: number): string[] {
  return [...daysOf(makeRule({ first: parseDay(first), every, unit, times }))].map(formatDay);
}

test('comes every other week', () => {
  assert.deepEqual(days('2025-02-20', 2, 'week', 3), ['2025-02-20', '2025-03-06', '2025-03-20']);
});

test('ends on a day', () => {
  const rule = makeRule({ first: parseDay('2025-01-01'), every: 1, unit: 'day', until: parseDay('2025-01-03') });
  assert.equal([...daysOf(rule)].length, 3);
  assert.equal(nextAfter(rule, parseDay('2025-01-03')), undefined);
});

test('comes on the last day of shorter months', () => {
  assert.deepEqual(days('2025-01-31', 1, 'month', 5), ['2025-01-31', '2025-02-28', '2025-03-31', '2025-04-30', '2025-05-31']);
});

test('finds the days of a month', () => {
  const rule = makeRule({ first: parseDay('2025-01-06'), every: 1, unit: 'week' });
  assert.deepEqual(daysWithin(rule, parseDay('2025-02-01'), parseDay('2025-02-28')).map(formatDay), ['2025-02-03', '2025-02-10', '2025-02-17', '2025-02-24']);
});

test('refuses rules that make no sense', () => {
  assert.throws(() => days('2025-01-01', 0, 'day', 1), /every 1, 2, 3/);
  assert.throws(() => parseDay('2025-02-29'), /There is no/);
});
