/** A day of the calendar, without a time and a zone. */
export interface Day {
  readonly year: number;
  /** From 1 to 12. */
  readonly month: number;
  readonly date: number;
}

const DAY_MS = 86_400_000;

export function parseDay(text: string): Day {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) throw new RangeError(`"${text}" is no day.`);
  const day: Day = { year: Number(match[1]), month: Number(match[2]), date: Number(match[3]) };
  if (day.month < 1 || day.month > 12 || day.date < 1 || day.date > monthLength(day.year, day.month)) throw new RangeError(`There is no ${text}.`);
  return day;
}

export function formatDay({ year, month, date }: Day): string {
  return `${year}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`;
}

export function monthLength(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

export function compareDays(a: Day, b: Day): number {
  return a.year - b.year || a.month - b.month || a.date - b.date;
}

export function addDays(day: Day, count: number): Day {
  const moved = new Date(Date.UTC(day.year, day.month - 1, day.date) + count * DAY_MS);
  return { year: moved.getUTCFullYear(), month: moved.getUTCMonth() + 1, date: moved.getUTCDate() };
}

/** The same date so many months later, or the last day of that month where it is shorter. */
export function addMonths(day: Day, count: number): Day {
  const months = day.year * 12 + (day.month - 1) + count;
  const year = Math.floor(months / 12);
  const month = (months % 12) + 1;
  return { year, month, date: Math.min(day.date, monthLength(year, month)) };
}
