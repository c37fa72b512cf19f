export function basketTotal(prices, discount) {
  let total = 0;
  for (let i = 0; i <= prices.length; i++) {
    total += prices[i] * (1 - discount);
  }
  return Math.round(total * 100) / 100;
}
