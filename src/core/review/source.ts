/** Decides what a rule sees of a file: its tree, its text, and the functions that it can call by name. */
import type { Language } from '../domain/check.ts';
import type { Finding } from '../domain/finding.ts';
import type { SyntaxNode } from '../ports.ts';
import { FUNCTION_TYPES, ancestorsOf, bindingsOf, fieldOf, functionName, namedChildren, parentsOf, walk } from '../repair/syntaxTree.ts';

export type Family = 'script' | 'python' | 'go';

/** What the file knows of a function that it calls by name. */
export interface KnownFunction {
  readonly name: string;
  readonly isAsync: boolean;
  /** undefined: they cannot be told by position (patterns, rest). */
  readonly parameters: readonly string[] | undefined;
}

export interface Source {
  readonly path: string;
  readonly text: string;
  readonly family: Family;
  readonly root: SyntaxNode;
  /** Called by this name here: declared once at the top of this file, or imported from a file of the project. */
  readonly functions: ReadonlyMap<string, KnownFunction>;
}

/** What a rule says: the node where it goes wrong. */
export interface Hit {
  readonly node: SyntaxNode;
  readonly claim: string;
  readonly severity?: Finding['severity'];
  readonly edit?: { readonly start: number; readonly end: number; readonly text: string };
}

export interface Rule {
  /** Stable: dismissals and SARIF name it. */
  readonly name: string;
  readonly category: Finding['category'];
  readonly families: readonly Family[];
  /** One sentence for a person: what it looks for. */
  readonly about: string;
  find(source: Source): readonly Hit[];
}

export function familyOf(language: Language): Family | undefined {
  if (language === 'javascript' || language === 'typescript' || language === 'tsx') return 'script';
  return language === 'python' || language === 'go' ? language : undefined;
}

/** `imported`: functions of other files by the name that this file gives them. */
export function toSource(file: { readonly path: string; readonly text: string; readonly root: SyntaxNode; readonly family: Family }, imported: ReadonlyMap<string, KnownFunction> = new Map()): Source {
  return { ...file, functions: new Map([...imported, ...ownFunctions(file)]) };
}

/** Functions at the top of a file; a name that is bound twice says nothing. */
export function ownFunctions({ root, text, family }: Pick<Source, 'root' | 'text' | 'family'>): ReadonlyMap<string, KnownFunction> {
  const times = new Map<string, number>();
  for (const { name } of bindingsOf(root, text)) times.set(name, (times.get(name) ?? 0) + 1);
  const found = new Map<string, KnownFunction>();
  walk(root, (node) => {
    if (!FUNCTION_TYPES.has(node.type)) return true;
    const name = functionName(root, text, node);
    const outer = ancestorsOf(root, node).some((at) => FUNCTION_TYPES.has(at.type) || /class/.test(at.type));
    const single = family === 'go' || (times.get(name) ?? 0) === 1;
    if (!outer && single && /^[\w$]+$/.test(name) && node.type !== 'method_declaration' && isNamedHere(root, node)) found.set(name, { name, isAsync: isAsync(node), parameters: parameterNames(node, text) });
    return false;
  });
  return found;
}

/** Declared under its name, or the whole value of one: `const f = once(() => …)` is another function. */
function isNamedHere(root: SyntaxNode, node: SyntaxNode): boolean {
  if (fieldOf(node, 'name') !== undefined && /declaration|definition/.test(node.type)) return parentsOf(root).get(node)?.type !== 'decorated_definition';
  return parentsOf(root).get(node)?.type === 'variable_declarator';
}

export function isAsync(node: SyntaxNode): boolean {
  return node.children.some((child) => child.type === 'async') && !isGenerator(node);
}

export function isGenerator(node: SyntaxNode): boolean {
  if (/generator/.test(node.type) || node.children.some((child) => child.type === '*')) return true;
  const body = fieldOf(node, 'body');
  return body !== undefined && within(body, (at) => at.type === 'yield' || at.type === 'yield_expression').length > 0;
}

function parameterNames(node: SyntaxNode, text: string): readonly string[] | undefined {
  const list = fieldOf(node, 'parameters') ?? fieldOf(node, 'parameter');
  if (list === undefined) return undefined;
  if (list.type === 'identifier') return [text.slice(list.start, list.end)];
  const names = namedChildren(list).flatMap((one) => {
    if (one.type === 'parameter_declaration') return one.children.filter((child) => child.field === 'name');
    const name = one.type === 'identifier' ? one : (fieldOf(one, 'name') ?? fieldOf(one, 'pattern') ?? (one.type === 'assignment_pattern' ? fieldOf(one, 'left') : namedChildren(one)[0]));
    return [name];
  });
  return names.every((name) => name?.type === 'identifier') ? names.map((name) => (name === undefined ? '' : text.slice(name.start, name.end))) : undefined;
}

const indexes = new WeakMap<SyntaxNode, ReadonlyMap<string, readonly SyntaxNode[]>>();

