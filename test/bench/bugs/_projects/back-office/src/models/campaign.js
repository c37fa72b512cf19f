/** Fields of a campaign. */
export const campaignModel = {
  name: 'campaign',
  prefix: 'K',
  fields: {
    title: { kind: 'text', required: true },
    begins: { kind: 'day', required: true },
    ends: { kind: 'day', required: true },
    budgetCents: { kind: 'whole', otherwise: 0 },
  },
};
