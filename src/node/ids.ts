/** Decides what an id looks like: prefix, time, chance; sorting ids of one prefix as text sorts them by time. */
import { randomBytes } from 'node:crypto';
import type { Ids } from '../core/ports.ts';

/** Crockford's base 32: no I, L, O, U, so an id can be read aloud. */
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';
/** 32^9 ms reach the year 3084. */
const TIME_DIGITS = 9;
/** 32^6: two processes that start an id in the same millisecond meet once in a thousand million. */
const CHANCE_DIGITS = 6;
const CHANCE_MAX = 32 ** CHANCE_DIGITS;

/** `now`: milliseconds since 1970. Ids of one millisecond count upwards, so their order is that of the calls. */
export function createIds(now: () => number = Date.now): Ids {
  let lastMs = 0;
  let chance = 0;
  return {
    next(prefix) {
      const ms = Math.max(now(), lastMs); // a clock that is set back must not unsort the ids
      const onwards = ms === lastMs && chance + 1 < CHANCE_MAX;
      chance = onwards ? chance + 1 : randomBytes(4).readUInt32BE() % (CHANCE_MAX / 2); // half the room is left to count in
      lastMs = ms === lastMs && !onwards ? ms + 1 : ms;
      return `${prefix}-${digits(lastMs, TIME_DIGITS)}${digits(chance, CHANCE_DIGITS)}`;
    },
  };
}

function digits(value: number, count: number): string {
  let text = '';
  for (let rest = value, i = 0; i < count; i += 1, rest = Math.floor(rest / 32)) text = `${DIGITS[rest % 32]}${text}`;
  return text;
}
