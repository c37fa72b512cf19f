import { resource } from '../lib/resource.js';

/** Requests about employees. */
export function employeesHandler(office) {
  const common = resource(office, { area: 'employees', searched: ['name'], sortable: ['name', 'begins', 'leaves'] });
  return {
    ...common,
  };
}
