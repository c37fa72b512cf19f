/**
 * Goods come in lots: one delivery of one article, with a day on which it expires.
 * @typedef {{ id: string, article: string, quantity: number, expires: string, blocked: boolean }} Lot
 */
export class Lots {
  /** @type {Map<string, Lot>} */
  #lots = new Map();

  receive({ id, article, quantity, expires }) {
    if (this.#lots.has(id)) throw new Error(`Lot ${id} is there already.`);
    if (!Number.isInteger(quantity) || quantity < 1) throw new RangeError(`A lot has one piece at least, not ${quantity}.`);
    this.#lots.set(id, { id, article, quantity, expires, blocked: false });
  }

  get(id) {
    const lot = this.#lots.get(id);
    if (lot === undefined) throw new Error(`There is no lot ${id}.`);
    return lot;
  }

  /** By day of expiry, then by id. */
  of(article) {
    return [...this.#lots.values()].filter((lot) => lot.article === article).sort((a, b) => a.expires.localeCompare(b.expires) || a.id.localeCompare(b.id));
  }

  take(id, quantity) {
    const lot = this.get(id);
    if (quantity > lot.quantity) throw new RangeError(`Lot ${id} has ${lot.quantity}, not ${quantity}.`);
    lot.quantity -= quantity;
  }
}
