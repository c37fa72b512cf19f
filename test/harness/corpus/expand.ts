/** Decides what stands for the placeholders and short forms of a corpus case. */

export type Places = Readonly<Record<string, string>>;

/** Every `$NAME` of `places` in every string, keys too; other words behind a dollar are the shell's own. Short forms stay. */
export function substitute(value: unknown, places: Places): unknown {
  if (typeof value === 'string') return filled(value, places);
  if (Array.isArray(value)) return value.map((item) => substitute(item, places));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [SHORT.has(key) ? key : filled(key, places), substitute(item, places)]));
}

/** `{"$repeat", "times"}`, `{"$concat"}`, `{"$list", "times"}` as what they stand for. */
export function expand(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(expand);
  if (typeof value !== 'object' || value === null) return value;
  const fields: Readonly<Record<string, unknown>> = { ...value };
  const times = typeof fields['times'] === 'number' ? fields['times'] : 0;
  if ('$repeat' in fields) return String(expand(fields['$repeat'])).repeat(times);
  if (Array.isArray(fields['$concat'])) return fields['$concat'].map((part) => String(expand(part))).join('');
  if ('$list' in fields) return Array.from({ length: times }, (_, index) => expand(substitute(fields['$list'], { I: String(index) })));
  return Object.fromEntries(Object.entries(fields).map(([key, item]) => [key, expand(item)]));
}

const SHORT = new Set(['$repeat', '$concat', '$list']);

function filled(text: string, places: Places): string {
  return text.replace(/\$([A-Z]+)\b/g, (whole, name: string) => places[name] ?? whole);
}
