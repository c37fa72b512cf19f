/** Decides which functions of other files of the project a file calls by name, and what is known of them. */
import type { Project } from '../checks/project.ts';
import type { SyntaxNode } from '../ports.ts';
import { importsOf, indexPaths } from '../repair/imports.ts';
import { fieldOf, namedChildren } from '../repair/syntaxTree.ts';
import { type Family, type KnownFunction, nodesOf, ownFunctions, said } from '../review/source.ts';

/** Files looked into for one file. */
const FILES_MAX = 20;

interface Parsed {
  readonly path: string;
  readonly text: string;
  readonly root: SyntaxNode;
  readonly family: Family;
}

/** By the name that the file gives them. A name that two imported files declare says nothing. */
export async function importedFunctions(project: Project, file: Parsed, signal: AbortSignal): Promise<ReadonlyMap<string, KnownFunction>> {
  const names = file.family === 'go' ? undefined : importedNames(file);
  if (names?.size === 0) return new Map();
  const found = new Map<string, KnownFunction[]>();
  for (const path of importsOf(file.path, file.text, indexPaths(project.paths)).slice(0, FILES_MAX)) {
    signal.throwIfAborted();
    const text = (await project.read(path))?.text;
    const parsed = text === undefined ? undefined : await project.syntax.parse(path, text);
    if (text === undefined || parsed === undefined || (file.family === 'go' && folderOf(path) !== folderOf(file.path))) continue;
    for (const [name, known] of ownFunctions({ root: parsed.root, text, family: file.family })) found.set(name, [...(found.get(name) ?? []), known]);
  }
  const pairs = names === undefined ? [...found.keys()].map((name) => [name, name] as const) : [...names];
  return new Map(pairs.flatMap(([local, name]) => {
    const [only, more] = found.get(name) ?? [];
    return only === undefined || more !== undefined ? [] : [[local, only] as const];
  }));
}

/** Local name → the name it has in its own file. */
function importedNames(file: Parsed): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const add = (name: SyntaxNode | undefined, alias: SyntaxNode | undefined): void => void names.set(said(file, alias ?? name), said(file, name));
  for (const node of nodesOf(file, 'import_specifier')) add(fieldOf(node, 'name'), fieldOf(node, 'alias'));
  for (const node of nodesOf(file, 'import_from_statement')) {
    for (const one of node.children.filter((child) => child.field === 'name')) add(one.type === 'aliased_import' ? fieldOf(one, 'name') : one, one.type === 'aliased_import' ? fieldOf(one, 'alias') : undefined);
  }
  // const { a, b: c } = require('./x')
  for (const node of nodesOf(file, 'variable_declarator')) {
    const [pattern, value] = [fieldOf(node, 'name'), fieldOf(node, 'value')];
    if (pattern?.type !== 'object_pattern' || !said(file, value).startsWith('require(')) continue;
    for (const one of namedChildren(pattern)) add(one.type === 'pair_pattern' ? fieldOf(one, 'key') : one, one.type === 'pair_pattern' ? fieldOf(one, 'value') : undefined);
  }
  return names;
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}
