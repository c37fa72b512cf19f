/** Decides which files of a workspace count: not ignored by .gitignore, .git/info/exclude or .groundcrewignore, no links, no caches. */
import { readFile, readdir, stat } from 'node:fs/promises';
import type { Dirent } from 'node:fs';
import ignore from 'ignore';
import type { Ignore } from 'ignore';
import { isTemporaryName, sweepLeftovers } from './atomicWrite.ts';

export interface WalkOptions {
  /** Real path of the workspace. */
  readonly root: string;
  /** Real folder to start at, relative to the root; "" is the root. */
  readonly under: string;
  readonly max: number;
}

/** Folders that no ignore file needs to name. A virtual environment is known by its pyvenv.cfg, whatever its name. */
const SKIPPED = new Set(['.git', '.hg', '.svn', '.groundcrew', 'node_modules', 'bower_components', '__pycache__', '.pytest_cache', '.mypy_cache', '.ruff_cache', '.tox', '.nox', '.venv', '.gradle', '.yarn', '.pnpm-store', '.nyc_output', '.parcel-cache']);

const IGNORE_FILES = ['.gitignore', '.groundcrewignore'];
/** Larger ones are taken for something else. */
const IGNORE_BYTES_MAX = 1_000_000;
/** Folders read at once. */
const WIDTH = 16;
/** Entries looked at in one walk: a tree of links to nowhere ends too. */
const ENTRIES_MAX = 1_000_000;

interface Folder {
  /** Relative to the root, "" for it. */
  readonly path: string;
  readonly rules: readonly { readonly base: string; readonly matcher: Ignore }[];
}

/** Breadth first, so that a cut list holds the nearest files. Sorted by code unit. @throws signal.reason */
export async function walk({ root, under, max }: WalkOptions, signal: AbortSignal): Promise<{ readonly paths: readonly string[]; readonly truncated: boolean }> {
  const found: string[] = [];
  let entries = 0;
  let level: readonly Folder[] = await start(root, under);
  while (level.length > 0 && found.length <= max && entries <= ENTRIES_MAX) {
    const next: Folder[] = [];
    for (let at = 0; at < level.length && found.length <= max; at += WIDTH) {
      signal.throwIfAborted();
      const read = await Promise.all(level.slice(at, at + WIDTH).map(async (folder) => await readFolder(root, folder)));
      for (const { files, folders } of read) {
        found.push(...files);
        next.push(...folders);
        entries += files.length + folders.length;
      }
    }
    level = next;
  }
  const truncated = found.length > max || entries > ENTRIES_MAX;
  return { paths: found.slice(0, max).toSorted(), truncated };
}

/** Rules of the folders above `under` hold below it too; when one of them ignores it, there is nothing to list. */
async function start(root: string, under: string): Promise<readonly Folder[]> {
  const exclude = await readRules(`${root}/.git/info/exclude`);
  let folder: Folder = { path: '', rules: exclude === undefined ? [] : [{ base: '', matcher: exclude }] };
  for (const segment of under === '' ? [] : under.split('/')) {
    const rules = await rulesOf(root, folder);
    const path = join(folder.path, segment);
    if (SKIPPED.has(segment) || isIgnored(rules, path, true)) return [];
    folder = { path, rules };
  }
  return [folder];
}

async function readFolder(root: string, folder: Folder): Promise<{ readonly files: readonly string[]; readonly folders: readonly Folder[] }> {
  const absolute = folder.path === '' ? root : `${root}/${folder.path}`;
  const entries: readonly Dirent[] = await readdir(absolute, { withFileTypes: true }).catch(() => []);
  const names = new Set(entries.map((entry) => entry.name));
  if (names.has('pyvenv.cfg') && folder.path !== '') return { files: [], folders: [] };
  if (entries.some((entry) => isTemporaryName(entry.name))) await sweepLeftovers(absolute);
  const rules = IGNORE_FILES.some((name) => names.has(name)) ? await rulesOf(root, folder) : folder.rules;
  const files: string[] = [];
  const folders: Folder[] = [];
  for (const entry of entries) {
    const path = join(folder.path, entry.name);
    if (entry.isDirectory()) {
      if (!SKIPPED.has(entry.name) && !isIgnored(rules, path, true)) folders.push({ path, rules });
    } else if (entry.isFile() && !isTemporaryName(entry.name) && !isIgnored(rules, path, false)) files.push(path);
  }
  return { files, folders };
}

async function rulesOf(root: string, folder: Folder): Promise<Folder['rules']> {
  const added = await Promise.all(IGNORE_FILES.map(async (name) => await readRules(`${root}/${join(folder.path, name)}`)));
  return [...folder.rules, ...added.flatMap((matcher) => (matcher === undefined ? [] : [{ base: folder.path, matcher }]))];
}

async function readRules(path: string): Promise<Ignore | undefined> {
  const stats = await stat(path).catch(() => undefined);
  if (stats === undefined || !stats.isFile() || stats.size > IGNORE_BYTES_MAX) return undefined;
  const text = await readFile(path, 'utf8').catch(() => '');
  return ignore({ allowRelativePaths: true }).add(text.replace(/^\uFEFF/, ''));
}

/** The deepest rule with an opinion decides, as in git. */
function isIgnored(rules: Folder['rules'], path: string, isFolder: boolean): boolean {
  let ignored = false;
  for (const { base, matcher } of rules) {
    const relative = base === '' ? path : path.slice(base.length + 1);
    const result = matcher.test(isFolder ? `${relative}/` : relative);
    if (result.ignored) ignored = true;
    else if (result.unignored) ignored = false;
  }
  return ignored;
}

function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}
