import { makeEntry } from './entry.js';
import { load, save } from './store.js';

/** The reading list of one person, in one file. */
export class ReadingList {
  constructor(path, { now = () => new Date() } = {}) {
    this.path = path;
    this.now = now;
  }

  async add(url, title = '', tags = []) {
    const entries = await load(this.path);
    const entry = makeEntry(url, title, this.now().toISOString(), tags);
    entries.set(entry.url, { ...entry, readAt: entries.get(entry.url)?.readAt ?? null });
    await save(this.path, entries);
    return entry;
  }

  async markRead(url) {
    const entries = await load(this.path);
    const entry = entries.get(new URL(url).href);
    if (entry === undefined) throw new Error(`${url} is not on the list.`);
    entry.readAt = this.now().toISOString();
    await save(this.path, entries);
  }

  /** Unread first, newest first. */
  async all({ tag } = {}) {
    const entries = [...(await load(this.path)).values()].filter(({ tags }) => tag === undefined || tags.includes(tag));
    return entries.sort((a, b) => Number(a.readAt !== null) - Number(b.readAt !== null) || b.addedAt.localeCompare(a.addedAt));
  }
}
