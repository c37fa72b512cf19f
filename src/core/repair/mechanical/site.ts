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
  /** Nodes whose text is exactly this, for texts up to SHARED_TEXT_MAX characters. */
  withText(text: string): readonly SyntaxNode[];
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
    namesAt: memo((node) => scopedNames(root, text, node)),
    all: (kind) => kinds.get(kind) ?? [],
    withText: groupByText(root, text),
    isStatement: (node) => isStatement(node, parents.get(node)),
    statementOf: (node) => (isStatement(node, parents.get(node)) ? node : outwards(parents, node, (at) => isStatement(at, parents.get(at)))),
    indentAt: (offset) => /^[ \t]*/.exec(text.slice(lineStart(text, offset)))?.[0] ?? '',
    linesOf: (node) => wholeLines(text, node),
  };
}

/** What a set of splices does to a text, as one span; undefined when they overlap. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export function spanOf(text: string, splices: readonly Splice[]): Span | undefined {
  const ordered = [...splices].sort((a, b) => a.start - b.start || a.end - b.end);
  const start = ordered[0]?.start ?? 0;
  let at = start;
  let made = '';
  for (const splice of ordered) {
    if (splice.start < at) return undefined;
    made += text.slice(at, splice.start) + splice.text;
    at = splice.end;
  }
  return { start, end: at, text: made };
}

/** The smallest span with the same effect, always the same one: for telling edits apart without building whole texts. */
export function smallest(base: string, span: Span): Span {
  const grown = span.text.length - (span.end - span.start);
  const at = (index: number): number => (index < span.start ? base.charCodeAt(index) : index < span.start + span.text.length ? span.text.charCodeAt(index - span.start) : base.charCodeAt(index - grown));
  const most = Math.min(base.length, base.length + grown);
  let start = span.start;
  while (start < most && base.charCodeAt(start) === at(start)) start++;
  let rest = base.length - span.end;
  while (rest < most - start && base.charCodeAt(base.length - 1 - rest) === at(base.length + grown - 1 - rest)) rest++;
  return { start, end: base.length - rest, text: newSlice(base, span, start, base.length + grown - rest) };
}

/** Characters from `from` up to `to` of the changed text, without building the whole: a slice would keep it all in memory. */
function newSlice(base: string, span: Span, from: number, to: number): string {
  const after = span.start + span.text.length;
  const grown = after - span.end;
  const before = from < span.start ? base.slice(from, Math.min(to, span.start)) : '';
  const middle = span.text.slice(Math.max(0, from - span.start), Math.max(0, to - span.start));
  return before + middle + (to > after ? base.slice(Math.max(from - grown, span.end), to - grown) : '');
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

/** Longer texts are not looked for in other places. */
export const SHARED_TEXT_MAX = 60;

function groupByText(root: SyntaxNode, text: string): (wanted: string) => readonly SyntaxNode[] {
  let groups: Map<string, SyntaxNode[]> | undefined;
  const fill = (): Map<string, SyntaxNode[]> => {
    const made = new Map<string, SyntaxNode[]>();
    walk(root, (node) => {
      if (!node.named || node.end - node.start > SHARED_TEXT_MAX) return;
      const own = text.slice(node.start, node.end);
      const known = made.get(own);
      if (known) known.push(node);
      else made.set(own, [node]);
    });
    return made;
  };
  return (wanted) => {
    groups ??= fill();
    return groups.get(wanted) ?? [];
  };
}

function memo<T>(make: (node: SyntaxNode) => T): (node: SyntaxNode) => T {
  const made = new Map<SyntaxNode, T>();
  return (node) => {
    const known = made.get(node);
    if (known !== undefined) return known;
    const value = make(node);
    made.set(node, value);
    return value;
  };
}

function indentUnit(text: string): string {
  if (/^\t/m.test(text)) return '\t';
  const widths = [...text.matchAll(/^( +)\S/gm)].map((match) => match[1]?.length ?? 0).filter((width) => width >= 2);
  return ' '.repeat(widths.length === 0 ? 4 : Math.min(...widths, 8));
}
