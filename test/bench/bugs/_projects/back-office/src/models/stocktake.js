/** Fields of a stocktake. */
export const stocktakeModel = {
  name: 'stocktake',
  prefix: 'Z',
  fields: {
    article: { kind: 'text', required: true },
    counted: { kind: 'whole', required: true },
    expected: { kind: 'whole', required: true },
    day: { kind: 'day', required: true },
  },
};
