/** From this many cents on, goods are shipped for nothing. */
export const FREE_SHIPPING_FROM = 6_000;
const PARCEL_GRAMS = 5_000;
const PARCEL_CENTS = 490;
/** Ten pieces of an article are a tenth cheaper. */
const BULK_FROM = 10;
const BULK_PERCENT = 10;

export function lineCost(article, quantity) {
  if (article.gift) return 0;
  const full = article.priceCents * quantity;
  return quantity >= BULK_FROM ? full - Math.round((full * BULK_PERCENT) / 100) : full;
}

export function shippingCost(lines, goodsCents) {
  if (goodsCents >= FREE_SHIPPING_FROM) return 0;
  const grams = lines.reduce((sum, { article, quantity }) => sum + article.weightGrams * quantity, 0);
  return Math.ceil(grams / PARCEL_GRAMS) * PARCEL_CENTS;
}
