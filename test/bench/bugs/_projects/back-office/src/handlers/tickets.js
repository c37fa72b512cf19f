import { resource } from '../lib/resource.js';

/** Requests about tickets. */
export function ticketsHandler(office) {
  const common = resource(office, { area: 'tickets', searched: ['title', 'customer'], sortable: ['title', 'customer', 'opened', 'urgency'] });
  return {
    ...common,
    /** What to do next: the most urgent first, then the oldest. */
    queue(employee) {
      return common.list(employee, { where: { state: 'new' }, sort: 'opened', size: 100 }).items.toSorted((a, b) => a.urgency - b.urgency);
    },
  };
}
