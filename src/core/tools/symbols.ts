/** Decides how a role sees the outline of one file: its classes, functions and constants with their lines, and no bodies. */
import * as z from 'zod';
import type { SyntaxNode } from '../ports.ts';
import { defineTool } from './tool.ts';

/** A longer outline is cut: a model of 3B reads 40 tokens a second. */
const SYMBOLS_MAX = 400;
const HEAD_CHARACTERS_MAX = 120;

const Outline = z.object({
  kind: z.enum(['class', 'function', 'method', 'interface', 'type', 'constant']),
  name: z.string(),
  head: z.string().describe('The declaration up to its body, on one line.'),
  line: z.int().min(1),
  endLine: z.int().min(1),
  depth: z.int().min(0),
});
type Outline = z.infer<typeof Outline>;

export const symbols = defineTool({
  name: 'symbols',
  category: 'symbols',
  permission: 'read',
  description: 'Outline of a source file: classes and functions with their lines.',
  input: z.object({ path: z.string().min(1).describe('Path in the workspace.') }),
  output: z.object({ path: z.string(), language: z.string(), symbols: z.array(Outline), left: z.int().min(0) }),
  callsPerMinuteMax: 600,
  cacheable: true,
  touches: ({ path }) => ({ paths: [path] }),

  async run({ path }, { files, syntax, seen }) {
    const file = await files.read(path);
    seen?.saw(file.path, file.sha256);
    const parsed = await syntax.parse(file.path, file.text);
    const found = parsed ? outlineOf(parsed.root, file.text) : [];
    return { path: file.path, language: syntax.languageOf(file.path), symbols: found.slice(0, SYMBOLS_MAX), left: Math.max(0, found.length - SYMBOLS_MAX) };
  },

  show({ path, language, symbols: found, left }) {
    if (language === 'other') return `${path}: no outline for this kind of file; read it instead.`;
    if (found.length === 0) return `${path}: no classes or functions.`;
    const lines = found.map(({ head, line, endLine, depth }) => `${line}-${endLine}\t${'  '.repeat(depth)}${head}`);
    return `${path}\n${lines.join('\n')}${left > 0 ? `\n… ${left} more` : ''}`;
  },
});

const KINDS: Readonly<Record<string, Outline['kind']>> = {
  function_declaration: 'function', generator_function_declaration: 'function', function_item: 'function', function_definition: 'function',
  method_definition: 'method', method_declaration: 'method', constructor_declaration: 'method', function_signature_item: 'method', method_signature: 'method',
  class_declaration: 'class', class_definition: 'class', abstract_class_declaration: 'class', struct_item: 'class', enum_item: 'type', enum_declaration: 'type',
  impl_item: 'class', trait_item: 'interface', interface_declaration: 'interface', type_alias_declaration: 'type', type_spec: 'type', record_declaration: 'class',
};
const FUNCTION_VALUES = /^(arrow_function|function_expression|generator_function|class|lambda)$/;

/** In order of text; what stands within a function's body is left out. */
function outlineOf(root: SyntaxNode, text: string): readonly Outline[] {
  const found: Outline[] = [];
  const open: { readonly node: SyntaxNode; readonly depth: number; readonly inClass: boolean }[] = [{ node: root, depth: 0, inClass: false }];
  for (let at = open.pop(); at; at = open.pop()) {
    const { node, depth, inClass } = at;
    const shown = describe(node, text, { depth, inClass });
    if (shown) found.push(shown);
    if (shown && shown.kind !== 'class' && shown.kind !== 'interface') continue;
    const below = { depth: shown ? depth + 1 : depth, inClass: shown ? true : inClass };
    for (const child of [...node.children].reverse()) if (child.named && !/^(arguments|comment|string|if_statement|for_statement|while_statement)$/.test(child.type)) open.push({ node: child, ...below });
  }
  return found;
}

function describe(node: SyntaxNode, text: string, place: { readonly depth: number; readonly inClass: boolean }): Outline | undefined {
  const value = functionGiven(node);
  const kind = KINDS[node.type] ?? (value ? (value.type === 'class' ? 'class' : 'function') : undefined) ?? (isConstant(node, place.depth) ? 'constant' : undefined);
  if (!kind) return undefined;
  const body = field(node, 'body') ?? (value && field(value, 'body'));
  const named = field(node, 'name') ?? field(node, 'left') ?? field(node, 'type') ?? field(node, 'property');
  const end = body && !(kind === 'constant') ? body.start : node.end;
  const head = text.slice(node.start, end).split('\n').map((line) => line.trim()).join(' ').replace(/\s*(=>)?\s*[{:]?\s*$/, '');
  return {
    kind: kind === 'function' && place.inClass ? 'method' : kind,
    name: named ? text.slice(named.start, named.end) : '',
    head: head.length <= HEAD_CHARACTERS_MAX ? head : `${head.slice(0, HEAD_CHARACTERS_MAX - 1)}…`,
    line: node.line,
    endLine: node.endLine,
    depth: place.depth,
  };
}

/** A function or class given to a name: `const f = () => …`, `exports.f = function …`, a class field. */
function functionGiven(node: SyntaxNode): SyntaxNode | undefined {
  if (!/^(variable_declarator|assignment_expression|assignment|field_definition|public_field_definition)$/.test(node.type)) return undefined;
  const value = field(node, 'value') ?? field(node, 'right');
  return value && FUNCTION_VALUES.test(value.type) ? value : undefined;
}

/** Constants of the module itself. */
function isConstant(node: SyntaxNode, depth: number): boolean {
  return depth === 0 && /^(variable_declarator|const_item|static_item|const_spec|var_spec|assignment)$/.test(node.type);
}

function field(node: SyntaxNode, name: string): SyntaxNode | undefined {
  return node.children.find((child) => child.field === name);
}
