import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeOffice } from '../src/office.js';

test('checks records', () => {
  const { customers } = makeOffice().collections;
  assert.throws(() => customers.add({ city: 'Graz' }), { status: 400, message: 'name is missing' });
  assert.throws(() => customers.add({ name: 'Ann', hobby: 'chess' }), /hobby is not known/);
  const { id } = customers.add({ name: 'Ann' });
  assert.equal(customers.get(id).blocked, false);
  assert.throws(() => customers.get('C99'), { status: 404 });
});
