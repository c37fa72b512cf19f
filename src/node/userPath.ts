/** Decides which folders of the user's PATH count: theirs, never ours, never one inside the workspace. */
import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { basename, delimiter, dirname, isAbsolute, join, relative, sep } from 'node:path';

export interface PathOptions {
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Real paths of the folders on the user's own PATH, in order. `npm run` puts Groundcrew's node_modules/.bin first, and a workspace
 * could put a program named `git` in its own folder, so both kinds are left out, as are relative entries.
 * The folder of our own Node comes last, only where the user has no Node at all.
 */
export function userPath({ root, env }: PathOptions): readonly string[] {
  const folders: string[] = [];
  for (const entry of (env['PATH'] ?? '').split(delimiter)) {
    if (!isAbsolute(entry) || isOurs(entry)) continue;
    const real = tryRealpath(entry);
    if (real === undefined || isOurs(real) || isInside(real, root) || isInside(entry, root) || folders.includes(real)) continue;
    folders.push(real);
  }
  if (findIn(folders, 'node') === undefined && /^node(\.exe)?$/u.test(basename(process.execPath))) folders.push(dirname(process.execPath));
  return folders;
}

/** `npm run` adds node_modules/.bin of the package and of every folder above it, and node-gyp's. */
const isOurs = (folder: string): boolean => /[\\/]node_modules[\\/]\.bin[\\/]?$|[\\/]node-gyp-bin[\\/]?$|[\\/]node_modules[\\/]node[\\/]bin[\\/]?$/u.test(folder);

/** Absolute path of an executable regular file, or undefined. `name` holds no slash. */
export function findIn(folders: readonly string[], name: string): string | undefined {
  if (name === '' || /[\\/\0]/u.test(name)) return undefined;
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** By segments, so that /ws-evil is not inside /ws. A folder is inside itself. */
export function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

export function tryRealpath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
