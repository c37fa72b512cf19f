import { formatDay } from '../lib/dates.js';
import { shortened } from '../lib/strings.js';
import { asTable } from '../lib/table.js';

const COLUMNS = [
  { title: 'No.', show: ({ id }) => id },
  { title: 'Order', show: ({ order }) => shortened(order ?? '', 40) },
  { title: 'Carrier', show: ({ carrier }) => shortened(carrier ?? '', 40) },
  { title: 'Parcels', show: ({ parcels }) => parcels ?? '', right: true },
  { title: 'Sent', show: ({ sent }) => (sent === undefined ? '' : formatDay(sent)) },
];

/** A page of shipments as a table. */
export function shipmentsView(records) {
  return asTable(records, COLUMNS);
}
