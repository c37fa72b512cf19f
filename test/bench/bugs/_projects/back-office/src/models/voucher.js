/** Fields of a voucher. */
export const voucherModel = {
  name: 'voucher',
  prefix: 'V',
  fields: {
    code: { kind: 'text', required: true, longest: 20 },
    kind: { kind: 'choice', of: ['percent', 'fixed'], otherwise: 'fixed' },
    value: { kind: 'whole', required: true },
    from: { kind: 'whole' },
    atMost: { kind: 'whole' },
    lastDay: { kind: 'day' },
  },
};
