/** Decides how dependencies are seen where nothing can be mounted: by links, with the workspace's own packages left its own. */
import { lstatSync, mkdirSync, readdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';

/**
 * Puts `source` at `place` (an empty folder). One link would do, but a monorepo's node_modules holds links to its own packages,
 * which then led to the real workspace and not to the copy. The repository itself is not linked: a test that commits must not reach it.
 */
export function linkDependency(source: string, place: string): void {
  const name = basename(source);
  if (name === '.git' || name === '.hg' || name === '.svn') return;
  if (name !== 'node_modules') {
    rmSync(place, { recursive: true });
    symlinkSync(source, place);
    return;
  }
  for (const entry of readdirSync(source)) {
    if (!entry.startsWith('@') && entry !== '.bin') linkEntry(join(source, entry), join(place, entry));
    else {
      mkdirSync(join(place, entry));
      for (const inner of readdirSync(join(source, entry))) linkEntry(join(source, entry, inner), join(place, entry, inner));
    }
  }
}

/** A link keeps its text, so that a relative one leads into the copy. */
function linkEntry(source: string, place: string): void {
  const stats = lstatSync(source);
  symlinkSync(stats.isSymbolicLink() ? readlinkSync(source) : source, place);
}
