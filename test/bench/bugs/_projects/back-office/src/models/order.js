/** Fields of an order. */
export const orderModel = {
  name: 'order',
  prefix: 'O',
  fields: {
    customer: { kind: 'text', required: true },
    goodsCents: { kind: 'whole', required: true },
    placed: { kind: 'day' },
    state: { kind: 'choice', of: ['open', 'paid', 'shipped', 'cancelled'], otherwise: 'open' },
  },
};
