import { formatDay } from '../lib/dates.js';
import { shortened } from '../lib/strings.js';
import { asTable } from '../lib/table.js';

const COLUMNS = [
  { title: 'No.', show: ({ id }) => id },
  { title: 'Code', show: ({ code }) => shortened(code ?? '', 40) },
  { title: 'Kind', show: ({ kind }) => kind },
  { title: 'Value', show: ({ value }) => value ?? '', right: true },
  { title: 'From', show: ({ from }) => from ?? '', right: true },
  { title: 'AtMost', show: ({ atMost }) => atMost ?? '', right: true },
  { title: 'LastDay', show: ({ lastDay }) => (lastDay === undefined ? '' : formatDay(lastDay)) },
];

/** A page of vouchers as a table. */
export function vouchersView(records) {
  return asTable(records, COLUMNS);
}
