import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bestDay, salesReport } from '../src/report.js';

const sales = [
  { at: '2025-06-01T08:00:00Z', branch: 'north', cents: 500 },
  { at: '2025-06-10T12:30:00Z', branch: 'south', cents: 700 },
  { at: '2025-06-10T16:00:00Z', branch: 'north', cents: 100, refunded: true },
  { at: '2025-07-02T09:00:00Z', branch: 'north', cents: 900 },
];

test('reports a month', () => {
  const report = salesReport(sales, '2025-06');
  assert.equal(report.cents, 1_200);
  assert.deepEqual(report.byBranch, { north: 500, south: 700 });
  assert.deepEqual(bestDay(report), { day: '2025-06-10', cents: 700 });
});

test('reports one branch and longer periods', () => {
  assert.equal(salesReport(sales, '2025', { branch: 'north' }).cents, 1_400);
  assert.equal(salesReport(sales, '2025-Q2').count, 2);
  assert.throws(() => salesReport(sales, '2025-13'), /no period/);
});
