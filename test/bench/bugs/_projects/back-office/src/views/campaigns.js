import { formatDay } from '../lib/dates.js';
import { formatMoney } from '../lib/money.js';
import { shortened } from '../lib/strings.js';
import { asTable } from '../lib/table.js';

const COLUMNS = [
  { title: 'No.', show: ({ id }) => id },
  { title: 'Title', show: ({ title }) => shortened(title ?? '', 40) },
  { title: 'Begins', show: ({ begins }) => (begins === undefined ? '' : formatDay(begins)) },
  { title: 'Ends', show: ({ ends }) => (ends === undefined ? '' : formatDay(ends)) },
  { title: 'BudgetCents', show: ({ budgetCents }) => formatMoney(budgetCents ?? 0), right: true },
];

/** A page of campaigns as a table. */
export function campaignsView(records) {
  return asTable(records, COLUMNS);
}
