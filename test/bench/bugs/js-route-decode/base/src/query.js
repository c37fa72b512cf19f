/** Values of a query string by name; a name that is there more than once gets an array. */
export function parseQuery(text) {
  const values = {};
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const at = pair.indexOf('=');
    const name = readable(at < 0 ? pair : pair.slice(0, at));
    const value = at < 0 ? '' : readable(pair.slice(at + 1));
    if (!Object.hasOwn(values, name)) values[name] = value;
    else values[name] = [values[name], value].flat();
  }
  return values;
}

/** Search terms are typed by people: what cannot be decoded stays as it is. */
function readable(text) {
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}
