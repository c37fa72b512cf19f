const rates = new Map();

export async function rate(from, to, load) {
  const key = `${from}:${to}`;
  const known = rates.get(key);
  if (known !== undefined) return known;
  const value = await load(from, to);
  rates.set(key, value);
  return value;
}
