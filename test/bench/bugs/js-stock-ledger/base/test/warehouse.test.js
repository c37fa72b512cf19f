import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Warehouse } from '../src/warehouse.js';

const TODAY = '2025-03-10';
let warehouse;

beforeEach(() => {
  warehouse = new Warehouse();
  warehouse.receive({ id: 'L1', article: 'yoghurt', quantity: 10, expires: '2025-03-12' });
  warehouse.receive({ id: 'L2', article: 'yoghurt', quantity: 20, expires: '2025-03-20' });
  warehouse.receive({ id: 'L3', article: 'yoghurt', quantity: 5, expires: '2025-03-09' });
});

test('promises what is not expired', () => {
  assert.equal(warehouse.onHand('yoghurt'), 35);
  assert.equal(warehouse.available('yoghurt', TODAY), 30);
  assert.equal(warehouse.available('yoghurt', '2025-03-15'), 20);
});

test('promises nothing twice', () => {
  warehouse.reserve('A', 'yoghurt', 25, TODAY);
  assert.throws(() => warehouse.reserve('B', 'yoghurt', 6, TODAY), /Only 5/);
  warehouse.cancel('A');
  warehouse.reserve('B', 'yoghurt', 6, TODAY);
});

test('ships what expires first', () => {
  warehouse.reserve('A', 'yoghurt', 12, TODAY);
  assert.deepEqual(warehouse.ship('A', TODAY), [{ lot: 'L1', quantity: 10 }, { lot: 'L2', quantity: 2 }]);
  assert.equal(warehouse.onHand('yoghurt'), 23);
});

test('neither promises nor ships what quality control has blocked', () => {
  warehouse.block('L1');
  assert.equal(warehouse.available('yoghurt', TODAY), 20);
  warehouse.reserve('A', 'yoghurt', 4, TODAY);
  assert.deepEqual(warehouse.ship('A', TODAY), [{ lot: 'L2', quantity: 4 }]);
});
