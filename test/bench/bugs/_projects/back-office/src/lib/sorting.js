import { badRequest } from './errors.js';

/** Sorted by "name" or, the other way round, "-name"; equal ones keep their order, missing values come last. */
export function sorted(records, by, allowed) {
  if (by === undefined) return records;
  const isDown = by.startsWith('-');
  const field = isDown ? by.slice(1) : by;
  if (!allowed.includes(field)) throw badRequest(`Cannot sort by ${field}.`);
  return records.toSorted((a, b) => {
    if (a[field] === undefined || b[field] === undefined) return Number(a[field] === undefined) - Number(b[field] === undefined);
    const order = typeof a[field] === 'number' ? a[field] - b[field] : String(a[field]).localeCompare(String(b[field]));
    return isDown ? -order : order;
  });
}
