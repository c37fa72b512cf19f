/** Decides which sockets lie in folders that a confined command is shown: a read-only mount does not keep anyone from connecting to one. */
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isInside } from './userPath.ts';

/** Absolute paths of sockets and FIFOs below `folders`: those that this system lists as bound, and what stands beside a repository's HEAD (git's own monitor). */
export function boundSockets(folders: readonly string[]): readonly string[] {
  const listed = bound().filter((path) => folders.some((folder) => isInside(path, folder)));
  const beside = folders.filter((folder) => folder.endsWith('/.git')).flatMap((folder) => namesIn(folder).map((name) => join(folder, name)));
  return [...new Set([...listed, ...beside])].filter(isChannel);
}

/** unix(7): the last column is the path; those with a line's end in them are not listed whole, and are not found. */
function bound(): readonly string[] {
  try {
    return readFileSync('/proc/net/unix', 'utf8').split('\n').flatMap((line) => /^\S+: (?:\S+ ){5}\s*\d+ (\/.*)$/u.exec(line)?.[1] ?? []);
  } catch {
    return [];
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isChannel(path: string): boolean {
  try {
    const stats = lstatSync(path);
    return stats.isSocket() || stats.isFIFO();
  } catch {
    return false;
  }
}
