/** Fields of a customer. */
export const customerModel = {
  name: 'customer',
  prefix: 'C',
  fields: {
    name: { kind: 'text', required: true },
    email: { kind: 'text', longest: 254 },
    city: { kind: 'text' },
    since: { kind: 'day' },
    blocked: { kind: 'flag', otherwise: false },
  },
};
