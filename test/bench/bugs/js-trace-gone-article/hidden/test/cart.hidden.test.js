import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cart } from '../src/cart.js';
import { Catalogue } from '../src/catalogue.js';

function made() {
  const catalogue = new Catalogue([
    { sku: 'P', name: 'Pen', priceCents: 150, weightGrams: 20 },
    { sku: 'B', name: 'Book', priceCents: 1_990, weightGrams: 700 },
    { sku: 'X', name: 'Box', priceCents: 500, weightGrams: 4_900 },
  ]);
  return { catalogue, cart: new Cart(catalogue) };
}
test('what is gone costs nothing and weighs nothing', () => {
  const { catalogue, cart } = made();
  cart.put('P', 2);
  cart.put('X');
  cart.put('B');
  catalogue.discontinue('X');
  assert.deepEqual(cart.summary(), { goodsCents: 2_290, shippingCents: 490, totalCents: 2_780 });
  assert.deepEqual(cart.checkout(), [{ sku: 'P', quantity: 2 }, { sku: 'B', quantity: 1 }]);
  assert.deepEqual(cart.view().map(({ gone }) => gone), [false, true, false]);
});
test('a cart of which all is gone costs nothing', () => {
  const { catalogue, cart } = made();
  cart.put('P', 12);
  catalogue.discontinue('P');
  assert.deepEqual(cart.summary(), { goodsCents: 0, shippingCents: 0, totalCents: 0 });
});
test('what is gone does not help to free shipping', () => {
  const { catalogue, cart } = made();
  cart.put('B', 4);
  assert.equal(cart.summary().shippingCents, 0);
  cart.put('P');
  catalogue.discontinue('B');
  assert.deepEqual(cart.summary(), { goodsCents: 150, shippingCents: 490, totalCents: 640 });
});
