/** How much of an article can be promised on a day: what is neither blocked nor expired by then, less what is reserved. */
export function availableOn(lots, reservations, article, day) {
  let pieces = 0;
  for (const lot of lots.of(article)) {
    if (lot.expires < day) continue;
    pieces += lot.quantity;
  }
  for (const reservation of reservations) {
    if (reservation.article === article) pieces -= reservation.quantity;
  }
  return Math.max(0, pieces);
}
