import { resource } from '../lib/resource.js';

/** Requests about vouchers. */
export function vouchersHandler(office) {
  const common = resource(office, { area: 'vouchers', searched: ['code'], sortable: ['code', 'value', 'from', 'atMost', 'lastDay'] });
  return {
    ...common,
  };
}
