import { shortened } from '../lib/strings.js';
import { asTable } from '../lib/table.js';

const COLUMNS = [
  { title: 'No.', show: ({ id }) => id },
  { title: 'Name', show: ({ name }) => shortened(name ?? '', 40) },
  { title: 'Country', show: ({ country }) => shortened(country ?? '', 40) },
  { title: 'LeadDays', show: ({ leadDays }) => leadDays ?? '', right: true },
  { title: 'Active', show: ({ active }) => (active ? 'yes' : 'no') },
];

/** A page of suppliers as a table. */
export function suppliersView(records) {
  return asTable(records, COLUMNS);
}
