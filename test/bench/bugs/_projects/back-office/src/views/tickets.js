import { formatDay } from '../lib/dates.js';
import { shortened } from '../lib/strings.js';
import { asTable } from '../lib/table.js';

const COLUMNS = [
  { title: 'No.', show: ({ id }) => id },
  { title: 'Title', show: ({ title }) => shortened(title ?? '', 40) },
  { title: 'Customer', show: ({ customer }) => shortened(customer ?? '', 40) },
  { title: 'Opened', show: ({ opened }) => (opened === undefined ? '' : formatDay(opened)) },
  { title: 'Urgency', show: ({ urgency }) => urgency ?? '', right: true },
  { title: 'State', show: ({ state }) => state },
];

/** A page of tickets as a table. */
export function ticketsView(records) {
  return asTable(records, COLUMNS);
}
