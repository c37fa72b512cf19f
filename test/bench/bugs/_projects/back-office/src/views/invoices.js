import { formatDay } from '../lib/dates.js';
import { formatMoney } from '../lib/money.js';
import { shortened } from '../lib/strings.js';
import { asTable } from '../lib/table.js';

const COLUMNS = [
  { title: 'No.', show: ({ id }) => id },
  { title: 'Order', show: ({ order }) => shortened(order ?? '', 40) },
  { title: 'GrossCents', show: ({ grossCents }) => formatMoney(grossCents ?? 0), right: true },
  { title: 'Issued', show: ({ issued }) => (issued === undefined ? '' : formatDay(issued)) },
  { title: 'Due', show: ({ due }) => (due === undefined ? '' : formatDay(due)) },
  { title: 'State', show: ({ state }) => state },
];

/** A page of invoices as a table. */
export function invoicesView(records) {
  return asTable(records, COLUMNS);
}
