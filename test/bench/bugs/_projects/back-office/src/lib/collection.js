import { badRequest, notFound } from './errors.js';
import { completed, faultsOf } from './fields.js';

/** Records of one model in memory, by id. */
export class Collection {
  #records = new Map();
  #nextId = 1;

  constructor(model) {
    this.model = model;
  }

  add(record) {
    const complete = completed(this.model.fields, record);
    this.#check(complete);
    const id = `${this.model.prefix}${this.#nextId++}`;
    const stored = { id, ...complete };
    this.#records.set(id, stored);
    return stored;
  }

  get(id) {
    const record = this.#records.get(id);
    if (record === undefined) throw notFound(this.model.name, id);
    return record;
  }

  change(id, changes) {
    const changed = { ...this.get(id), ...changes, id };
    this.#check(changed);
    this.#records.set(id, changed);
    return changed;
  }

  remove(id) {
    this.get(id);
    this.#records.delete(id);
  }

  all() {
    return [...this.#records.values()];
  }

  get size() {
    return this.#records.size;
  }

  #check(record) {
    const faults = faultsOf(this.model.fields, record);
    const names = Object.keys(faults);
    if (names.length > 0) throw badRequest(names.map((name) => `${name} ${faults[name]}`).join('; '), faults);
  }
}
