import { formatDay } from '../lib/dates.js';
import { shortened } from '../lib/strings.js';
import { asTable } from '../lib/table.js';

const COLUMNS = [
  { title: 'No.', show: ({ id }) => id },
  { title: 'Order', show: ({ order }) => shortened(order ?? '', 40) },
  { title: 'Reason', show: ({ reason }) => shortened(reason ?? '', 40) },
  { title: 'Pieces', show: ({ pieces }) => pieces ?? '', right: true },
  { title: 'Received', show: ({ received }) => (received === undefined ? '' : formatDay(received)) },
];

/** A page of returns as a table. */
export function returnsView(records) {
  return asTable(records, COLUMNS);
}
