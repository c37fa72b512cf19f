import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bestDay, salesReport } from '../src/report.js';

const sales = ['2025-05-31', '2025-06-01', '2025-06-29', '2025-06-30', '2025-07-01'].flatMap((day) => ['T00:00:00Z', 'T23:59:59.999Z'].map((time) => ({ at: day + time, branch: 'b', cents: 1 })));
for (const [period, cents, days] of [['2025-06', 6, 30], ['2025-05', 2, 31], ['2025-Q2', 8, 91], ['2025-Q3', 2, 92], ['2025', 10, 365], ['2025-06-30..2025-06-30', 2, 1], ['2025-06-29..2025-06-30', 4, 2], ['2025-06-02..2025-06-28', 0, 27]]) {
  test(period, () => {
    const report = salesReport(sales, period);
    assert.equal(report.cents, cents);
    assert.equal(report.count, cents);
    assert.equal(report.byDay.length, days);
    assert.equal(report.byDay.reduce((sum, [, value]) => sum + value, 0), cents);
  });
}
test('the last day can be the best', () => {
  assert.deepEqual(bestDay(salesReport([{ at: '2024-02-29T10:00:00Z', branch: 'b', cents: 5 }, { at: '2024-02-01T10:00:00Z', branch: 'b', cents: 4 }], '2024-02')), { day: '2024-02-29', cents: 5 });
});
