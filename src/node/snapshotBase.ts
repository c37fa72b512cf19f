/** Decides what of a workspace is copied, what is shown read-only, what is left out, and the hash that names the copy. */
import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { chmod, copyFile, lstat, mkdir, readdir, readFile, readlink, realpath, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isInside } from './userPath.ts';
import { CACHES_IN_DEPENDENCIES } from './sandbox.ts';

/** Design 05, "Snapshot". */
export const COPY_BYTES_MAX = 200 * 1024 * 1024;
/** Files at once; the copy is bound by system calls, not by the disk. */
const COPIES_AT_ONCE = 16;
/** Above this a file is copied by the kernel (a reflink where the file system can) and hashed as a stream. */
const SMALL_BYTES = 1024 * 1024;
/** More folders or files than any workspace that a crew of small models can work on. */
const ENTRIES_MAX = 200_000;

export type Entry =
  | { readonly kind: 'file'; readonly sizeBytes: number; readonly mode: number; readonly mtimeMs: number }
  | { readonly kind: 'folder'; readonly mode: number }
  | { readonly kind: 'link'; readonly target: string };

export interface Dependency {
  readonly path: string;
  /** Real folder that stands there. */
  readonly source: string;
  readonly caches: readonly string[];
}

export interface Base {
  readonly folder: string;
  /** Every copied file, folder and link by path below the root, parents first. */
  readonly entries: ReadonlyMap<string, Entry>;
  readonly dependencies: readonly Dependency[];
  /** Build folders that a slot keeps between commands. */
  readonly kept: readonly string[];
  readonly leftOut: readonly string[];
  readonly treeSha256: string;
}

export interface BaseOptions {
  readonly root: string;
  readonly folder: string;
  /** Paths that the repository ignores go first when there is too much; asked only then. */
  readonly notIgnored: () => Promise<ReadonlySet<string> | undefined>;
}

/** Copies the workspace once. @throws signal.reason; @throws Error when the workspace has more than 200,000 entries. */
export async function makeBase({ root, folder, notIgnored }: BaseOptions, signal: AbortSignal): Promise<Base> {
  const found = await survey(root, signal);
  const leftOut = new Set([...found.unreadable, ...(await tooMuch(found.entries, notIgnored))]);
  const entries = new Map([...found.entries].filter(([path]) => !leftOut.has(path)));
  await mkdir(folder, { recursive: true });
  for (const [path, entry] of entries) {
    if (entry.kind === 'folder') await mkdir(join(folder, path));
    if (entry.kind === 'link') await symlink(entry.target, join(folder, path));
  }
  const hashes = new Map<string, string>();
  const files = [...entries].flatMap(([path, entry]) => (entry.kind === 'file' ? [{ path, entry }] : []));
  await eachAtOnce(files, signal, async ({ path, entry }) => {
    const hash = await copyAndHash(join(root, path), join(folder, path), entry);
    if (hash === undefined) {
      leftOut.add(path);
      entries.delete(path);
    } else hashes.set(path, hash);
  });
  return { folder, entries, dependencies: found.dependencies, kept: found.kept, leftOut: [...leftOut].sort(), treeSha256: treeHash(entries, hashes) };
}

interface Survey {
  readonly entries: Map<string, Entry>;
  readonly dependencies: Dependency[];
  readonly kept: string[];
  readonly unreadable: string[];
}

async function survey(root: string, signal: AbortSignal): Promise<Survey> {
  const found: Survey = { entries: new Map(), dependencies: [], kept: [], unreadable: [] };
  // A stack and not recursion: the deepest tree that a file system holds must not end us.
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    signal.throwIfAborted();
    const names = await readdir(join(root, folder)).catch(() => undefined);
    if (names === undefined) found.unreadable.push(folder);
    if (names?.some((name) => name === 'Cargo.toml' || name === 'pom.xml')) keepBuildFolder(folder === '' ? 'target' : `${folder}/target`, names, found);
    for (const name of names ?? []) {
      const path = folder === '' ? name : `${folder}/${name}`;
      const entry = await entryAt(root, path, found);
      if (entry === undefined) continue;
      found.entries.set(path, entry);
      if (entry.kind === 'folder' && found.dependencies.at(-1)?.path !== path) folders.push(path);
      if (found.entries.size > ENTRIES_MAX) {
        throw new Error(`${root} holds more than ${ENTRIES_MAX} files outside dependency folders: too many to copy for a run. Run in a sub-folder (--cwd).`);
      }
    }
  }
  return found;
}

/** cargo and Maven build there, incrementally: it stays between commands, and is made where the workspace has none. */
function keepBuildFolder(path: string, siblings: readonly string[], found: Survey): void {
  found.kept.push(path);
  if (!siblings.includes('target')) found.entries.set(path, { kind: 'folder', mode: 0o755 });
}

