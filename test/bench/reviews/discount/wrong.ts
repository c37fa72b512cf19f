export function priceAfter(price: number, discountPercent: number): number {
  if (discountPercent < 0 || discountPercent > 100) throw new RangeError('discount must be 0 to 100');
  return price * (1 + discountPercent / 100);
}
