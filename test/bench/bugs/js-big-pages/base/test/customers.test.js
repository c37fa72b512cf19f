import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { customersHandler } from '../src/handlers/customers.js';
import { makeOffice } from '../src/office.js';

const clerk = { name: 'Kim', roles: ['clerk'] };
let customers;

beforeEach(() => {
  customers = customersHandler(makeOffice('2025-05-05T10:00:00Z'));
  for (const name of ['Cleo', 'Ann', 'Böb', 'Dora', 'Emil']) customers.create(clerk, { name, city: name < 'C' ? 'Linz' : 'Graz' });
});

test('finds customers without regard to accents', () => {
  assert.deepEqual(customers.list(clerk, { text: 'bob' }).items.map(({ name }) => name), ['Böb']);
});

test('sorts and filters', () => {
  assert.deepEqual(customers.list(clerk, { where: { city: 'Graz' }, sort: '-name' }).items.map(({ name }) => name), ['Emil', 'Dora', 'Cleo']);
  assert.throws(() => customers.list(clerk, { sort: 'blocked' }), /Cannot sort/);
});

test('leads to the last page', () => {
  const second = customers.list(clerk, { sort: 'name', page: 2, size: 2 });
  assert.deepEqual(second.items.map(({ name }) => name), ['Cleo', 'Dora']);
  assert.equal(second.next, 3);
  assert.deepEqual(customers.list(clerk, { sort: 'name', page: 3, size: 2 }).items.map(({ name }) => name), ['Emil']);
});

test('refuses those who may not', () => {
  assert.throws(() => customers.list({ name: 'Lee', roles: ['storekeeper'] }), { status: 403 });
});
