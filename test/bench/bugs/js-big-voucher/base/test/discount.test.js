import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyVouchers, discountOf } from '../src/lib/discount.js';

const TODAY = '2025-05-05';

test('takes a percent voucher off, up to its limit', () => {
  assert.equal(discountOf({ kind: 'percent', value: 15 }, 1_990), 299);
  assert.equal(discountOf({ kind: 'percent', value: 50, atMost: 500 }, 4_000), 500);
});

test('takes percents off first', () => {
  const vouchers = [{ kind: 'fixed', value: 500 }, { kind: 'percent', value: 10 }];
  assert.equal(applyVouchers(vouchers, 5_000, TODAY).payCents, 4_000);
});

test('takes nothing off when the goods cost too little', () => {
  const { payCents, refused } = applyVouchers([{ kind: 'fixed', value: 1_000, from: 5_000 }], 4_999, TODAY);
  assert.equal(payCents, 4_999);
  assert.equal(refused[0].reason, 'the goods cost too little');
});

test('takes a voucher "from 50" when the goods cost 50', () => {
  assert.deepEqual(applyVouchers([{ kind: 'fixed', value: 1_000, from: 5_000 }], 5_000, TODAY), { payCents: 4_000, offCents: 1_000, refused: [] });
});

test('takes no expired voucher', () => {
  assert.equal(applyVouchers([{ kind: 'fixed', value: 1_000, lastDay: '2025-05-04' }], 5_000, TODAY).offCents, 0);
});
