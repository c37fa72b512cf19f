/**
 * Loads values by key through a function of the caller and keeps them for a while.
 *
 * - However many ask for a key at once, it is fetched once.
 * - A failure is told to everyone who waits for it, and is not kept.
 * - After `invalidate(key)`, nothing that was asked for before it is handed to those who ask after it.
 */
export class Loader {
  #fetchOne;
  #lifetimeMs;
  #now;
  #kept = new Map();
  #underWay = new Map();
  #counts = { hits: 0, joined: 0, fetched: 0, failed: 0 };

  /**
   * @param {(key: string) => Promise<unknown>} fetchOne
   * @param {{ lifetimeMs?: number, now?: () => number }} [options]
   */
  constructor(fetchOne, { lifetimeMs = 60_000, now = Date.now } = {}) {
    this.#fetchOne = fetchOne;
    this.#lifetimeMs = lifetimeMs;
    this.#now = now;
  }

  async get(key) {
    const kept = this.#kept.get(key);
    if (kept !== undefined && this.#now() < kept.until) {
      this.#counts.hits++;
      return kept.value;
    }
    const underWay = this.#underWay.get(key);
    if (underWay !== undefined) {
      this.#counts.joined++;
      return underWay;
    }
    const task = this.#load(key);
    this.#underWay.set(key, task);
    return task;
  }

  /** In the order of the keys. Fails with the first that fails. */
  async getMany(keys) {
    return Promise.all(keys.map((key) => this.get(key)));
  }

  /** Keeps a value that the caller has got by other means. */
  put(key, value) {
    this.#underWay.delete(key);
    this.#keep(key, value);
  }

  invalidate(key) {
    this.#kept.delete(key);
    this.#underWay.delete(key);
  }

  clear() {
    this.#kept.clear();
    this.#underWay.clear();
  }

  get counts() {
    return { ...this.#counts, kept: this.#kept.size };
  }

  async #load(key) {
    this.#counts.fetched++;
    // A turn later, so that get() has put the task down.
    await undefined;
    const task = this.#underWay.get(key);
    const isCurrent = () => task !== undefined && this.#underWay.get(key) === task;
    try {
      const value = await this.#fetchOne(key);
      this.#keep(key, value);
      return value;
    } catch (error) {
      this.#counts.failed++;
      throw error;
    } finally {
      if (isCurrent()) this.#underWay.delete(key);
    }
  }

  #keep(key, value) {
    this.#kept.set(key, { value, until: this.#now() + this.#lifetimeMs });
  }
}
