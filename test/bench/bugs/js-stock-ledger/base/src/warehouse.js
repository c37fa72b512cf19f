import { availableOn } from './availability.js';
import { Lots } from './lots.js';
import { pickList } from './picking.js';

/** Stock by lots, reservations of orders, and picking. Days are ISO dates. */
export class Warehouse {
  #lots = new Lots();
  #reservations = new Map();

  receive(lot) {
    this.#lots.receive(lot);
  }

  /** Quality control: a blocked lot is neither promised nor picked until it is released. */
  block(lotId) {
    this.#lots.get(lotId).blocked = true;
  }

  release(lotId) {
    this.#lots.get(lotId).blocked = false;
  }

  /** Pieces on the shelves, whatever their state. */
  onHand(article) {
    return this.#lots.of(article).reduce((sum, { quantity }) => sum + quantity, 0);
  }

  available(article, day) {
    return availableOn(this.#lots, this.#reservations.values(), article, day);
  }

  reserve(order, article, quantity, day) {
    if (this.#reservations.has(order)) throw new Error(`Order ${order} has a reservation.`);
    const available = this.available(article, day);
    if (quantity > available) throw new Error(`Only ${available} of ${article} are available.`);
    this.#reservations.set(order, { article, quantity });
  }

  cancel(order) {
    return this.#reservations.delete(order);
  }

  /** Takes what an order has reserved off the shelves and says from where. */
  ship(order, day) {
    const reservation = this.#reservations.get(order);
    if (reservation === undefined) throw new Error(`Order ${order} has no reservation.`);
    const picks = pickList(this.#lots, reservation.article, reservation.quantity, day);
    for (const { lot, quantity } of picks) this.#lots.take(lot, quantity);
    this.#reservations.delete(order);
    return picks;
  }
}
