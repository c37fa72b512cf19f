import { badRequest } from './errors.js';

export const DEFAULT_SIZE = 20;
export const LARGEST_SIZE = 100;

/**
 * One page of a list, counted from 1, and what a pager needs. An empty list has one empty page; a page after the last one
 * is empty too.
 */
export function pageOf(items, { page = 1, size = DEFAULT_SIZE } = {}) {
  if (!Number.isInteger(page) || page < 1) throw badRequest('Pages are counted from 1.');
  if (!Number.isInteger(size) || size < 1 || size > LARGEST_SIZE) throw badRequest(`A page has from 1 to ${LARGEST_SIZE} items.`);
  const pages = Math.max(1, Math.floor(items.length / size));
  const start = (page - 1) * size;
  return {
    items: items.slice(start, start + size),
    page,
    pages,
    count: items.length,
    previous: page > 1 ? Math.min(page - 1, pages) : null,
    next: page < pages ? page + 1 : null,
  };
}

/** "21–40 of 57" */
export function pageLabel({ page, count }, size = DEFAULT_SIZE) {
  if (count === 0) return 'none';
  const from = (page - 1) * size + 1;
  return `${from}–${Math.min(page * size, count)} of ${count}`;
}
