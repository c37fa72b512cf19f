import { resource } from '../lib/resource.js';

/** Requests about payments. */
export function paymentsHandler(office) {
  const common = resource(office, { area: 'payments', searched: ['invoice'], sortable: ['invoice', 'cents', 'booked'], locked: () => 'payments are booked for good' });
  return {
    ...common,
  };
}
