/** Half-open intervals [start, end) in whole minutes since midnight. */

/** @typedef {{ start: number, end: number }} Interval */

/** @returns {Interval} */
export function interval(start, end) {
  if (!Number.isInteger(start) || !Number.isInteger(end)) throw new TypeError('An interval takes whole minutes.');
  if (end <= start) throw new RangeError(`An interval must end after it starts: ${start}..${end}`);
  return { start, end };
}

/** Two that only touch do not overlap. */
export function overlaps(a, b) {
  return a.start < b.end && b.start < a.end;
}

/** The fewest intervals that cover the same minutes, sorted by start. */
export function merged(intervals) {
  const result = [];
  for (const next of [...intervals].sort((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last !== undefined && next.start <= last.end) last.end = Math.max(last.end, next.end);
    else result.push({ start: next.start, end: next.end });
  }
  return result;
}

/** What of `whole` no interval of `taken` covers. `taken` must be merged. */
export function gaps(whole, taken) {
  const result = [];
  let from = whole.start;
  for (const { start, end } of taken) {
    if (end <= whole.start || start >= whole.end) continue;
    if (start > from) result.push({ start: from, end: start });
    from = Math.max(from, end);
  }
  if (from < whole.end) result.push({ start: from, end: whole.end });
  return result;
}

/** "09:30" for 570. */
export function clock(minutes) {
  const hours = Math.floor(minutes / 60);
  return `${String(hours).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}
