import { resource } from '../lib/resource.js';

/** Requests about suppliers. */
export function suppliersHandler(office) {
  const common = resource(office, { area: 'suppliers', searched: ['name', 'country'], sortable: ['name', 'country', 'leadDays'] });
  return {
    ...common,
  };
}
