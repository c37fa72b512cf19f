import { formatDay } from '../lib/dates.js';
import { shortened } from '../lib/strings.js';
import { asTable } from '../lib/table.js';

const COLUMNS = [
  { title: 'No.', show: ({ id }) => id },
  { title: 'Name', show: ({ name }) => shortened(name ?? '', 40) },
  { title: 'City', show: ({ city }) => shortened(city ?? '', 40) },
  { title: 'Opened', show: ({ opened }) => (opened === undefined ? '' : formatDay(opened)) },
  { title: 'Seats', show: ({ seats }) => seats ?? '', right: true },
];

/** A page of branches as a table. */
export function branchesView(records) {
  return asTable(records, COLUMNS);
}
