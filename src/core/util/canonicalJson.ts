/** Decides the one text that stands for a JSON value, so that equal values have equal hashes. */

/**
 * Keys sorted by UTF-16 code unit, no white space, as RFC 8785 orders them; members that are undefined are left out, as JSON does.
 * @throws TypeError for what JSON cannot say (NaN, infinities, functions, bigint, cycles): a hash over a guess proves nothing.
 */
export function canonicalJson(value: unknown): string {
  return write(value, new Set(), '$');
}

function write(value: unknown, above: Set<object>, where: string): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`${where} is ${value}; JSON has no such number.`);
    return JSON.stringify(value);
  }
  if (typeof value !== 'object') throw new TypeError(`${where} is ${typeof value === 'undefined' ? 'undefined' : `a ${typeof value}`}; JSON cannot say it.`);
  if (above.has(value)) throw new TypeError(`${where} contains itself; JSON cannot say it.`);
  above.add(value);
  const text = Array.isArray(value)
    ? `[${value.map((item, i) => write(item, above, `${where}[${i}]`)).join(',')}]`
    : `{${Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, member]) => `${JSON.stringify(key)}:${write(member, above, `${where}.${key}`)}`)
        .join(',')}}`;
  above.delete(value);
  return text;
}
