import { formatDay } from '../lib/dates.js';
import { formatMoney } from '../lib/money.js';
import { shortened } from '../lib/strings.js';
import { asTable } from '../lib/table.js';

const COLUMNS = [
  { title: 'No.', show: ({ id }) => id },
  { title: 'Customer', show: ({ customer }) => shortened(customer ?? '', 40) },
  { title: 'GoodsCents', show: ({ goodsCents }) => formatMoney(goodsCents ?? 0), right: true },
  { title: 'Placed', show: ({ placed }) => (placed === undefined ? '' : formatDay(placed)) },
  { title: 'State', show: ({ state }) => state },
];

/** A page of orders as a table. */
export function ordersView(records) {
  return asTable(records, COLUMNS);
}
