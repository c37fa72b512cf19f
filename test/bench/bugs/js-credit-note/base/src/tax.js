import { timesFraction } from './money.js';

/** Basis points: 750 is 7.5 %. */
export const RATES = { standard: 1900, reduced: 750, none: 0 };

/** Tax on a net amount in cents. */
export function taxOn(net, rate) {
  if (!Object.hasOwn(RATES, rate)) throw new Error(`Unknown tax rate "${rate}".`);
  return timesFraction(net, RATES[rate], 10_000);
}

/** Tax that a gross amount in cents holds. */
export function taxWithin(gross, rate) {
  if (!Object.hasOwn(RATES, rate)) throw new Error(`Unknown tax rate "${rate}".`);
  return timesFraction(gross, RATES[rate], 10_000 + RATES[rate]);
}