/** Every node of these types, in order of text within a type. */
export function nodesOf({ root }: Pick<Source, 'root'>, ...types: readonly string[]): readonly SyntaxNode[] {
  let index = indexes.get(root);
  if (index === undefined) {
    const made = new Map<string, SyntaxNode[]>();
    walk(root, (node) => {
      const known = made.get(node.type);
      if (known === undefined) made.set(node.type, [node]);
      else known.push(node);
      return true;
    });
    index = made;
    indexes.set(root, index);
  }
  return types.flatMap((type) => index.get(type) ?? []);
}

/** Nodes below (and at) `root` that fit, without going into functions that stand inside. */
export function within(root: SyntaxNode, fits: (node: SyntaxNode) => boolean): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  walk(root, (node) => {
    if (fits(node)) found.push(node);
    return node === root || !FUNCTION_TYPES.has(node.type);
  });
  return found;
}

/** As `within`, functions that stand inside included. */
export function anywhere(root: SyntaxNode, fits: (node: SyntaxNode) => boolean): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  walk(root, (node) => {
    if (fits(node)) found.push(node);
    return true;
  });
  return found;
}

export function parentOf({ root }: Pick<Source, 'root'>, node: SyntaxNode): SyntaxNode | undefined {
  return parentsOf(root).get(node);
}

/** The nearest function around a node; undefined at the top of the file. */
export function functionAround({ root }: Pick<Source, 'root'>, node: SyntaxNode): SyntaxNode | undefined {
  return ancestorsOf(root, node).find((at) => FUNCTION_TYPES.has(at.type));
}

export function said({ text }: Pick<Source, 'text'>, node: SyntaxNode | undefined): string {
  return node === undefined ? '' : text.slice(node.start, node.end);
}

/** For comparing code: white space outside of quotes does not count. */
export function code(source: Pick<Source, 'text'>, node: SyntaxNode | undefined): string {
  const own = said(source, node);
  return /["'`#]|\/[/*]/.test(own) ? own : own.replaceAll(/\s+/g, '');
}

/** For a claim: on one line, not long. */
export function short(source: Pick<Source, 'text'>, node: SyntaxNode | undefined): string {
  const one = said(source, node).replaceAll(/\s+/g, ' ');
  return one.length > 60 ? `${one.slice(0, 57)}…` : one;
}

export function operatorOf(node: SyntaxNode): string {
  return (fieldOf(node, 'operator') ?? fieldOf(node, 'operators'))?.type ?? '';
}

/** Without the brackets around it. */
export function bare(node: SyntaxNode | undefined): SyntaxNode | undefined {
  let at = node;
  while (at?.type === 'parenthesized_expression') at = namedChildren(at)[0];
  return at;
}

export function argumentsOf(call: SyntaxNode): readonly SyntaxNode[] {
  return namedChildren(fieldOf(call, 'arguments') ?? call);
}

export const CALLS = ['call_expression', 'call'] as const;

/** `xs.map(…)`: what stands before the dot, and the name after it. */
export function methodCall(source: Source, call: SyntaxNode): { readonly object: SyntaxNode; readonly method: string } | undefined {
  const callee = fieldOf(call, 'function');
  if (callee === undefined || !/^(?:member_expression|attribute|selector_expression)$/.test(callee.type)) return undefined;
  const object = fieldOf(callee, 'object') ?? fieldOf(callee, 'operand');
  const name = fieldOf(callee, 'property') ?? fieldOf(callee, 'attribute') ?? fieldOf(callee, 'field');
  return object === undefined || name === undefined ? undefined : { object, method: said(source, name) };
}

/** Statements of a block, comments left out, in every grammar. */
export function statementsOf(block: SyntaxNode | undefined): readonly SyntaxNode[] {
  if (block === undefined) return [];
  return namedChildren(block).flatMap((child) => (child.type === 'statement_list' ? namedChildren(child) : [child]));
}

/** Whether a comment stands anywhere below a node: somebody said why. */
export function isExplained(node: SyntaxNode): boolean {
  return anywhere(node, (at) => at.type === 'comment').length > 0;
}

/** Whether evaluating it twice could differ. */
export function hasEffects(node: SyntaxNode): boolean {
  return anywhere(node, (at) => /call|await|yield|assignment|update_expression|new_expression|named_expression|inc_statement|unary_expression/.test(at.type) && !(at.type === 'unary_expression' && operatorOf(at) !== '<-')).length > 0;
}

/** The nearest node around that is no bracket. */
export function bareParent(source: Pick<Source, 'root'>, node: SyntaxNode): SyntaxNode | undefined {
  let at = parentOf(source, node);
  while (at?.type === 'parenthesized_expression') at = parentOf(source, at);
  return at;
}

/** Names that a function binds itself, parameters included. */
export function bindingNames(source: Pick<Source, 'root' | 'text'>, owner: SyntaxNode): ReadonlySet<string> {
  return new Set(bindingsOf(source.root, source.text).filter((binding) => binding.node.start >= owner.start && binding.node.end <= owner.end).map(({ name }) => name));
}

/** Files whose code is there to be looked at, not to run against the world. */
export function isExample({ path }: Pick<Source, 'path'>): boolean {
  return /(?:^|\/)(?:tests?|examples?|fixtures?|docs?|bench(?:marks?)?)\//.test(path) || /[._-](?:test|spec)\.\w+$|(?:^|\/)test_[^/]+$/.test(path);
}
