/** Fields of a payment. */
export const paymentModel = {
  name: 'payment',
  prefix: 'Y',
  fields: {
    invoice: { kind: 'text', required: true },
    cents: { kind: 'whole', required: true, from: 1 },
    booked: { kind: 'day', required: true },
    method: { kind: 'choice', of: ['card', 'transfer', 'cash'], otherwise: 'transfer' },
  },
};
