export function page(items, number, size) {
  const start = number * size;
  return items.slice(start, start + size);
}

/** Pages count from 1. */
export function pageCount(items, size) {
  return Math.max(1, Math.ceil(items.length / size));
}

export function firstPage(items, size) {
  return page(items, 1, size);
}
