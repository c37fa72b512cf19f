import assert from 'node:assert/strict';
import { test } from 'node:test';
import { articlesView } from '../src/views/articles.js';

test('shows a table', () => {
  const table = articlesView([{ id: 'A1', name: 'Lamp', priceCents: 1950, stock: 3 }]);
  assert.equal(table, 'No.  Name  PriceCents  Stock  Group\nA1   Lamp   19.50 EUR      3');
});
