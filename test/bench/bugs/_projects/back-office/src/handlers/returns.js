import { resource } from '../lib/resource.js';

/** Requests about returns. */
export function returnsHandler(office) {
  const common = resource(office, { area: 'returns', searched: ['order', 'reason'], sortable: ['order', 'reason', 'pieces', 'received'] });
  return {
    ...common,
  };
}
