/** Fields of a supplier. */
export const supplierModel = {
  name: 'supplier',
  prefix: 'S',
  fields: {
    name: { kind: 'text', required: true },
    country: { kind: 'text', longest: 2 },
    leadDays: { kind: 'whole', to: 365 },
    active: { kind: 'flag', otherwise: true },
  },
};
