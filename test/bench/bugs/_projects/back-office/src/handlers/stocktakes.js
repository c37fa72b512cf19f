import { resource } from '../lib/resource.js';

/** Requests about stocktakes. */
export function stocktakesHandler(office) {
  const common = resource(office, { area: 'stocktakes', searched: ['article'], sortable: ['article', 'counted', 'expected', 'day'] });
  return {
    ...common,
    /** Counted less expected pieces of an article, over all stocktakes. */
    difference(employee, article) {
      return common.list(employee, { where: { article }, size: 100 }).items.reduce((sum, { counted, expected }) => sum + counted - expected, 0);
    },
  };
}
