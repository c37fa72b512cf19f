import assert from 'node:assert/strict';
import { test } from 'node:test';
import { customersHandler } from '../src/handlers/customers.js';
import { pageLabel, pageOf } from '../src/lib/paging.js';
import { makeOffice } from '../src/office.js';

for (let count = 0; count <= 13; count++) {
  test(`${count} items`, () => {
    const items = Array.from({ length: count }, (_, index) => index);
    for (const size of [1, 2, 3, 5, 13, 20]) {
      const pages = Math.max(1, Math.ceil(count / size));
      const seen = [];
      for (let page = 1; page !== null;) {
        const result = pageOf(items, { page, size });
        assert.equal(result.pages, pages, `${count} by ${size}`);
        assert.equal(result.count, count);
        assert.equal(result.previous, page === 1 ? null : page - 1);
        seen.push(...result.items);
        page = result.next;
      }
      assert.deepEqual(seen, items);
      assert.deepEqual(pageOf(items, { page: pages + 5, size }), { items: [], page: pages + 5, pages, count, previous: pages, next: null });
    }
  });
}
test('labels, limits and handlers', () => {
  assert.equal(pageLabel(pageOf(Array(57).fill(0), { page: 3 })), '41–57 of 57');
  assert.throws(() => pageOf([], { page: 0 }), { status: 400 });
  assert.throws(() => pageOf([], { size: 101 }), { status: 400 });
  const clerk = { name: 'Kim', roles: ['clerk'] };
  const customers = customersHandler(makeOffice());
  for (let i = 0; i < 21; i++) customers.create(clerk, { name: `N${i}` });
  assert.equal(customers.list(clerk).next, 2);
  assert.equal(customers.list(clerk, { page: 2 }).items.length, 1);
  assert.equal(customers.list(clerk, { page: 2 }).next, null);
});
