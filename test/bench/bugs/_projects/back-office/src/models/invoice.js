/** Fields of an invoice. */
export const invoiceModel = {
  name: 'invoice',
  prefix: 'I',
  fields: {
    order: { kind: 'text', required: true },
    grossCents: { kind: 'whole', required: true },
    issued: { kind: 'day', required: true },
    due: { kind: 'day' },
    state: { kind: 'choice', of: ['draft', 'sent', 'paid'], otherwise: 'draft' },
  },
};
