import { resource } from '../lib/resource.js';

/** Requests about branches. */
export function branchesHandler(office) {
  const common = resource(office, { area: 'branches', searched: ['name', 'city'], sortable: ['name', 'city', 'opened', 'seats'] });
  return {
    ...common,
  };
}
