import { badRequest } from './errors.js';
import { folded, words } from './strings.js';

/** Records in which every word of the search is found in one of the fields. */
export function search(records, text, fields) {
  const wanted = words(folded(text));
  if (wanted.length === 0) return records;
  return records.filter((record) => {
    const haystack = folded(fields.map((field) => String(record[field] ?? '')).join(' '));
    return wanted.every((word) => haystack.includes(word));
  });
}

/** Records with these values. */
export function matching(records, values, model) {
  const wanted = Object.entries(values).filter(([, value]) => value !== undefined);
  for (const [name] of wanted) if (!Object.hasOwn(model.fields, name)) throw badRequest(`${model.name} has no field ${name}.`);
  return records.filter((record) => wanted.every(([name, value]) => String(record[name]) === String(value)));
}
