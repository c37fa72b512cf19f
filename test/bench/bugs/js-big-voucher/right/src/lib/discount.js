import { percentOf } from './money.js';

/**
 * What a voucher takes off an order.
 *
 * @typedef {{ kind: 'percent' | 'fixed', value: number, from?: number, atMost?: number, lastDay?: string }} Voucher
 *   from: cents that the goods cost at least for the voucher to count; atMost: cents that a percent voucher takes off at most;
 *   lastDay: it counts up to this day, which is included.
 */

/** Why a voucher does not count, or undefined. */
export function voucherFault(voucher, goodsCents, today) {
  if (voucher.lastDay !== undefined && today > voucher.lastDay) return 'it is expired';
  if (voucher.from !== undefined && goodsCents < voucher.from) return 'the goods cost too little';
  return undefined;
}

/** Cents that one voucher takes off; never more than the goods cost. */
export function discountOf(voucher, goodsCents) {
  if (voucher.kind === 'fixed') return Math.min(voucher.value, goodsCents);
  return Math.min(percentOf(goodsCents, voucher.value), voucher.atMost ?? goodsCents);
}

/**
 * Several vouchers on one order: percents first, each of what is left, then fixed amounts. What does not count is left out
 * and named with its reason.
 */
export function applyVouchers(vouchers, goodsCents, today) {
  const refused = [];
  const counting = vouchers.filter((voucher) => {
    const reason = voucherFault(voucher, goodsCents, today);
    if (reason !== undefined) refused.push({ voucher, reason });
    return reason === undefined;
  });
  let left = goodsCents;
  for (const kind of ['percent', 'fixed']) {
    for (const voucher of counting) if (voucher.kind === kind) left -= discountOf(voucher, left);
  }
  return { payCents: left, offCents: goodsCents - left, refused };
}
