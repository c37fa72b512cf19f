import { resource } from '../lib/resource.js';

/** Requests about customers. */
export function customersHandler(office) {
  const common = resource(office, { area: 'customers', searched: ['name', 'email', 'city'], sortable: ['name', 'email', 'city', 'since'] });
  return {
    ...common,
  };
}
