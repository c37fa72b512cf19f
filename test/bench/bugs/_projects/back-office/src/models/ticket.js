/** Fields of a ticket. */
export const ticketModel = {
  name: 'ticket',
  prefix: 'T',
  fields: {
    title: { kind: 'text', required: true, longest: 120 },
    customer: { kind: 'text' },
    opened: { kind: 'day' },
    urgency: { kind: 'whole', from: 1, to: 5, otherwise: 3 },
    state: { kind: 'choice', of: ['new', 'waiting', 'solved'], otherwise: 'new' },
  },
};
