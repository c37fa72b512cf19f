/** Decides what the project's own rules see of a source file: its imports, its re-exports and its functions. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Syntax, SyntaxNode } from '../../src/core/ports.ts';

export interface Import {
  /** As written: "./lock.ts", "node:fs", "zod". */
  readonly from: string;
  readonly line: number;
  /** `export … from`. */
  readonly isReexport: boolean;
}

export interface FunctionSpan {
  readonly name: string;
  readonly line: number;
  readonly lines: number;
}

export interface SourceFile {
  /** Relative to the project, forward slashes. */
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly Import[];
  readonly functions: readonly FunctionSpan[];
}

const FUNCTION_TYPES = new Set(['function_declaration', 'generator_function_declaration', 'function_expression', 'generator_function', 'arrow_function', 'method_definition']);

/** @throws Error when the file has no tree: rules must not pass because nothing was read. */
export async function readSource(syntax: Syntax, root: string, path: string): Promise<SourceFile> {
  return parseSource(syntax, path, await readFile(join(root, path), 'utf8'));
}

export async function parseSource(syntax: Syntax, path: string, text: string): Promise<SourceFile> {
  const parsed = await syntax.parse(path, text);
  if (parsed === undefined) throw new Error(`${path} has no syntax tree, so its imports and functions cannot be checked.`);
  const imports: Import[] = [];
  const functions: FunctionSpan[] = [];
  for (const { node, parent } of everyNode(parsed.root)) {
    const from = importOf(node, parent, text);
    if (from !== undefined) imports.push({ from, line: node.line, isReexport: parent?.type === 'export_statement' });
    if (FUNCTION_TYPES.has(node.type) && hasBlock(node)) functions.push({ name: nameOf(node, parent, text), line: node.line, lines: node.endLine - node.line + 1 });
  }
  return { path, lines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0), imports, functions };
}

function* everyNode(root: SyntaxNode): Generator<{ readonly node: SyntaxNode; readonly parent: SyntaxNode | undefined }> {
  const open: { readonly node: SyntaxNode; readonly parent: SyntaxNode | undefined }[] = [{ node: root, parent: undefined }];
  for (let entry = open.pop(); entry !== undefined; entry = open.pop()) {
    yield entry;
    const { node } = entry;
    for (const child of node.children.toReversed()) open.push({ node: child, parent: node });
  }
}

/** The module that this string names, where it stands in an import, a re-export, `import()` or `typeof import()`. */
function importOf(node: SyntaxNode, parent: SyntaxNode | undefined, text: string): string | undefined {
  if (node.type === 'string' && (parent?.type === 'import_statement' || parent?.type === 'export_statement') && node.field === 'source') {
    return text.slice(node.start + 1, node.end - 1);
  }
  if (node.type !== 'call_expression' || node.children[0]?.type !== 'import') return undefined;
  const written = node.children.find((child) => child.type === 'arguments')?.children.find((child) => child.type === 'string');
  return written && text.slice(written.start + 1, written.end - 1);
}

/** `(x) => x.y` is an expression to its reader, and thousands of them would hide how long functions are. */
function hasBlock(node: SyntaxNode): boolean {
  return node.children.some(({ type }) => type === 'statement_block');
}

function nameOf(node: SyntaxNode, parent: SyntaxNode | undefined, text: string): string {
  const named = [node, parent].flatMap((owner) => owner?.children ?? []).find((child) => child.field === 'name' || child.field === 'key');
  return named === undefined ? '(anonymous)' : text.slice(named.start, named.end);
}
