/** Decides what no packed file may hold, whatever its name: a secret, the sources that it was made from, a path of the machine that made it. */
import { createRedactor } from '../../../src/core/tools/secrets.ts';

/** The same patterns that keep secrets from models; values are nobody's here. */
const redact = createRedactor();

/** A root of one short word stands in ordinary code too ("/app"), so only a path below it counts. */
const BUILT_IN = ['src', 'node_modules', 'test', 'dist'];

/** A sentence, or undefined. `root`: the folder that was built in. Binary files are read as text too: a path in one shows as plainly. */
export function contentFault(name: string, bytes: Buffer, root: string): string | undefined {
  const text = bytes.toString('latin1');
  const base = root.replace(/\/$/u, '');
  if (BUILT_IN.some((folder) => text.includes(`${base}/${folder}/`))) return `${name} names ${root}, the folder that it was built in: build with paths relative to it`;
  if (/^\/\/# sourceMappingURL=/mu.test(text) || text.includes('"sourcesContent":')) return `${name} holds its sources (a source map): build without --sourcemap`;
  if (redact(text) !== text) return `${name} holds what looks like a secret (src/core/tools/secrets.ts knows the forms): take it out, and change it where it was real`;
  return undefined;
}
