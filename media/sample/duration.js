const PART = /(\d+)([hms])/g;

/** Seconds in a duration such as "2h", "1h30m" or "45m10s". */
export function parseDuration(text) {
  let seconds = 0;
  for (const [, amount, unit] of text.matchAll(PART)) {
    if (unit === 'h') {
      seconds += Number(amount) * 3600;
    } else {
      seconds += Number(amount);
    }
  }
  return seconds;
}
