import { addDays, addMonths, compareDays, type Day } from './day.ts';

export type Unit = 'day' | 'week' | 'month' | 'year';

/** "Every two weeks from the first on, until a day or for a number of times". */
export interface Rule {
  readonly first: Day;
  readonly every: number;
  readonly unit: Unit;
  /** The last day that can be one, included. */
  readonly until?: Day;
  readonly times?: number;
}

const LONGEST_UNIT_DAYS: Record<Unit, number> = { day: 1, week: 7, month: 31, year: 366 };

export function makeRule(rule: Rule): Rule {
  if (!Number.isInteger(rule.every) || rule.every < 1) throw new RangeError('A rule comes every 1, 2, 3 … units.');
  if (rule.times !== undefined && rule.times < 1) throw new RangeError('A rule comes once at least.');
  if (rule.until !== undefined && compareDays(rule.until, rule.first) < 0) throw new RangeError('A rule cannot end before it begins.');
  return rule;
}

/**
 * The days of a rule in order, without an end where the rule has none. What begins on the 31st comes on the last day of
 * shorter months, and on the 31st again where there is one; likewise 29 February in years without it.
 */
export function* daysOf(rule: Rule): Generator<Day> {
  for (let index = 0; index < (rule.times ?? Number.POSITIVE_INFINITY); index++) {
    const day = moved(rule.first, rule.unit, rule.every * index);
    if (rule.until !== undefined && compareDays(day, rule.until) > 0) return;
    yield day;
  }
}

/** Days of the rule from one day to another, both included. */
export function daysWithin(rule: Rule, from: Day, to: Day): readonly Day[] {
  const days: Day[] = [];
  for (const day of daysOf(rule)) {
    if (compareDays(day, to) > 0) break;
    if (compareDays(day, from) >= 0) days.push(day);
  }
  return days;
}

/** The first day of the rule after another, or undefined where there is none. */
export function nextAfter(rule: Rule, day: Day): Day | undefined {
  for (const candidate of daysOf(rule)) if (compareDays(candidate, day) > 0) return candidate;
  return undefined;
}

/** A rough upper bound of the days between two of a rule, for reminders. */
export function longestGapDays({ every, unit }: Rule): number {
  return every * LONGEST_UNIT_DAYS[unit];
}

function moved(day: Day, unit: Unit, count: number): Day {
  switch (unit) {
    case 'day':
      return addDays(day, count);
    case 'week':
      return addDays(day, 7 * count);
    case 'month':
      return addMonths(day, count);
    case 'year':
      return addMonths(day, 12 * count);
  }
}
