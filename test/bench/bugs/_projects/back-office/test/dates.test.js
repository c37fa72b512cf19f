import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addDays, daysBetween, formatDay, isDay } from '../src/lib/dates.js';

test('knows days', () => {
  assert.equal(isDay('2025-02-29'), false);
  assert.equal(addDays('2025-02-28', 1), '2025-03-01');
  assert.equal(daysBetween('2025-01-01', '2025-03-01'), 59);
  assert.equal(formatDay('2025-01-09'), '09.01.2025');
});
