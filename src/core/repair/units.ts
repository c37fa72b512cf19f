/** Decides which pieces of a file can be suspects: its named functions and methods, and its top-level values. */
import type { Syntax, SyntaxNode } from '../ports.ts';
import { FUNCTION_TYPES, walk } from './syntaxTree.ts';

export interface Unit {
  readonly path: string;
  readonly line: number;
  readonly endLine: number;
  /** Own name; "" for a top-level statement without one. */
  readonly name: string;
  /** With its class or receiver: "Cart.total". */
  readonly symbol: string;
  readonly kind: 'function' | 'value';
}

/** In order of their first line; a function inside another is a unit of its own when it has a name. */
export async function unitsOf(path: string, text: string, syntax: Syntax): Promise<readonly Unit[]> {
  const parsed = await syntax.parse(path, text);
  const units = parsed === undefined ? unitsByLines(path, text) : [...functionUnits(path, text, parsed.root), ...valueUnits(path, text, parsed.root)];
  return units.sort((a, b) => a.line - b.line || b.endLine - a.endLine);
}

const OWNER_TYPES = /^(?:class_declaration|class_definition|class|abstract_class_declaration|impl_item|interface_declaration|enum_declaration|record_declaration|trait_item|object|variable_declarator)$/;

function functionUnits(path: string, text: string, root: SyntaxNode): Unit[] {
  const found: Unit[] = [];
  const visit = (node: SyntaxNode, parent: SyntaxNode | undefined, owner: string): void => {
    if (node.type === 'mod_item' && /^tests?$/.test(nameOf(node, text) ?? '')) return; // Rust's tests beside the code
    const name = FUNCTION_TYPES.has(node.type) ? functionName(node, parent, text) : undefined;
    if (name !== undefined) {
      const holder = receiverOf(node, text) ?? owner;
      found.push({ path, line: parent?.type === 'decorated_definition' ? parent.line : node.line, endLine: node.endLine, name, symbol: holder === '' || holder === name ? name : `${holder}.${name}`, kind: 'function' });
    }
    const inner = name !== undefined ? '' : OWNER_TYPES.test(node.type) ? (nameOf(node, text) ?? owner) : owner;
    for (const child of node.children) visit(child, node, inner);
  };
  visit(root, undefined, '');
  return found;
}

function nameOf(node: SyntaxNode, text: string): string | undefined {
  const named = node.children.find((child) => child.field === 'name' || (node.type === 'impl_item' && child.field === 'type'));
  return named === undefined ? undefined : text.slice(named.start, named.end);
}

/** A function without a name takes that of what it is assigned to. */
function functionName(node: SyntaxNode, parent: SyntaxNode | undefined, text: string): string | undefined {
  const own = nameOf(node, text);
  if (own !== undefined) return own;
  if (parent === undefined || !/^(?:variable_declarator|assignment_expression|assignment|pair|public_field_definition|field_definition|let_declaration|short_var_declaration)$/.test(parent.type)) return undefined;
  const target = parent.children.find((child) => /^(?:name|left|key|property|pattern)$/.test(child.field));
  return target === undefined ? undefined : text.slice(target.start, target.end).split('.').at(-1);
}

/** Go: func (c *Cart) Total(). */
function receiverOf(node: SyntaxNode, text: string): string | undefined {
  const receiver = node.children.find((child) => child.field === 'receiver');
  return receiver === undefined ? undefined : /([A-Za-z_]\w*)(?:\[[^\]]*\])?\s*\)$/.exec(text.slice(receiver.start, receiver.end))?.[1];
}

const NOT_VALUES = /import|comment|package_clause|package_declaration|use_declaration|mod_item|type_alias|interface|type_declaration|attribute_item|hash_bang|^expression_statement$|function|class|method|impl_item|struct_item|enum|trait/;

function valueUnits(path: string, text: string, root: SyntaxNode): Unit[] {
  const found: Unit[] = [];
  const add = (node: SyntaxNode, owner: string): void => {
    const inner = node.type === 'export_statement' ? (node.children.find((child) => child.named && child.type !== 'comment') ?? node) : node;
    const isStatement = inner.type === 'expression_statement' && !/^\s*['"]/.test(text.slice(inner.start, inner.end));
    if ((NOT_VALUES.test(inner.type) && !isStatement) || !node.named || holdsNamedFunction(inner)) return;
    if (/^export\s*(?:\*|\{)/.test(text.slice(node.start, node.end))) return;
    const name = firstName(inner, text);
    found.push({ path, line: node.line, endLine: node.endLine, name, symbol: owner === '' || name === '' ? name : `${owner}.${name}`, kind: 'value' });
  };
  for (const node of root.children) add(node, '');
  walk(root, (node) => {
    if (FUNCTION_TYPES.has(node.type)) return false;
    if (!/^(?:public_field_definition|field_definition|field_declaration)$/.test(node.type)) return true;
    if (!holdsNamedFunction(node)) add(node, '');
    return false;
  });
  return found;
}

/** `const f = () => …` is a function already. */
function holdsNamedFunction(node: SyntaxNode): boolean {
  const declarator = node.children.find((child) => child.type === 'variable_declarator' || child.type === 'assignment_expression') ?? node;
  return declarator.children.some((child) => /^(?:value|right)$/.test(child.field) && FUNCTION_TYPES.has(child.type));
}

function firstName(node: SyntaxNode, text: string): string {
  let name = '';
  walk(node, (at) => {
    if (name !== '' || FUNCTION_TYPES.has(at.type)) return false;
    if (/^(?:name|left|property)$/.test(at.field) && /^[\w$.]+$/.test(text.slice(at.start, at.end))) name = text.slice(at.start, at.end).split('.').at(-1) ?? '';
    return true;
  });
  return name;
}

const HEADER =
  /^(\s*)(?:export\s+)?(?:default\s+)?(?:pub(?:\([^)]*\))?\s+)?(?:(?:public|private|protected|static|final|abstract|async|override|unsafe|const|readonly|get|set)\s+)*(?:(?:function\*?|def|func(?:\s*\([^)]*\))?|fn)\s+([\w$]+)|(?:const|let|var)\s+([\w$]+)\s*=\s*(?:async\s*)?(?:function|\([^)]*\)\s*(?::[^=]+)?=>|\w+\s*=>)|(?!(?:if|for|while|switch|catch|return|else|new)\b)(?:[\w$<>[\],.]+\s+)?([\w$]+)\s*\([^;=]*\)\s*(?::\s*[^{]+|throws\s+[\w., ]+)?\{\s*$)/;

/** Without a grammar: a function begins with a line that looks so, and ends before the next line that is indented no deeper. */
function unitsByLines(path: string, text: string): Unit[] {
  const lines = text.split('\n');
  const found: Unit[] = [];
  for (const [index, line] of lines.entries()) {
    const match = HEADER.exec(line);
    const name = match?.[2] ?? match?.[3] ?? match?.[4];
    if (match === null || name === undefined) continue;
    const depth = match[1]?.length ?? 0;
    let end = index + 1;
    while (end < lines.length && (lines[end]?.trim() === '' || indentOf(lines[end] ?? '') > depth || /^\s*[)\]]/.test(lines[end] ?? ''))) end++;
    const closes = /^\s*\}/.test(lines[end] ?? '');
    let last = closes ? end : end - 1;
    while (last > index && lines[last]?.trim() === '') last--;
    found.push({ path, line: index + 1, endLine: last + 1, name, symbol: name, kind: 'function' });
  }
  return found;
}

const indentOf = (line: string): number => line.length - line.trimStart().length;
