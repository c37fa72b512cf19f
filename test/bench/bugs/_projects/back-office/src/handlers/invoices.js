import { daysBetween } from '../lib/dates.js';
import { resource } from '../lib/resource.js';

/** Requests about invoices. */
export function invoicesHandler(office) {
  const common = resource(office, { area: 'invoices', searched: ['order'], sortable: ['order', 'grossCents', 'issued', 'due'], locked: (record) => record.state === 'draft' ? undefined : 'it is sent' });
  return {
    ...common,
    /** Sent invoices that should have been paid, with the days since. */
    overdue(employee) {
      const today = office.clock.today();
      return common.list(employee, { where: { state: 'sent' }, size: 100 }).items
        .filter(({ due }) => due !== undefined && due < today)
        .map((invoice) => ({ ...invoice, days: daysBetween(invoice.due, today) }));
    },
  };
}
