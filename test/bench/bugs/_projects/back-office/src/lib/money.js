/** Amounts are whole cents. */
export function formatMoney(cents, currency = 'EUR') {
  const size = Math.abs(cents);
  return `${cents < 0 ? '-' : ''}${Math.floor(size / 100)}.${String(size % 100).padStart(2, '0')} ${currency}`;
}

/** The part of an amount in percent, to the nearest cent, half a cent up. */
export function percentOf(cents, percent) {
  return Math.round((cents * percent) / 100);
}

export function total(amounts) {
  return amounts.reduce((sum, cents) => sum + cents, 0);
}
