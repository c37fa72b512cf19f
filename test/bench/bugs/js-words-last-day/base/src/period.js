import { addDays, checkDay, lastOfMonth } from './day.js';

/** @typedef {{ first: string, last: string, label: string }} Period Both days belong to it. */

/** "2025-06", "2025-Q2", "2025" or "2025-06-03..2025-06-05". @returns {Period} */
export function parsePeriod(text) {
  const [from, to] = text.split('..');
  if (to !== undefined) {
    if (checkDay(from) > checkDay(to)) throw new RangeError(`${from} is after ${to}.`);
    return { first: from, last: to, label: text };
  }
  const quarter = /^(\d{4})-Q([1-4])$/.exec(text);
  if (quarter !== null) return months(Number(quarter[1]), Number(quarter[2]) * 3 - 2, 3, text);
  const month = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(text);
  if (month !== null) return months(Number(month[1]), Number(month[2]), 1, text);
  if (/^\d{4}$/.test(text)) return months(Number(text), 1, 12, text);
  throw new RangeError(`"${text}" is no period.`);
}

function months(year, month, count, label) {
  return { first: `${year}-${String(month).padStart(2, '0')}-01`, last: lastOfMonth(year, month + count - 1), label };
}

/** All days of a period in order. */
export function daysOf({ first, last }) {
  const days = [];
  for (let day = first; day <= last; day = addDays(day, 1)) days.push(day);
  return days;
}

export function includes({ first, last }, day) {
  return day >= first && day < last;
}
