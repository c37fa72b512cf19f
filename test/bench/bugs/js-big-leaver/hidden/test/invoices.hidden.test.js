import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allHandlers } from '../src/handlers/all.js';
import { isAllowed, visibleAreas } from '../src/lib/permissions.js';
import { makeOffice } from '../src/office.js';

const TODAY = '2025-05-05';
const ida = { name: 'Ida', roles: ['accountant', 'clerk'] };
test('up to the last day, which is included', () => {
  for (const [leaves, may] of [['2025-05-04', false], ['2025-05-05', true], ['2025-05-06', true], ['2024-12-31', false], ['2026-01-01', true], [undefined, true]]) {
    for (const action of ['read', 'write']) assert.equal(isAllowed({ ...ida, leaves }, 'invoices', action, TODAY), may, `${leaves} ${action}`);
    assert.equal(visibleAreas({ ...ida, leaves }, TODAY).length > 0, may, String(leaves));
  }
});
test('between the first and the last day', () => {
  const short = { ...ida, begins: '2025-05-02', leaves: '2025-05-03' };
  assert.deepEqual(['2025-05-01', '2025-05-02', '2025-05-03', '2025-05-04'].map((day) => isAllowed(short, 'orders', 'read', day)), [false, true, true, false]);
});
test('holds in every area and follows the clock', () => {
  const office = makeOffice('2025-05-05T10:00:00Z');
  const handlers = allHandlers(office);
  const all = { name: 'Max', roles: ['clerk', 'storekeeper', 'accountant', 'manager'], leaves: '2025-05-05' };
  for (const handler of Object.values(handlers)) assert.equal(handler.list(all).count, 0);
  office.clock.set('2025-05-06T00:00:00Z');
  for (const handler of Object.values(handlers)) assert.throws(() => handler.list(all), { status: 403 });
  for (const handler of Object.values(handlers)) assert.throws(() => handler.create(all, {}), { status: 403 });
});
test('roles are as they were', () => {
  assert.equal(isAllowed({ name: 'K', roles: ['clerk'] }, 'articles', 'write', TODAY), false);
  assert.equal(isAllowed({ name: 'K', roles: ['clerk'] }, 'articles', 'read', TODAY), true);
  assert.equal(isAllowed({ name: 'K', roles: ['unknown'] }, 'articles', 'read', TODAY), false);
});
