/** Who changed what, newest last. Keeps the last entries only. */
export class Audit {
  #entries = [];

  constructor(clock, { keep = 10_000 } = {}) {
    this.clock = clock;
    this.keep = keep;
  }

  note(employee, action, record) {
    this.#entries.push({ at: this.clock.now().toISOString(), who: employee.name, action, id: record.id });
    if (this.#entries.length > this.keep) this.#entries.splice(0, this.#entries.length - this.keep);
  }

  of(id) {
    return this.#entries.filter((entry) => entry.id === id);
  }
}
