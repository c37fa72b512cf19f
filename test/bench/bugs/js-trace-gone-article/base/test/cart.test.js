import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cart } from '../src/cart.js';
import { Catalogue } from '../src/catalogue.js';

const catalogue = () => new Catalogue([
  { sku: 'P1', name: 'Pen', priceCents: 150, weightGrams: 20 },
  { sku: 'B1', name: 'Book', priceCents: 1_990, weightGrams: 700 },
]);

test('sums up', () => {
  const cart = new Cart(catalogue());
  cart.put('P1', 10);
  cart.put('B1');
  assert.deepEqual(cart.summary(), { goodsCents: 1_350 + 1_990, shippingCents: 490, totalCents: 3_830 });
});

test('shows what is gone', () => {
  const articles = catalogue();
  const cart = new Cart(articles);
  cart.put('P1');
  articles.discontinue('P1');
  assert.deepEqual(cart.view(), [{ sku: 'P1', quantity: 1, gone: true }]);
  assert.throws(() => cart.checkout(), /nothing to order/);
});
