/** Fields of a branch. */
export const branchModel = {
  name: 'branch',
  prefix: 'B',
  fields: {
    name: { kind: 'text', required: true },
    city: { kind: 'text', required: true },
    opened: { kind: 'day' },
    seats: { kind: 'whole', otherwise: 0 },
  },
};