/** undefined: nothing is copied at this path; what stands there instead has been noted in `found`. */
async function entryAt(root: string, path: string, found: Survey): Promise<Entry | undefined> {
  const stats = await lstat(join(root, path)).catch(() => undefined);
  if (stats === undefined) return undefined;
  if (await isDependency(root, path)) {
    const source = await realpath(join(root, path));
    const caches: string[] = [];
    for (const name of CACHES_IN_DEPENDENCIES) {
      if ((await stat(join(source, name)).catch(() => undefined))?.isDirectory()) caches.push(name);
    }
    found.dependencies.push({ path, source, caches });
    return { kind: 'folder', mode: 0o755 };
  }
  if (stats.isSymbolicLink()) return { kind: 'link', target: await readlink(join(root, path)) };
  // Byte code is matched by size and whole seconds: a stale one would hide a candidate's change.
  if (stats.isDirectory() && basename(path) === '__pycache__') return undefined;
  if (stats.isDirectory()) return { kind: 'folder', mode: (stats.mode & 0o777) | 0o700 };
  // Sockets, FIFOs and devices have no content to copy.
  return stats.isFile() ? { kind: 'file', sizeBytes: stats.size, mode: stats.mode & 0o777, mtimeMs: stats.mtimeMs } : undefined;
}

const ALWAYS_DEPENDENCY = new Set(['node_modules', 'bower_components', 'jspm_packages', '.git', '.hg', '.svn', '.pnpm-store', '.tox', '.nox', 'Pods']);
/** What a folder must hold to count: `vendor` and `env` are also ordinary names. */
const DEPENDENCY_IF: Readonly<Record<string, readonly string[]>> = {
  vendor: ['modules.txt', 'autoload.php', 'bundle'],
  '.venv': ['pyvenv.cfg'],
  venv: ['pyvenv.cfg'],
  env: ['pyvenv.cfg'],
  '.env': ['pyvenv.cfg'],
};

/**
 * A committed link named node_modules may lead anywhere, to ~/.ssh too, and would then be shown: it counts only when it leads to
 * a folder of the same name or into the workspace.
 */
async function isDependency(root: string, path: string): Promise<boolean> {
  const name = basename(path);
  const signs = DEPENDENCY_IF[name];
  if (!ALWAYS_DEPENDENCY.has(name) && signs === undefined && !path.endsWith('.yarn/cache')) return false;
  const real = await realpath(join(root, path)).catch(() => undefined);
  if (real === undefined || !(await stat(real)).isDirectory()) return false;
  if (basename(real) !== name && !isInside(real, root)) return false;
  if (signs === undefined) return true;
  const inside = await readdir(real).catch((): string[] => []);
  return signs.some((sign) => inside.includes(sign));
}

/** Files beyond the limit: ignored ones, largest first, then, where that is not enough, the largest of all. */
async function tooMuch(entries: ReadonlyMap<string, Entry>, notIgnored: BaseOptions['notIgnored']): Promise<readonly string[]> {
  const files = [...entries].flatMap(([path, entry]) => (entry.kind === 'file' ? [{ path, sizeBytes: entry.sizeBytes }] : []));
  let total = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  if (total <= COPY_BYTES_MAX) return [];
  const wanted = (await notIgnored()) ?? new Set<string>();
  const order = files.sort((a, b) => Number(wanted.has(a.path)) - Number(wanted.has(b.path)) || b.sizeBytes - a.sizeBytes);
  const out: string[] = [];
  for (const { path, sizeBytes } of order) {
    if (total <= COPY_BYTES_MAX) break;
    out.push(path);
    total -= sizeBytes;
  }
  return out;
}

/** undefined: it went away or cannot be read. Keeps mode and times: build tools compare them. */
async function copyAndHash(from: string, to: string, entry: Extract<Entry, { kind: 'file' }>): Promise<string | undefined> {
  try {
    const hash = createHash('sha256');
    if (entry.sizeBytes <= SMALL_BYTES) {
      const bytes = await readFile(from);
      hash.update(bytes);
      await writeFile(to, bytes);
    } else {
      await copyFile(from, to, constants.COPYFILE_FICLONE);
      for await (const chunk of createReadStream(to)) hash.update(chunk);
    }
    await utimes(to, entry.mtimeMs / 1000, entry.mtimeMs / 1000);
    await chmod(to, entry.mode | 0o600);
    return hash.digest('hex');
  } catch (error) {
    if (error instanceof Error && 'code' in error && ['ENOENT', 'EACCES', 'EPERM'].includes(String(error.code))) return undefined;
    throw error;
  }
}

/** Over path, kind, executable bit and content of everything that was copied, sorted by path. */
function treeHash(entries: ReadonlyMap<string, Entry>, hashes: ReadonlyMap<string, string>): string {
  const hash = createHash('sha256');
  for (const path of [...entries.keys()].sort()) {
    const entry = entries.get(path);
    if (entry?.kind === 'file') hash.update(`${path}\0${entry.mode & 0o100 ? 'x' : '-'}\0${hashes.get(path) ?? ''}\n`);
    if (entry?.kind === 'link') hash.update(`${path}\0l\0${entry.target}\n`);
  }
  return hash.digest('hex');
}

async function eachAtOnce<T>(items: readonly T[], signal: AbortSignal, work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  await Promise.all(
    Array.from({ length: COPIES_AT_ONCE }, async () => {
      for (const item of queue) {
        signal.throwIfAborted();
        await work(item);
      }
    }),
  );
}
