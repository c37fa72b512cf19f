import { formatDay } from '../lib/dates.js';
import { shortened } from '../lib/strings.js';
import { asTable } from '../lib/table.js';

const COLUMNS = [
  { title: 'No.', show: ({ id }) => id },
  { title: 'Name', show: ({ name }) => shortened(name ?? '', 40) },
  { title: 'Email', show: ({ email }) => shortened(email ?? '', 40) },
  { title: 'City', show: ({ city }) => shortened(city ?? '', 40) },
  { title: 'Since', show: ({ since }) => (since === undefined ? '' : formatDay(since)) },
  { title: 'Blocked', show: ({ blocked }) => (blocked ? 'yes' : 'no') },
];

/** A page of customers as a table. */
export function customersView(records) {
  return asTable(records, COLUMNS);
}
