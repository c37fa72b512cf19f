/** Decides which other code of the file a model sees beside the function under repair: what it uses, as short as it can be said. */
import type { SyntaxNode } from '../ports.ts';
import { namedChildren, walk } from './syntaxTree.ts';

const LINES_WHOLE_MAX = 3;
const MEMBERS_MAX = 8;

/**
 * Declarations at the top of the file, and fields and signatures of the class around the lines, that the lines `first`
 * to `last` name; most in order of text, until `tokensMax` is reached.
 */
export function relatedCode(
  file: { readonly text: string; readonly root: SyntaxNode },
  region: { readonly first: number; readonly last: number },
  limits: { readonly tokensMax: number; readonly count: (text: string) => number },
): readonly string[] {
  const lines = file.text.split(/\r?\n/);
  const used = new Set(lines.slice(region.first - 1, region.last).join('\n').match(/[A-Za-z_$][\w$]*/g) ?? []);
  const kept: string[] = [];
  let tokens = 0;
  for (const node of [...namedChildren(file.root), ...membersAround(file.root, region)]) {
    if (node.line <= region.last && node.endLine >= region.first) continue;
    const names = boundNames(node, file.text);
    if (!names.some((name) => used.has(name))) continue;
    const text = shorten(lines, node);
    tokens += limits.count(text);
    if (tokens > limits.tokensMax) break;
    kept.push(text);
  }
  return kept;
}

/** Names that a declaration makes known; imports are left out, their names say enough. */
function boundNames(node: SyntaxNode, text: string): readonly string[] {
  if (/import|expression_statement/.test(node.type) && node.children[0]?.type !== 'assignment') return [];
  const found: string[] = [];
  walk(node, (at) => {
    if (at.field === 'name' || (at.field === 'left' && at.type === 'identifier')) found.push(text.slice(at.start, at.end));
    return at.field !== 'body' && at.field !== 'value';
  });
  return found.filter((name) => !/\brequire\b/.test(text.slice(node.start, node.end)) || name.length === 0);
}

/** The other members of a class that holds the region, at most eight. */
function membersAround(root: SyntaxNode, region: { readonly first: number; readonly last: number }): readonly SyntaxNode[] {
  let body: SyntaxNode | undefined;
  walk(root, (node) => {
    if (node.line > region.last || node.endLine < region.first) return false;
    if (/^class_(declaration|definition)$|^class$/.test(node.type)) body = node.children.find((child) => child.field === 'body') ?? body;
    return true;
  });
  return body === undefined ? [] : namedChildren(body).slice(0, MEMBERS_MAX);
}

function shorten(lines: readonly string[], node: SyntaxNode): string {
  const whole = lines.slice(node.line - 1, node.endLine);
  if (whole.length <= LINES_WHOLE_MAX) return whole.join('\n');
  const head = whole[0] ?? '';
  return head.trimEnd().endsWith('{') ? `${head.trimEnd()} … }` : `${head} …`;
}
