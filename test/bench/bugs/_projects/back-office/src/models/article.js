/** Fields of an article. */
export const articleModel = {
  name: 'article',
  prefix: 'A',
  fields: {
    name: { kind: 'text', required: true },
    priceCents: { kind: 'whole', required: true },
    stock: { kind: 'whole', otherwise: 0 },
    group: { kind: 'text' },
  },
};
