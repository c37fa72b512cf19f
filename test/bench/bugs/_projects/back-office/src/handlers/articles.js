import { resource } from '../lib/resource.js';

/** Requests about articles. */
export function articlesHandler(office) {
  const common = resource(office, { area: 'articles', searched: ['name', 'group'], sortable: ['name', 'priceCents', 'stock', 'group'] });
  return {
    ...common,
  };
}
