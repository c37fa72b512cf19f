import { dayOf } from './day.js';
import { daysOf, includes, parsePeriod } from './period.js';

/**
 * @typedef {{ at: string, branch: string, cents: number, refunded?: boolean }} Sale
 */

/** Takings of a period, in all, by branch and by day. Refunded sales do not count. */
export function salesReport(sales, periodText, { branch } = {}) {
  const period = parsePeriod(periodText);
  const counted = sales.filter((sale) => !sale.refunded && includes(period, dayOf(sale.at)) && (branch === undefined || sale.branch === branch));
  const byBranch = {};
  for (const { branch: name, cents } of counted) byBranch[name] = (byBranch[name] ?? 0) + cents;
  const byDay = new Map(daysOf(period).map((day) => [day, 0]));
  for (const { at, cents } of counted) byDay.set(dayOf(at), (byDay.get(dayOf(at)) ?? 0) + cents);
  return { label: period.label, count: counted.length, cents: sum(counted), byBranch, byDay: [...byDay] };
}

/** The day with the highest takings, the first of several; undefined where nothing was sold. */
export function bestDay({ byDay }) {
  let best;
  for (const [day, cents] of byDay) if (cents > (best?.cents ?? 0)) best = { day, cents };
  return best;
}

function sum(sales) {
  return sales.reduce((total, { cents }) => total + cents, 0);
}
