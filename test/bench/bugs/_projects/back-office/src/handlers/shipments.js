import { addDays } from '../lib/dates.js';
import { resource } from '../lib/resource.js';

/** Requests about shipments. */
export function shipmentsHandler(office) {
  const common = resource(office, { area: 'shipments', searched: ['order', 'carrier'], sortable: ['order', 'carrier', 'parcels', 'sent'], locked: (record) => record.sent === undefined ? undefined : 'it is on its way' });
  return {
    ...common,
    /** The day on which a parcel that was sent should be there. */
    arrival(employee, id, days = 2) {
      const { sent } = common.get(employee, id);
      return sent === undefined ? undefined : addDays(sent, days);
    },
  };
}
