/** Fields of a return. */
export const returnedModel = {
  name: 'return',
  prefix: 'R',
  fields: {
    order: { kind: 'text', required: true },
    reason: { kind: 'text', required: true },
    pieces: { kind: 'whole', from: 1 },
    received: { kind: 'day' },
  },
};
