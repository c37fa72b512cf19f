import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { invoicesHandler } from '../src/handlers/invoices.js';
import { makeOffice } from '../src/office.js';

const accountant = { name: 'Ida', roles: ['accountant'] };
let office;
let invoices;

beforeEach(() => {
  office = makeOffice('2025-05-05T10:00:00Z');
  invoices = invoicesHandler(office);
});

test('lists what is overdue', () => {
  invoices.create(accountant, { order: 'O1', grossCents: 100, issued: '2025-04-01', due: '2025-05-01', state: 'sent' });
  invoices.create(accountant, { order: 'O2', grossCents: 100, issued: '2025-04-20', due: '2025-05-05', state: 'sent' });
  assert.deepEqual(invoices.overdue(accountant).map(({ order, days }) => [order, days]), [['O1', 4]]);
});

test('keeps a sent invoice as it is', () => {
  const { id } = invoices.create(accountant, { order: 'O1', grossCents: 100, issued: '2025-04-01', state: 'sent' });
  assert.throws(() => invoices.change(accountant, id, { grossCents: 1 }), { status: 409 });
});

test('lets a clerk read only', () => {
  const clerk = { name: 'Kim', roles: ['clerk'] };
  assert.equal(invoices.list(clerk).count, 0);
  assert.throws(() => invoices.create(clerk, { order: 'O1', grossCents: 1, issued: '2025-05-05' }), { status: 403, message: 'Kim may not write invoices.' });
});

test('lets nobody in who has left', () => {
  const leaver = { ...accountant, leaves: '2025-04-30' };
  assert.throws(() => invoices.list(leaver), { status: 403 });
});

test('lets nobody in who has not begun', () => {
  assert.throws(() => invoices.list({ ...accountant, begins: '2025-05-06' }), { status: 403 });
  assert.equal(invoices.list({ ...accountant, begins: '2025-05-05' }).count, 0);
});
