/** Decides which parts of /proc a command must see read-only when we are root: the kernel lets root's own files be written without a capability. */
import { type Dirent, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const PROC = '/proc';
/** Links into the reader's own entry. */
const OWN = new Set(['self', 'thread-self', 'mounts', 'net']);
const DEPTH_MAX = 4;

/** Names in /proc; none for anyone but root. core_pattern, below sys, names a program that the kernel starts as root, outside. */
export function rootsFiles(uid: number | undefined = process.getuid?.()): readonly string[] {
  if (uid !== 0 || process.platform !== 'linux') return [];
  found ??= list(PROC).filter(({ name }) => !/^\d+$/u.test(name) && !OWN.has(name)).filter((entry) => holdsWritable(PROC, entry, DEPTH_MAX)).map(({ name }) => join(PROC, name));
  return found;
}

let found: readonly string[] | undefined;

function holdsWritable(folder: string, entry: Dirent, depth: number): boolean {
  const path = join(folder, entry.name);
  if (entry.isDirectory()) return depth > 0 && list(path).some((inner) => holdsWritable(path, inner, depth - 1));
  try {
    return entry.isFile() && (lstatSync(path).mode & 0o222) !== 0;
  } catch {
    return false;
  }
}

function list(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
