import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDay, parseDay } from '../src/day.ts';
import { daysOf, daysWithin, makeRule, nextAfter, type Unit } from '../src/recurrence.ts';

const cases: readonly (readonly [string, number, Unit, readonly string[]])[] = [
  ['2024-01-30', 1, 'month', ['2024-01-30', '2024-02-29', '2024-03-30', '2024-04-30']],
  ['2023-11-30', 3, 'month', ['2023-11-30', '2024-02-29', '2024-05-30', '2024-08-30']],
  ['2024-02-29', 1, 'year', ['2024-02-29', '2025-02-28', '2026-02-28', '2027-02-28', '2028-02-29']],
  ['2024-10-31', 2, 'month', ['2024-10-31', '2024-12-31', '2025-02-28', '2025-04-30', '2025-06-30', '2025-08-31']],
  ['2025-04-30', 1, 'month', ['2025-04-30', '2025-05-30', '2025-06-30']],
  ['2025-02-28', 1, 'month', ['2025-02-28', '2025-03-28']],
  ['2025-12-15', 1, 'month', ['2025-12-15', '2026-01-15']],
  ['2024-02-28', 1, 'day', ['2024-02-28', '2024-02-29', '2024-03-01']],
  ['2024-12-30', 1, 'week', ['2024-12-30', '2025-01-06', '2025-01-13']],
];
for (const [first, every, unit, expected] of cases) {
  test(`every ${every} ${unit} from ${first}`, () => {
    assert.deepEqual([...daysOf(makeRule({ first: parseDay(first), every, unit, times: expected.length }))].map(formatDay), expected);
  });
}
test('with an end and within a window', () => {
  const rule = makeRule({ first: parseDay('2025-01-31'), every: 1, unit: 'month', until: parseDay('2025-05-31') });
  assert.equal([...daysOf(rule)].length, 5);
  assert.equal([...daysOf({ ...rule, until: parseDay('2025-05-30') })].length, 4);
  assert.deepEqual(daysWithin(rule, parseDay('2025-03-29'), parseDay('2025-04-30')).map(formatDay), ['2025-03-31', '2025-04-30']);
  const next = nextAfter(rule, parseDay('2025-03-30'));
  assert.equal(next && formatDay(next), '2025-03-31');
  assert.equal(nextAfter(rule, parseDay('2025-05-31')), undefined);
});
