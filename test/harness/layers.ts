/** Decides which imports the architecture allows; ARCHITECTURE.md's table is the order of core's folders. */
import { posix } from 'node:path';
import type { Import, SourceFile } from './sources.ts';

/** Packages that touch nothing outside: allowed everywhere. */
const PURE_PACKAGES = new Set(['zod', 'diff', 'ignore', 'picomatch']);
/** What src/webview is written in; nothing else draws. */
const UI_PACKAGES = new Set(['preact']);
/** What src/server speaks; its every file is about it. */
const PROTOCOL_PACKAGES = new Set(['vscode-languageserver']);
/** Top folders of src → the ones they import. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  core: ['core'],
  protocol: ['protocol', 'core'],
  node: ['node', 'core'],
  cli: ['cli', 'server', 'node', 'core'],
  server: ['server', 'node', 'protocol', 'core'],
  vscode: ['vscode', 'node', 'protocol', 'core'],
  webview: ['webview', 'protocol', 'core'],
};
const TOUCH_THE_MACHINE = new Set(['node', 'cli', 'server', 'vscode']);

/** Sentences, each with path and line; none: all imports are allowed. */
export function layerFaults(files: readonly SourceFile[], architecture: string): readonly string[] {
  const order = coreOrder(architecture);
  const known = new Set(files.map((file) => file.path));
  const faults = files.flatMap((file) => file.imports.flatMap((imported) => {
    const fault = importFault(file.path, imported, { order, known });
    return fault === undefined ? [] : [`${file.path}:${imported.line} imports ${imported.from}: ${fault}`];
  }));
  return [...unknownFolders(files, order), ...faults, ...unwrappedPackages(files)];
}

/** Core's folders and files in their order, from the table's first column. */
export function coreOrder(architecture: string): readonly string[] {
  const order = [...architecture.matchAll(/^\| `([\w.]+)` \|/gm)].map((match) => match[1] ?? '');
  if (order.length === 0) throw new Error('ARCHITECTURE.md has no table of core folders ("| `util` | …"): the layer rule has nothing to go by.');
  return order;
}

function unknownFolders(files: readonly SourceFile[], order: readonly string[]): readonly string[] {
  const names = new Set(files.filter(({ path }) => path.startsWith('src/core/')).map(({ path }) => path.split('/')[2] ?? ''));
  return [...names].filter((name) => !order.includes(name)).map((name) => `ARCHITECTURE.md's table has no src/core/${name}: say there what it decides, in its place of the order`);
}

function importFault(path: string, imported: Import, rules: { readonly order: readonly string[]; readonly known: ReadonlySet<string> }): string | undefined {
  const isSource = path.startsWith('src/');
  const top = path.split('/')[1] ?? '';
  if (imported.isReexport && isSource) return 'src has no barrels; import from the file that defines the thing';
  if (imported.from.startsWith('.')) {
    const target = posix.join(posix.dirname(path), imported.from);
    if (!isSourcePath(target) && !target.endsWith('.json')) return 'relative imports end in .ts';
    if (isSourcePath(target) && !rules.known.has(target)) return 'there is no such file';
    return isSource ? folderFault(path, target, rules.order) : undefined;
  }
  if (!isSource) return undefined;
  if (imported.from.startsWith('node:')) return TOUCH_THE_MACHINE.has(top) ? undefined : `only ${[...TOUCH_THE_MACHINE].join(', ')} may touch the machine`;
  return packageFault(top, packageName(imported.from));
}

function folderFault(path: string, target: string, order: readonly string[]): string | undefined {
  const [, top = ''] = path.split('/');
  const [targetRoot, targetTop = ''] = target.split('/');
  if (targetRoot !== 'src') return 'src imports nothing outside src';
  const allowed = ALLOWED[top];
  if (allowed === undefined) return `ARCHITECTURE.md knows no folder src/${top}`;
  if (!allowed.includes(targetTop)) return `${top} imports only ${allowed.join(', ')}`;
  if (top !== 'core' || targetTop !== 'core') return undefined;
  const [from = '', to = ''] = [path.split('/')[2], target.split('/')[2]];
  if (!order.includes(from) || !order.includes(to)) return undefined; // told once, by unknownFolders
  return order.indexOf(to) > order.indexOf(from) ? `core/${from} stands above core/${to}, so it may not know it` : undefined;
}

function packageFault(top: string, name: string): string | undefined {
  if (PURE_PACKAGES.has(name)) return undefined;
  if (name === 'vscode') return top === 'vscode' ? undefined : 'vscode is imported in src/vscode alone';
  if (UI_PACKAGES.has(name)) return top === 'webview' ? undefined : `${name} draws; only src/webview does that`;
  if (PROTOCOL_PACKAGES.has(name)) return top === 'server' ? undefined : `${name} is the protocol of editors; only src/server speaks it`;
  return top === 'core' || top === 'cli' ? `outside packages are wrapped in one file of node/; ${top} has only ${[...PURE_PACKAGES].join(', ')}` : undefined;
}

function isSourcePath(path: string): boolean {
  return path.endsWith('.ts') || path.endsWith('.tsx');
}

/** A package that two files import cannot leave by changing one. */
function unwrappedPackages(files: readonly SourceFile[]): readonly string[] {
  const users = new Map<string, Set<string>>();
  for (const file of files) {
    if (!file.path.startsWith('src/')) continue;
    for (const { from } of file.imports) {
      const name = packageName(from);
      if (from.startsWith('.') || from.startsWith('node:') || PURE_PACKAGES.has(name) || UI_PACKAGES.has(name) || PROTOCOL_PACKAGES.has(name) || name === 'vscode') continue;
      users.set(name, (users.get(name) ?? new Set()).add(file.path));
    }
  }
  return [...users].filter(([, paths]) => paths.size > 1).map(([name, paths]) => `${name} is imported by ${[...paths].join(' and ')}: wrap it in one file`);
}

function packageName(from: string): string {
  return from.split('/').slice(0, from.startsWith('@') ? 2 : 1).join('/');
}

/** Each circle once, as "a.ts → b.ts → a.ts"; types count as imports. */
export function importCycles(files: readonly SourceFile[]): readonly string[] {
  const targets = new Map(files.map((file) => [file.path, file.imports.filter(({ from }) => from.startsWith('.')).map(({ from }) => posix.join(posix.dirname(file.path), from))]));
  const finished = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) cycles.push([...trail.slice(start), path].join(' → '));
    if (start >= 0 || finished.has(path)) return;
    for (const target of targets.get(path) ?? []) visit(target, [...trail, path]);
    finished.add(path);
  };
  for (const path of targets.keys()) visit(path, []);
  return cycles;
}
