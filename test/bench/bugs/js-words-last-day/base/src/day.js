/** Days as ISO dates, "2025-06-30": they sort as text. */

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;

export function checkDay(day) {
  const match = DAY.exec(day);
  if (match === null || new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10) !== day) throw new RangeError(`"${day}" is no day.`);
  return day;
}

export function addDays(day, count) {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + count);
  return date.toISOString().slice(0, 10);
}

/** The day on which something happened, by the clock of UTC. */
export function dayOf(instant) {
  return new Date(instant).toISOString().slice(0, 10);
}

export function lastOfMonth(year, month) {
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
}
