/** Decides which version the program says it is: the one in its package.json. */
import { readFileSync } from 'node:fs';
import * as z from 'zod';

export function version(): string {
  for (const place of ['../package.json', '../../package.json']) {
    const text = tryRead(new URL(place, import.meta.url));
    if (text !== undefined) return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
  }
  return 'unknown';
}

/** dist/ lies one folder below package.json, src/node two. */
function tryRead(url: URL): string | undefined {
  try {
    return readFileSync(url, 'utf8');
  } catch {
    return undefined;
  }
}
