/**
 * From which lots to take an order: what expires first goes first. Expired and blocked lots stay where they are.
 * @returns {{ lot: string, quantity: number }[]}
 */
export function pickList(lots, article, quantity, day) {
  const picks = [];
  let missing = quantity;
  for (const lot of lots.of(article)) {
    if (missing === 0) break;
    if (lot.quantity === 0 || lot.expires < day) continue;
    const taken = Math.min(lot.quantity, missing);
    picks.push({ lot: lot.id, quantity: taken });
    missing -= taken;
  }
  if (missing > 0) throw new Error(`${missing} of ${quantity} ${article} cannot be picked.`);
  return picks;
}
