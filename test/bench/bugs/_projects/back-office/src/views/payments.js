import { formatDay } from '../lib/dates.js';
import { formatMoney } from '../lib/money.js';
import { shortened } from '../lib/strings.js';
import { asTable } from '../lib/table.js';

const COLUMNS = [
  { title: 'No.', show: ({ id }) => id },
  { title: 'Invoice', show: ({ invoice }) => shortened(invoice ?? '', 40) },
  { title: 'Cents', show: ({ cents }) => formatMoney(cents ?? 0), right: true },
  { title: 'Booked', show: ({ booked }) => (booked === undefined ? '' : formatDay(booked)) },
  { title: 'Method', show: ({ method }) => method },
];

/** A page of payments as a table. */
export function paymentsView(records) {
  return asTable(records, COLUMNS);
}
