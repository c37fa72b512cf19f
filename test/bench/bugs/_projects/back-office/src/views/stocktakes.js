import { formatDay } from '../lib/dates.js';
import { shortened } from '../lib/strings.js';
import { asTable } from '../lib/table.js';

const COLUMNS = [
  { title: 'No.', show: ({ id }) => id },
  { title: 'Article', show: ({ article }) => shortened(article ?? '', 40) },
  { title: 'Counted', show: ({ counted }) => counted ?? '', right: true },
  { title: 'Expected', show: ({ expected }) => expected ?? '', right: true },
  { title: 'Day', show: ({ day }) => (day === undefined ? '' : formatDay(day)) },
];

/** A page of stocktakes as a table. */
export function stocktakesView(records) {
  return asTable(records, COLUMNS);
}
