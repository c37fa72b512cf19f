import { lineCost, shippingCost } from './pricing.js';

/**
 * A cart holds articles by number only, and may lie for weeks before it is looked at again. What is no longer sold by then
 * stays in the cart, so that it can be shown crossed out, but it costs nothing, weighs nothing and is not ordered.
 */
export class Cart {
  #lines = new Map();

  constructor(catalogue) {
    this.catalogue = catalogue;
  }

  put(sku, quantity = 1) {
    if (this.catalogue.find(sku) === undefined) throw new Error(`There is no article ${sku}.`);
    if (!Number.isInteger(quantity) || quantity < 1) throw new RangeError('A quantity is a whole number from 1 on.');
    this.#lines.set(sku, (this.#lines.get(sku) ?? 0) + quantity);
  }

  drop(sku) {
    return this.#lines.delete(sku);
  }

  /** What to show: each line with its article, or with `gone` where there is none any more. */
  view() {
    return [...this.#lines].map(([sku, quantity]) => {
      const article = this.catalogue.find(sku);
      return article === undefined ? { sku, quantity, gone: true } : { sku, quantity, gone: false, name: article.name, costCents: lineCost(article, quantity) };
    });
  }

  /** Goods, shipping and total in cents. */
  summary() {
    const lines = this.#known();
    const goodsCents = lines.reduce((sum, { article, quantity }) => sum + lineCost(article, quantity), 0);
    const shippingCents = shippingCost(lines, goodsCents);
    return { goodsCents, shippingCents, totalCents: goodsCents + shippingCents };
  }

  /** The order's lines. An order has one at least. */
  checkout() {
    const lines = this.view().filter(({ gone }) => !gone);
    if (lines.length === 0) throw new Error('There is nothing to order.');
    return lines.map(({ sku, quantity }) => ({ sku, quantity }));
  }

  /** Lines with their articles. */
  #known() {
    return [...this.#lines].map(([sku, quantity]) => ({ article: this.catalogue.find(sku), quantity }));
  }
}
