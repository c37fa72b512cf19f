import { formatMoney } from '../lib/money.js';
import { shortened } from '../lib/strings.js';
import { asTable } from '../lib/table.js';

const COLUMNS = [
  { title: 'No.', show: ({ id }) => id },
  { title: 'Name', show: ({ name }) => shortened(name ?? '', 40) },
  { title: 'PriceCents', show: ({ priceCents }) => formatMoney(priceCents ?? 0), right: true },
  { title: 'Stock', show: ({ stock }) => stock ?? '', right: true },
  { title: 'Group', show: ({ group }) => shortened(group ?? '', 40) },
];

/** A page of articles as a table. */
export function articlesView(records) {
  return asTable(records, COLUMNS);
}
