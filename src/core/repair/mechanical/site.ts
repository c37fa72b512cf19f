/** Decides what an operator sees: one file with its tree, and short ways to ask about it. */
import type { SyntaxNode } from '../../ports.ts';
import type { Language } from '../../domain/check.ts';
import type { OperatorName } from './priors.ts';
import { FUNCTION_TYPES, fieldOf, identifiersInScope, namedChildren, parentsOf, walk } from '../syntaxTree.ts';
import { type Idiom, type Kind, idiomOf, isStatement, kindOf } from './grammar.ts';

/** Replace the characters from start up to end. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface Proposal {
  readonly operator: OperatorName;
  readonly splices: readonly Splice[];
  /** Share of the operator's prior, 1 for its most likely product. */
  readonly weight: number;
}

export type Operator = (node: SyntaxNode, site: Site) => Iterable<Proposal>;

export interface Site {
  readonly path: string;
  readonly text: string;
  readonly root: SyntaxNode;
  readonly language: Language;
  readonly idiom: Idiom;
  readonly eol: string;
  /** One level of indentation as this file writes it. */
  readonly tab: string;
  /** Semicolons end statements here. */
  readonly end: string;
  of(node: SyntaxNode | undefined): string;
  parent(node: SyntaxNode): SyntaxNode | undefined;
  /** The innermost function around `node`, not `node` itself. */
  functionOf(node: SyntaxNode): SyntaxNode | undefined;
  /** The function to look in for neighbours: innermost named function, or the root. */
  homeOf(node: SyntaxNode): SyntaxNode;
  /** Values in scope at `node`: name and whether it is a function. */
  namesAt(node: SyntaxNode): readonly ScopedName[];
  /** All nodes of one kind in the file, in order of text. */
  all(kind: Kind): readonly SyntaxNode[];
  isStatement(node: SyntaxNode): boolean;
  /** Nearest statement that is `node` or holds it. */
  statementOf(node: SyntaxNode): SyntaxNode | undefined;
  indentAt(offset: number): string;
  /** Whole lines of a node, when nothing else stands on them; undefined otherwise. */
  linesOf(node: SyntaxNode): { readonly start: number; readonly end: number } | undefined;
}

export interface ScopedName {
  readonly name: string;
  readonly callable: boolean;
  readonly parameter: boolean;
  readonly local: boolean;
}

export function createSite(file: { readonly path: string; readonly text: string }, root: SyntaxNode, language: Language): Site {
  const { text, path } = file;
  const parents = parentsOf(root);
  const kinds = groupByKind(root);
  const of = (node: SyntaxNode | undefined): string => (node ? text.slice(node.start, node.end) : '');
  const functionOf = (node: SyntaxNode): SyntaxNode | undefined => outwards(parents, node, (at) => FUNCTION_TYPES.has(at.type));
  const idiom = idiomOf(language);
  return {
    path, text, root, language, idiom,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
    tab: indentUnit(text),
    end: idiom.family === 'js' && !/;\s*$/m.test(text) ? '' : idiom.end,
    of,
    parent: (node) => parents.get(node),
    functionOf,
    homeOf: (node) => outwards(parents, node, (at) => FUNCTION_TYPES.has(at.type) && fieldOf(at, 'name') !== undefined) ?? functionOf(node) ?? root,
    namesAt: (node) => scopedNames(root, text, node),
    all: (kind) => kinds.get(kind) ?? [],
    isStatement: (node) => isStatement(node, parents.get(node)),
    statementOf: (node) => (isStatement(node, parents.get(node)) ? node : outwards(parents, node, (at) => isStatement(at, parents.get(at)))),
    indentAt: (offset) => /^[ \t]*/.exec(text.slice(lineStart(text, offset)))?.[0] ?? '',
    linesOf: (node) => wholeLines(text, node),
  };
}

/** The text after all splices; undefined when they overlap. */
export function applySplices(text: string, splices: readonly Splice[]): string | undefined {
  const ordered = [...splices].sort((a, b) => a.start - b.start || a.end - b.end);
  const parts: string[] = [];
  let at = 0;
  for (const splice of ordered) {
    if (splice.start < at) return undefined;
    parts.push(text.slice(at, splice.start), splice.text);
    at = splice.end;
  }
  return parts.join('') + text.slice(at);
}

export function replace(node: { readonly start: number; readonly end: number }, text: string): Splice {
  return { start: node.start, end: node.end, text };
}

export function propose(operator: OperatorName, weight: number, ...splices: readonly Splice[]): Proposal {
  return { operator, weight, splices };
}

/** Operands and operator of a binary expression, for Python's comparison chains too (first pair only). */
export function binaryParts(node: SyntaxNode): { left: SyntaxNode; operator: SyntaxNode; right: SyntaxNode } | undefined {
  const operands = namedChildren(node);
  const operator = node.children.find((child) => !child.named && child !== operands[0]) ?? node.children.find((child) => child.field === 'operators');
  const [left, right] = operands;
  return operands.length === 2 && left && right && operator ? { left, operator, right } : undefined;
}

export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

function wholeLines(text: string, node: SyntaxNode): { start: number; end: number } | undefined {
  const start = lineStart(text, node.start);
  if (text.slice(start, node.start).trim() !== '') return undefined;
  const newline = text.indexOf('\n', node.end);
  const end = newline < 0 ? text.length : newline + 1;
  const rest = text.slice(node.end, end).trim();
  return rest === '' || rest === ';' || rest.startsWith('//') || rest.startsWith('#') ? { start, end } : undefined;
}

function outwards(parents: ReadonlyMap<SyntaxNode, SyntaxNode>, node: SyntaxNode, matches: (at: SyntaxNode) => boolean): SyntaxNode | undefined {
  for (let at = parents.get(node); at; at = parents.get(at)) if (matches(at)) return at;
  return undefined;
}

function groupByKind(root: SyntaxNode): ReadonlyMap<Kind, readonly SyntaxNode[]> {
  const kinds = new Map<Kind, SyntaxNode[]>();
  walk(root, (node) => {
    if (!node.named) return;
    const kind = kindOf(node);
    const known = kinds.get(kind);
    if (known) known.push(node);
    else kinds.set(kind, [node]);
  });
  return kinds;
}

function scopedNames(root: SyntaxNode, text: string, node: SyntaxNode): readonly ScopedName[] {
  return identifiersInScope(root, text, node).map(({ name, owner, parameter, node: bound }) => {
    const holder = parentsOf(root).get(bound);
    const value = holder && fieldOf(holder, 'value');
    const callable = holder !== undefined && (FUNCTION_TYPES.has(holder.type) || (value !== undefined && FUNCTION_TYPES.has(value.type)));
    return { name, callable: callable || (holder !== undefined && /class|import/.test(holder.type)), parameter, local: owner !== undefined };
  });
}

function indentUnit(text: string): string {
  if (/^\t/m.test(text)) return '\t';
  const widths = [...text.matchAll(/^( +)\S/gm)].map((match) => match[1]?.length ?? 0).filter((width) => width >= 2);
  return ' '.repeat(widths.length === 0 ? 4 : Math.min(...widths, 8));
}
