/** Money is a whole number of cents: sums stay exact. */

const FORMAT = /^(-?)(\d+)(?:\.(\d{1,2}))?$/;

/** Cents of "12.50". */
export function parseCents(text) {
  const match = FORMAT.exec(text.trim());
  if (match === null) throw new Error(`"${text}" is no amount of money.`);
  const [, sign, units, fraction = ''] = match;
  const cents = Number(units) * 100 + Number(fraction.padEnd(2, '0'));
  return sign === '-' ? -cents : cents;
}

/** "-12.50" for -1250. */
export function formatCents(cents) {
  const size = Math.abs(cents);
  return `${cents < 0 ? '-' : ''}${Math.floor(size / 100)}.${String(size % 100).padStart(2, '0')}`;
}

/**
 * `cents` times a fraction given as numerator and denominator, to the nearest cent. Half a cent goes away from zero:
 * whoever is given an amount back gets exactly what they paid.
 */
export function timesFraction(cents, numerator, denominator) {
  return Math.round((cents * numerator) / denominator);
}

/** Splits `cents` in proportion to the weights; the parts add up to it exactly. */
export function allocate(cents, weights) {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total <= 0) throw new RangeError('The weights must add up to more than nothing.');
  let left = cents;
  let leftWeight = total;
  return weights.map((weight) => {
    if (leftWeight === 0) return 0;
    const part = Math.trunc((left * weight) / leftWeight);
    left -= part;
    leftWeight -= weight;
    return part;
  });
}

export function sum(amounts) {
  return amounts.reduce((total, amount) => total + amount, 0);
}
