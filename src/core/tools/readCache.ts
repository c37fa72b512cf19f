/** Decides when the result of a read may be given again: same tool, same arguments, and every file that it read unchanged. */
import { versionOf } from './boundHost.ts';
import type { Reads } from './boundHost.ts';
import type { Files } from '../ports.ts';

export interface ReadCache {
  get(key: string, files: Files): Promise<unknown>;
  put(key: string, reads: Reads, output: unknown): void;
}

const ENTRIES_MAX = 512;

/** Holds results only, never decisions: who may see one is settled before it is asked. */
export function createReadCache(): ReadCache {
  const entries = new Map<string, { readonly reads: ReadonlyMap<string, string>; readonly output: unknown }>();
  return {
    async get(key, files) {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      for (const [path, version] of entry.reads) {
        if ((await versionOf(files, path)) === version) continue;
        entries.delete(key);
        return undefined;
      }
      return entry.output;
    },
    put(key, reads, output) {
      if (reads === undefined || reads.size === 0) return;
      const oldest = entries.keys().next();
      if (entries.size >= ENTRIES_MAX && oldest.done !== true) entries.delete(oldest.value);
      entries.set(key, { reads, output });
    },
  };
}
