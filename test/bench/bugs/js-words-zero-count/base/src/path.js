/** The value at "author.name" of nested objects; undefined where the way ends early. */
export function valueAt(data, path) {
  if (path === '.') return data;
  let value = data;
  for (const key of path.split('.')) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}
