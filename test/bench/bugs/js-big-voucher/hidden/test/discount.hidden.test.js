import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ordersHandler } from '../src/handlers/orders.js';
import { applyVouchers, voucherFault } from '../src/lib/discount.js';
import { makeOffice } from '../src/office.js';

const TODAY = '2025-05-05';
for (const [goods, from, fault] of [[5_000, 5_000, undefined], [4_999, 5_000, 'the goods cost too little'], [5_001, 5_000, undefined], [0, 0, undefined], [1, 0, undefined], [0, 1, 'the goods cost too little'], [1, 1, undefined], [10, undefined, undefined]]) {
  test(`goods for ${goods}, voucher from ${from}`, () => assert.equal(voucherFault({ kind: 'fixed', value: 1, from }, goods, TODAY), fault));
}
test('counts up to and on its last day', () => {
  const on = (lastDay) => voucherFault({ kind: 'fixed', value: 1, lastDay, from: 100 }, 100, TODAY);
  assert.deepEqual(['2025-05-04', '2025-05-05', '2025-05-06'].map(on), ['it is expired', undefined, undefined]);
});
test('the limit is for the goods, not for what other vouchers leave', () => {
  assert.deepEqual(applyVouchers([{ kind: 'percent', value: 50 }, { kind: 'fixed', value: 700, from: 2_000 }], 2_000, TODAY), { payCents: 300, offCents: 1_700, refused: [] });
});
test('quotes', () => {
  const office = makeOffice('2025-05-05T10:00:00Z');
  const clerk = { name: 'Kim', roles: ['clerk'] };
  office.collections.vouchers.add({ code: 'TEN', value: 1_000, from: 5_000 });
  const orders = ordersHandler(office);
  const quote = (goodsCents) => orders.quote(clerk, orders.create(clerk, { customer: 'C1', goodsCents }).id, ['TEN']);
  assert.deepEqual(quote(5_000), { payCents: 4_000, offCents: 1_000, refused: [] });
  assert.deepEqual(quote(4_999), { payCents: 4_999, offCents: 0, refused: ['TEN: the goods cost too little'] });
  assert.throws(() => orders.quote(clerk, 'O1', ['NONE']), { status: 404 });
});
