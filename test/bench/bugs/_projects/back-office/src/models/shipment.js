/** Fields of a shipment. */
export const shipmentModel = {
  name: 'shipment',
  prefix: 'P',
  fields: {
    order: { kind: 'text', required: true },
    carrier: { kind: 'text' },
    parcels: { kind: 'whole', from: 1, otherwise: 1 },
    sent: { kind: 'day' },
  },
};
