/** Decides to which workspace folder a document belongs, and what can be asked of that folder. */
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { FileRefused } from '../core/domain/fileErrors.ts';
import type { Project } from '../core/checks/project.ts';
import type { Files, Syntax } from '../core/ports.ts';
import { createFiles } from '../node/files.ts';
import { createReviewMemory, type ReviewMemory } from '../node/reviewMemory.ts';
import { stateFolder } from '../node/stateFolder.ts';
import { workspaceRoot } from '../node/workspaceRoot.ts';

export interface Folder {
  /** Real path. */
  readonly root: string;
  readonly files: Files;
  readonly memory: ReviewMemory;
  /** Paths as they were at most a while ago; texts as they are now, open ones as the client has them. */
  project(): Promise<Project>;
  /** Not ignored by the workspace's own rules. */
  has(path: string): Promise<boolean>;
  uriOf(path: string): string;
}

export interface Place {
  readonly folder: Folder;
  /** Relative to its root, with forward slashes. */
  readonly path: string;
}

export interface Folders {
  readonly all: readonly Folder[];
  set(uris: readonly string[]): void;
  change(added: readonly string[], removed: readonly string[]): void;
  /** undefined: no file of this machine, or below no folder. */
  placeOf(uri: string): Place | undefined;
  at(root: string): Folder | undefined;
}

/** How long a list of paths is believed; a new file is there for imports after this. */
const PATHS_MS = 20_000;
const PATHS_MAX = 20_000;
const LIST_MS = 30_000;
/** What stands at the root of a project, for a client that opened no folder. */
const ROOT_MARKS = ['.git', 'package.json', 'pyproject.toml', 'go.mod'];

export interface FoldersOptions {
  readonly syntax: Syntax;
  /** The client's text of an open file, by uri. */
  readonly openText: (uri: string) => string | undefined;
  readonly onFault: (message: string) => void;
}

export function createFolders(options: FoldersOptions): Folders {
  const named = new Map<string, Folder>();
  const guessed = new Map<string, Folder>();
  const add = (uri: string): void => {
    const folder = openFolder(uri, options);
    if (folder !== undefined) named.set(uri, folder);
  };
  const all = (): readonly Folder[] => [...named.values(), ...guessed.values()];
  return {
    get all() {
      return all();
    },
    set(uris) {
      named.clear();
      for (const uri of uris) add(uri);
    },
    change(added, removed) {
      for (const uri of removed) named.delete(uri);
      for (const uri of added) add(uri);
    },
    placeOf(uri) {
      const file = fileOf(uri);
      if (file === undefined) return undefined;
      const real = realOf(file);
      const found = all().filter(({ root }) => isWithin(root, real)).toSorted((a, b) => b.root.length - a.root.length)[0] ?? (named.size === 0 ? guess(real, guessed, options) : undefined);
      return found === undefined ? undefined : { folder: found, path: path.relative(found.root, real).split(path.sep).join('/') };
    },
    at: (root) => all().find((folder) => folder.root === root),
  };
}

function openFolder(uri: string, options: FoldersOptions): Folder | undefined {
  const named = fileOf(uri);
  if (named === undefined) return undefined;
  try {
    return folderAt(workspaceRoot(named), options);
  } catch (error) {
    options.onFault(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

function folderAt(root: string, { syntax, openText }: FoldersOptions): Folder {
  const files = createFiles(root);
  let listed: { readonly at: number; readonly paths: Promise<readonly string[]> } | undefined;
  const uriOf = (name: string): string => pathToFileURL(path.join(root, name)).href;
  // Shared by all who ask, so none of them may end it for the others.
  const paths = async (): Promise<readonly string[]> => {
    if (listed === undefined || Date.now() - listed.at > PATHS_MS) {
      const mine = { at: Date.now(), paths: files.list({ under: '', max: PATHS_MAX }, AbortSignal.timeout(LIST_MS)).then((list) => list.paths) };
      mine.paths.catch(() => {
        if (listed === mine) listed = undefined;
      });
      listed = mine;
    }
    return await listed.paths;
  };
  return {
    root, files, uriOf,
    memory: createReviewMemory(stateFolder(root)),
    async project() {
      return { paths: await paths(), syntax, read: async (name) => await readText(files, name, openText(uriOf(name))) };
    },
    async has(name) {
      const under = path.posix.dirname(name);
      const list = await files.list({ under: under === '.' ? '' : under, max: PATHS_MAX }, AbortSignal.timeout(LIST_MS)).catch(() => undefined);
      return list === undefined || list.paths.includes(name) || list.truncated;
    },
  };
}

async function readText(files: Files, name: string, open: string | undefined): ReturnType<Project['read']> {
  try {
    const file = await files.read(name);
    return open === undefined ? file : { ...file, text: open };
  } catch (error) {
    if (error instanceof FileRefused) return undefined;
    throw error;
  }
}

/** The nearest folder above that looks like a project, else the file's own. */
function guess(file: string, guessed: Map<string, Folder>, options: FoldersOptions): Folder | undefined {
  const own = path.dirname(file);
  if (!existsSync(own)) return undefined;
  let root = own;
  for (let at = own; ; at = path.dirname(at)) {
    if (ROOT_MARKS.some((mark) => existsSync(path.join(at, mark)))) {
      root = at;
      break;
    }
    if (at === path.dirname(at)) break;
  }
  const folder = openFolder(pathToFileURL(root).href, options);
  if (folder !== undefined) guessed.set(folder.root, folder);
  return folder;
}

function fileOf(uri: string): string | undefined {
  if (!uri.startsWith('file:')) return undefined;
  try {
    return fileURLToPath(uri);
  } catch {
    return undefined; // a host name, a broken escape
  }
}

/** Of the folder only: a link to a file is that file's own name here. */
function realOf(file: string): string {
  try {
    return path.join(realpathSync.native(path.dirname(file)), path.basename(file));
  } catch {
    return path.normalize(file);
  }
}

function isWithin(root: string, file: string): boolean {
  const relative = path.relative(root, file);
  return relative !== '' && relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}
