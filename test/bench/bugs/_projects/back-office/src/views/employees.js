import { formatDay } from '../lib/dates.js';
import { shortened } from '../lib/strings.js';
import { asTable } from '../lib/table.js';

const COLUMNS = [
  { title: 'No.', show: ({ id }) => id },
  { title: 'Name', show: ({ name }) => shortened(name ?? '', 40) },
  { title: 'Roles', show: ({ roles }) => roles.join(', ') },
  { title: 'Begins', show: ({ begins }) => (begins === undefined ? '' : formatDay(begins)) },
  { title: 'Leaves', show: ({ leaves }) => (leaves === undefined ? '' : formatDay(leaves)) },
];

/** A page of employees as a table. */
export function employeesView(records) {
  return asTable(records, COLUMNS);
}
