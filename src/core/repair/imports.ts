/** Decides which files of the workspace a file uses, from its own import lines, in every language that we localise in. */
import { bySuffix, folderOf, joinPath } from '../checks/paths.ts';
import type { Project } from '../checks/project.ts';
import { isDependency, isTestFile } from '../checks/testFiles.ts';

/** Files followed from the failing tests; more is not "near". */
const FILES_MAX = 400;

/** Each file reached → steps from the nearest root, which has 0. Test helpers are followed too. */
export async function reachable(project: Project, roots: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, number>> {
  const index = indexPaths(project.paths);
  const distance = new Map<string, number>(roots.map((path) => [path, 0]));
  const open = [...distance.keys()];
  for (let path = open.shift(); path !== undefined && distance.size < FILES_MAX; path = open.shift()) {
    signal.throwIfAborted();
    const text = (await project.read(path))?.text;
    if (text === undefined) continue;
    const next = (distance.get(path) ?? 0) + 1;
    for (const target of importsOf(path, text, index)) {
      if (distance.has(target) || isDependency(target)) continue;
      distance.set(target, next);
      open.push(target);
    }
  }
  return distance;
}

export interface PathIndex {
  readonly paths: readonly string[];
  has(path: string): boolean;
  filesIn(folder: string): readonly string[];
  foldersEndingWith(suffix: string): readonly string[];
}

export function indexPaths(paths: readonly string[]): PathIndex {
  const all = new Set(paths);
  const folders = new Map<string, string[]>();
  for (const path of paths) {
    const files = folders.get(folderOf(path)) ?? [];
    files.push(path);
    folders.set(folderOf(path), files);
  }
  return {
    paths,
    has: (path) => all.has(path),
    filesIn: (folder) => folders.get(folder) ?? [],
    foldersEndingWith: (suffix) => [...folders.keys()].filter((folder) => folder === suffix || folder.endsWith(`/${suffix}`)),
  };
}

export function importsOf(path: string, text: string, index: PathIndex): readonly string[] {
  const found = new Set(byLanguage(path, text, index));
  found.delete(path);
  return [...found];
}

function byLanguage(path: string, text: string, index: PathIndex): readonly string[] {
  if (/\.[cm]?[jt]sx?$/.test(path)) return scriptImports(path, text, index);
  if (path.endsWith('.py')) return pythonImports(path, text, index);
  if (path.endsWith('.go')) return goImports(path, text, index);
  if (path.endsWith('.rs')) return rustImports(path, text, index);
  if (/\.(?:java|kt)$/.test(path)) return javaImports(path, text, index);
  return [];
}

const EXTENSIONS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'];

function scriptImports(path: string, text: string, index: PathIndex): readonly string[] {
  const found: string[] = [];
  for (const match of text.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire(?:\.resolve)?\s*\(\s*|\b(?:jest|vi)\.(?:mock|unmock|requireActual|importActual)\(\s*)(['"`])([^'"`\n]+)\1/g)) {
    const name = match[2] ?? '';
    const file = name.startsWith('.') ? scriptFile(joinPath(folderOf(path), name), index) : packageFile(name, index);
    if (file !== undefined) found.push(file);
  }
  return found;
}

/** As written, without extension, as a folder, or TypeScript's way of naming the output: "./a.js" for a.ts. */
function scriptFile(base: string, index: PathIndex): string | undefined {
  const stem = base.replace(/\.[cm]?jsx?$/, '');
  const prefix = base === '' ? '' : `${base}/`;
  const tries = [base, ...EXTENSIONS.map((extension) => base + extension), ...(stem === base ? [] : EXTENSIONS.map((extension) => stem + extension)), ...EXTENSIONS.map((extension) => `${prefix}index${extension}`), ...EXTENSIONS.map((extension) => `${prefix}src/index${extension}`)];
  return tries.find((one) => index.has(one));
}

/** "@/cart", "~/cart", "src/cart" and packages of the same workspace; anything else is a dependency. */
function packageFile(name: string, index: PathIndex): string | undefined {
  const alias = /^(?:@|~|#)\/(.+)$/.exec(name)?.[1];
  if (alias !== undefined) return scriptFile(`src/${alias}`, index) ?? scriptFile(alias, index);
  const [scope = '', ...rest] = name.startsWith('@') ? name.split('/').slice(1) : name.split('/');
  const own = scriptFile(name, index);
  if (own !== undefined) return own;
  for (const folder of index.foldersEndingWith(scope)) {
    if (!index.has(`${folder}/package.json`)) continue;
    const file = scriptFile([folder, ...rest].join('/'), index) ?? scriptFile([folder, 'src', ...rest].join('/'), index);
    if (file !== undefined) return file;
  }
  return undefined;
}

function pythonImports(path: string, text: string, index: PathIndex): readonly string[] {
  const found: string[] = [];
  const add = (file: string | undefined): void => {
    if (file !== undefined) found.push(file);
  };
  for (const match of text.matchAll(/^[ \t]*from\s+(\.*)([\w.]*)\s+import\s+(\([^)]*\)|[^\n#]+)/gm)) {
    const [, dots = '', module = '', names = ''] = match;
    const bases = dots === '' ? pythonRoots(path) : [joinPath(folderOf(path), ...Array.from({ length: dots.length - 1 }, () => '..'))];
    const parts = module === '' ? [] : module.split('.');
    add(pythonFile(bases, parts, index));
    for (const name of names.replace(/[()]/g, '').split(',')) add(pythonFile(bases, [...parts, name.trim().split(/\s/)[0] ?? ''], index));
  }
  for (const match of text.matchAll(/^[ \t]*import\s+([\w., \t]+)/gm)) {
    for (const name of (match[1] ?? '').split(',')) {
      const parts = (name.trim().split(/\s/)[0] ?? '').split('.');
      for (let length = parts.length; length > 0; length--) add(pythonFile(pythonRoots(path), parts.slice(0, length), index));
    }
  }
  return found;
}

/** The root, src, and every folder above the file: packages, src layout, and scripts beside their modules. */
function pythonRoots(path: string): readonly string[] {
  const folders: string[] = [];
  for (let folder = folderOf(path); folder !== ''; folder = folderOf(folder)) folders.push(folder, `${folder}/src`);
  return ['', 'src', 'lib', 'python', ...folders];
}

function pythonFile(bases: readonly string[], parts: readonly string[], index: PathIndex): string | undefined {
  for (const base of bases) {
    const stem = joinPath(base, ...parts);
    const file = parts.length > 0 && index.has(`${stem}.py`) ? `${stem}.py` : index.has(joinPath(stem, '__init__.py')) ? joinPath(stem, '__init__.py') : undefined;
    if (file !== undefined) return file;
  }
  return undefined;
}

/** A package is a folder: its other files belong to the file itself. */
function goImports(path: string, text: string, index: PathIndex): readonly string[] {
  const found = goFiles(folderOf(path), index);
  const block = [...text.matchAll(/^import\s+(?:\(([\s\S]*?)^\)|(?:[\w.]+\s+)?"([^"]+)")/gm)];
  const names = block.flatMap((match) => (match[2] !== undefined ? [match[2]] : [...(match[1] ?? '').matchAll(/"([^"]+)"/g)].map((one) => one[1] ?? '')));
  for (const name of names) {
    const parts = name.split('/');
    for (let from = 0; from < parts.length; from++) {
      const files = goFiles(parts.slice(from).join('/'), index);
      if (files.length === 0) continue;
      found.push(...files);
      break;
    }
    // The module's own root package is imported by the module's name alone.
    if (parts.length > 1 && !name.startsWith('golang.org/') && index.has('go.mod') && parts.length <= 3 && parts[0]?.includes('.') === true) found.push(...goFiles('', index));
  }
  return found;
}

function goFiles(folder: string, index: PathIndex): string[] {
  return index.filesIn(folder).filter((file) => file.endsWith('.go') && !isTestFile(file));
}

function rustImports(path: string, text: string, index: PathIndex): readonly string[] {
  const found: string[] = [];
  const add = (...tries: readonly string[]): void => {
    const file = tries.find((one) => index.has(one));
    if (file !== undefined) found.push(file);
  };
  const folder = folderOf(path);
  const own = /\/(?:mod|lib|main)\.rs$/.test(`/${path}`) ? folder : path.replace(/\.rs$/, '');
  for (const match of text.matchAll(/^\s*(?:pub(?:\([^)]*\))?\s+)?mod\s+(\w+)\s*;/gm)) add(joinPath(own, `${match[1]}.rs`), joinPath(own, match[1] ?? '', 'mod.rs'), joinPath(folder, `${match[1]}.rs`));
  const at = path.lastIndexOf('/src/') >= 0 ? path.slice(0, path.lastIndexOf('/src/') + 4) : path.startsWith('src/') ? 'src' : joinPath(folderOf(folder), 'src');
  for (const match of text.matchAll(/\b(\w+)::(\w+)(?:::(\w+))?(?:::(\w+))?/g)) {
    const [, first = '', ...rest] = match;
    if (/^(?:std|core|alloc)$/.test(first)) continue;
    const base = first === 'super' ? folderOf(own) : first === 'self' ? own : at;
    const parts = rest.filter((part) => part !== undefined);
    for (let length = parts.length; length > 0; length--) add(joinPath(base, `${parts.slice(0, length).join('/')}.rs`), joinPath(base, ...parts.slice(0, length), 'mod.rs'));
  }
  if (isTestFile(path)) add(joinPath(at, 'lib.rs'), joinPath(at, 'main.rs'));
  return found;
}

function javaImports(path: string, text: string, index: PathIndex): readonly string[] {
  const found: string[] = [];
  const sources = index.paths.filter((one) => /\.(?:java|kt)$/.test(one));
  for (const match of text.matchAll(/^\s*import\s+(?:static\s+)?([\w.]+?)(?:\.\*)?\s*;?\s*$/gm)) {
    const parts = (match[1] ?? '').split('.');
    const type = parts.findIndex((part) => /^[A-Z]/.test(part));
    const suffix = parts.slice(0, type < 0 ? undefined : type + 1).join('/');
    if (type < 0) found.push(...index.foldersEndingWith(suffix).flatMap((folder) => index.filesIn(folder)));
    else found.push(...sources.filter((one) => one.replace(/\.\w+$/, '').endsWith(suffix) && bySuffix(`${suffix}.java`, [one]) !== undefined));
  }
  const own = /^\s*package\s+([\w.]+)/m.exec(text)?.[1]?.replaceAll('.', '/');
  const folders = own === undefined ? [folderOf(path)] : index.foldersEndingWith(own);
  const names = new Set(text.match(/\b[A-Z]\w*/g) ?? []);
  for (const file of folders.flatMap((folder) => index.filesIn(folder))) {
    if (names.has(/([^/]+)\.\w+$/.exec(file)?.[1] ?? '')) found.push(file);
  }
  return found;
}
