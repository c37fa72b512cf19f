import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Warehouse } from '../src/warehouse.js';

const TODAY = '2025-06-01';
function made() {
  const warehouse = new Warehouse();
  for (const [id, quantity, expires] of [['A', 3, '2025-06-02'], ['B', 4, '2025-06-05'], ['C', 5, '2025-06-09'], ['X', 9, '2025-05-31']]) warehouse.receive({ id, article: 'milk', quantity, expires });
  return warehouse;
}
test('a blocked lot is still on hand, and available again once released', () => {
  const warehouse = made();
  warehouse.block('B');
  assert.equal(warehouse.onHand('milk'), 21);
  assert.equal(warehouse.available('milk', TODAY), 8);
  warehouse.release('B');
  assert.equal(warehouse.available('milk', TODAY), 12);
  warehouse.reserve('o', 'milk', 5, TODAY);
  assert.deepEqual(warehouse.ship('o', TODAY), [{ lot: 'A', quantity: 3 }, { lot: 'B', quantity: 2 }]);
});
test('a lot blocked in the middle is passed over', () => {
  const warehouse = made();
  warehouse.block('B');
  warehouse.reserve('o', 'milk', 6, TODAY);
  assert.deepEqual(warehouse.ship('o', TODAY), [{ lot: 'A', quantity: 3 }, { lot: 'C', quantity: 3 }]);
});
test('a lot blocked after the reservation is not shipped', () => {
  const warehouse = made();
  warehouse.reserve('o', 'milk', 10, TODAY);
  warehouse.block('C');
  assert.throws(() => warehouse.ship('o', TODAY), /3 of 10 milk cannot be picked/);
  assert.equal(warehouse.onHand('milk'), 21);
  assert.equal(warehouse.available('milk', TODAY), 0);
  warehouse.release('C');
  assert.equal(warehouse.ship('o', TODAY).length, 3);
});
test('blocked lots cannot be promised, in whole or beside reservations', () => {
  const warehouse = made();
  for (const id of ['A', 'B', 'C', 'X']) warehouse.block(id);
  assert.equal(warehouse.available('milk', TODAY), 0);
  assert.throws(() => warehouse.reserve('o', 'milk', 1, TODAY), /Only 0/);
  warehouse.release('C');
  warehouse.reserve('o', 'milk', 5, TODAY);
  assert.throws(() => warehouse.reserve('p', 'milk', 1, TODAY), /Only 0/);
  warehouse.release('X');
  assert.equal(warehouse.available('milk', TODAY), 0);
});
