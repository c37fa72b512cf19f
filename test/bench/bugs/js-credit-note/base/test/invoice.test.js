import assert from 'node:assert/strict';
import { test } from 'node:test';
import { balance, creditNote, printInvoice, totals } from '../src/invoice.js';

const invoice = {
  number: '2024-17',
  lines: [
    { text: 'Notebook', quantity: 3, unitPrice: '2.50', rate: 'standard' },
    { text: 'Bread', quantity: 1, unitPrice: '3.40', rate: 'reduced' },
  ],
};

test('adds up net, tax and gross', () => {
  assert.deepEqual(totals(invoice), { net: 1090, tax: 143 + 26, gross: 1259 });
});

test('prints an invoice', () => {
  assert.equal(printInvoice(invoice), 'No. 2024-17\n3 x Notebook: 7.50\n1 x Bread: 3.40\nNet 10.90\nTax 1.69\nTotal 12.59');
});

test('owes nothing once a credit note takes the invoice back', () => {
  assert.equal(totals(creditNote(invoice, '2024-18')).gross, -1259);
  assert.equal(balance([invoice, creditNote(invoice, '2024-18')]), 0);
});

test('takes back single lines', () => {
  assert.deepEqual(creditNote(invoice, '2024-19', [0]).lines.map(({ quantity }) => quantity), [-3]);
  assert.throws(() => creditNote(invoice, '2024-19', [7]), /no line 7/);
});
