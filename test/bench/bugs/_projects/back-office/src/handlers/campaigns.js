import { resource } from '../lib/resource.js';

/** Requests about campaigns. */
export function campaignsHandler(office) {
  const common = resource(office, { area: 'campaigns', searched: ['title'], sortable: ['title', 'begins', 'ends', 'budgetCents'] });
  return {
    ...common,
    /** Those that run today. */
    running(employee) {
      const today = office.clock.today();
      return common.list(employee, { sort: 'begins', size: 100 }).items.filter(({ begins, ends }) => begins <= today && today <= ends);
    },
  };
}
