import assert from 'node:assert/strict';
import { test } from 'node:test';
import { balance, creditNote, totals } from '../src/invoice.js';
import { timesFraction } from '../src/money.js';
import { taxOn, taxWithin } from '../src/tax.js';

const isOpposite = (a, b) => assert.ok(a + b === 0, `${a} and ${b}`);

test('rounds to the nearest cent, half away from zero', () => {
  for (const [cents, numerator, denominator, result] of [[5, 1, 10, 1], [-5, 1, 10, -1], [15, 1, 10, 2], [-15, 1, 10, -2], [-14, 1, 10, -1], [-16, 1, 10, -2], [14, 1, 10, 1], [16, 1, 10, 2], [100, 3, 4, 75], [-100, 3, 4, -75]]) {
    assert.equal(timesFraction(cents, numerator, denominator), result, `${cents} * ${numerator} / ${denominator}`);
  }
  assert.ok(timesFraction(-4, 1, 10) === 0);
  assert.ok(timesFraction(0, 1, 10) === 0);
});
test('tax of an amount given back is the tax of the amount', () => {
  for (let net = 0; net <= 400; net++) {
    for (const rate of ['standard', 'reduced', 'none']) {
      isOpposite(taxOn(net, rate), taxOn(-net, rate));
      isOpposite(taxWithin(net, rate), taxWithin(-net, rate));
    }
  }
  assert.equal(taxOn(340, 'reduced'), 26);
  assert.equal(taxOn(50, 'standard'), 10);
});
test('every invoice and its credit note cancel out, with discounts', () => {
  for (let price = 1; price < 120; price++) {
    const invoice = { number: '1', lines: [{ text: 'x', quantity: 1, unitPrice: `0.${String(price % 100).padStart(2, '0')}`, rate: 'reduced', discountPercent: 25 }, { text: 'y', quantity: 2, unitPrice: '1.05', discountPercent: 5 }] };
    isOpposite(totals(invoice).net, totals(creditNote(invoice, '2')).net);
    assert.ok(balance([invoice, creditNote(invoice, '2')]) === 0);
  }
  assert.equal(totals({ number: '1', lines: [{ text: 'x', quantity: 1, unitPrice: '0.10', discountPercent: 25 }] }).net, 7);
});
