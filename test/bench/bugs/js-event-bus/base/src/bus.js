import { checkPattern, checkTopic, topicMatches } from './topic.js';

/**
 * @typedef {(data: unknown, topic: string) => void} Listener
 * @typedef {{ pattern: string, listener: Listener, priority: number, once: boolean }} Subscription
 */

/**
 * Hands what is published to those who subscribed: higher priority first, then in the order of subscription.
 *
 * - A listener that throws does not keep the others from being called; the first error is thrown when all were.
 * - A listener may publish, subscribe and unsubscribe. New subscriptions count from the next message on, ended ones at once.
 * - A listener for one message is called for one, whatever it does with the bus.
 */
export class Bus {
  /** @type {Subscription[]} */
  #subscriptions = [];
  #published = 0;

  /** @returns {() => boolean} ends the subscription; true if there was something to end. */
  on(pattern, listener, { priority = 0 } = {}) {
    return this.#subscribe({ pattern, listener, priority, once: false });
  }

  /** For the next message only. */
  once(pattern, listener, { priority = 0 } = {}) {
    return this.#subscribe({ pattern, listener, priority, once: true });
  }

  /** Resolves with the next message that matches. */
  next(pattern) {
    return new Promise((resolve) => this.once(pattern, (data, topic) => resolve({ data, topic })));
  }

  /** Ends every subscription of a listener; how many there were. */
  off(listener) {
    const before = this.#subscriptions.length;
    this.#subscriptions = this.#subscriptions.filter((subscription) => subscription.listener !== listener);
    return before - this.#subscriptions.length;
  }

  /** How many listeners were called. */
  publish(topic, data) {
    checkTopic(topic);
    this.#published++;
    const errors = [];
    let called = 0;
    for (const subscription of this.#subscriptions.filter(({ pattern }) => topicMatches(pattern, topic))) {
      if (!this.#subscriptions.includes(subscription)) continue;
      called++;
      try {
        subscription.listener(data, topic);
      } catch (error) {
        errors.push(error);
      }
      if (subscription.once) this.#end(subscription);
    }
    if (errors.length > 0) throw errors[0];
    return called;
  }

  get size() {
    return this.#subscriptions.length;
  }

  get published() {
    return this.#published;
  }

  #subscribe(subscription) {
    checkPattern(subscription.pattern);
    if (typeof subscription.listener !== 'function') throw new TypeError('A listener is a function.');
    const at = this.#subscriptions.findIndex(({ priority }) => priority < subscription.priority);
    this.#subscriptions = at < 0 ? [...this.#subscriptions, subscription] : this.#subscriptions.toSpliced(at, 0, subscription);
    return () => this.#end(subscription);
  }

  #end(subscription) {
    const rest = this.#subscriptions.filter((other) => other !== subscription);
    const isThere = rest.length < this.#subscriptions.length;
    this.#subscriptions = rest;
    return isThere;
  }
}
