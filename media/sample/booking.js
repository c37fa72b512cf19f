import { findConflict } from './calendar.js';
import { parseDuration } from './duration.js';

const CENTS_PER_HOUR = 2400;

/** Books a room from `start` (seconds since midnight) for a duration. @throws Error when the room is taken. */
export function book(calendar, { room, start, duration }) {
  const booking = { room, start, end: start + parseDuration(duration) };
  const conflict = findConflict(calendar, booking);
  if (conflict) throw new Error(`${room} is taken until ${conflict.end}`);
  calendar.push(booking);
  return booking;
}

/** Price in cents: by the second, rounded up to a whole cent. */
export function price(duration) {
  return Math.ceil((parseDuration(duration) * CENTS_PER_HOUR) / 3600);
}
