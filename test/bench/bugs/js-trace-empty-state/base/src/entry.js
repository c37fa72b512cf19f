/** @typedef {{ url: string, title: string, addedAt: string, readAt: string | null, tags: string[] }} Entry */

/** @returns {Entry} */
export function makeEntry(url, title, addedAt, tags = []) {
  const { protocol, href } = new URL(url);
  if (protocol !== 'http:' && protocol !== 'https:') throw new TypeError(`Only web pages can be read later, not ${protocol}`);
  return { url: href, title: title.trim() || href, addedAt, readAt: null, tags: [...new Set(tags)].sort() };
}

export function isEntry(value) {
  return typeof value === 'object' && value !== null && typeof value.url === 'string' && typeof value.title === 'string' && Array.isArray(value.tags);
}
