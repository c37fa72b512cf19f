import { applyVouchers } from '../lib/discount.js';
import { notFound } from '../lib/errors.js';
import { resource } from '../lib/resource.js';

/** Requests about orders. */
export function ordersHandler(office) {
  const common = resource(office, { area: 'orders', searched: ['customer'], sortable: ['customer', 'goodsCents', 'placed'], locked: (record) => record.state === 'shipped' ? 'it is shipped' : undefined });
  return {
    ...common,
    /** What is to be paid with these voucher codes. */
    quote(employee, id, codes) {
      const order = common.get(employee, id);
      const vouchers = codes.map((code) => {
        const voucher = office.collections.vouchers.all().find((other) => other.code === code);
        if (voucher === undefined) throw notFound('voucher', code);
        return voucher;
      });
      const { payCents, offCents, refused } = applyVouchers(vouchers, order.goodsCents, office.clock.today());
      return { payCents, offCents, refused: refused.map(({ voucher, reason }) => `${voucher.code}: ${reason}`) };
    },
  };
}
