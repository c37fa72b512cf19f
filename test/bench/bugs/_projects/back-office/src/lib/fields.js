import { isDay } from './dates.js';

/** Kinds of fields. Each says what is wrong with a value, or undefined. */
const KINDS = {
  text: (value, { longest = 200 }) => (typeof value !== 'string' ? 'must be a text' : value.length > longest ? `must not be longer than ${longest}` : undefined),
  whole: (value, { from = 0, to = Number.MAX_SAFE_INTEGER }) => (!Number.isInteger(value) ? 'must be a whole number' : value < from || value > to ? `must be from ${from} to ${to}` : undefined),
  day: (value) => (typeof value === 'string' && isDay(value) ? undefined : 'must be a day'),
  flag: (value) => (typeof value === 'boolean' ? undefined : 'must be true or false'),
  choice: (value, { of }) => (of.includes(value) ? undefined : `must be one of ${of.join(', ')}`),
  list: (value) => (Array.isArray(value) ? undefined : 'must be a list'),
};

/** What is wrong with a record, by field. */
export function faultsOf(fields, record) {
  const faults = {};
  for (const [name, field] of Object.entries(fields)) {
    const value = record[name];
    if (value === undefined || value === null) {
      if (field.required) faults[name] = 'is missing';
      continue;
    }
    const fault = KINDS[field.kind](value, field);
    if (fault !== undefined) faults[name] = fault;
  }
  for (const name of Object.keys(record)) if (name !== 'id' && !Object.hasOwn(fields, name)) faults[name] = 'is not known';
  return faults;
}

/** With the defaults of fields that are not given. */
export function completed(fields, record) {
  const complete = { ...record };
  for (const [name, { otherwise }] of Object.entries(fields)) if (complete[name] === undefined && otherwise !== undefined) complete[name] = structuredClone(otherwise);
  return complete;
}
