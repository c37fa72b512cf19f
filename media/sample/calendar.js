/** Whether two bookings overlap; one may begin in the second in which the other ends. */
export function overlaps(a, b) {
  return a.start < b.end && b.start < a.end;
}

/** The first booking of the calendar that is in the way, or undefined. */
export function findConflict(calendar, booking) {
  return calendar.find((other) => other.room === booking.room && overlaps(other, booking));
}
