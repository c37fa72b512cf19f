/** A clock that tests can set. */
export class Clock {
  #fixed;

  constructor(fixed) {
    this.#fixed = fixed;
  }

  now() {
    return this.#fixed === undefined ? new Date() : new Date(this.#fixed);
  }

  today() {
    return this.now().toISOString().slice(0, 10);
  }

  set(instant) {
    this.#fixed = instant;
  }
}
