/** Decides where an index passes the end of a list, or stops before it. */
import type { SyntaxNode } from '../../ports.ts';
import { fieldOf, namedChildren } from '../../repair/syntaxTree.ts';
import { type Hit, type Rule, type Source, anywhere, argumentsOf, bare, code, functionAround, nodesOf, operatorOf, parentOf, said } from '../source.ts';

export const offByOne: Rule = {
  name: 'off-by-one',
  category: 'bug',
  families: ['script', 'python', 'go'],
  about: 'A loop runs one past the end of what it indexes, or an index is the length itself.',
  find: (source) => [...pastEnd(source), ...lengthAsIndex(source), ...pythonRange(source), ...fromLength(source)],
};

/** `i <= xs.length` with xs[i] in the body. */
function pastEnd(source: Source): readonly Hit[] {
  return nodesOf(source, 'for_statement', 'while_statement').flatMap((loop) => {
    const clause = namedChildren(loop).find((child) => child.type === 'for_clause');
    const condition = bare(fieldOf(clause ?? loop, 'condition') ?? (source.family === 'go' ? namedChildren(loop)[0] : undefined));
    const body = fieldOf(loop, 'body');
    if (condition === undefined || body === undefined) return [];
    const { left, operator, right } = comparison(condition);
    const list = lengthOf(source, right);
    if (operator !== '<=' || left?.type !== 'identifier' || list === undefined || !indexes(source, body, list, said(source, left))) return [];
    if (isGuarded(source, loop, condition, { list, index: said(source, left) })) return [];
    const sign = condition.children.find((child) => child.type === '<=');
    return [{ node: condition, claim: `The last turn reads ${list}[${said(source, left)}] one past the end: ${said(source, left)} may be ${said(source, right)}.`, ...(sign === undefined ? {} : { edit: { start: sign.start, end: sign.end, text: '<' } }) }];
  });
}

function comparison(node: SyntaxNode): { readonly left?: SyntaxNode | undefined; readonly operator: string; readonly right?: SyntaxNode | undefined } {
  if (node.type === 'comparison_operator') {
    const [left, right, more] = namedChildren(node);
    return more === undefined ? { left, right, operator: operatorOf(node) } : { operator: '' };
  }
  return node.type === 'binary_expression' ? { left: fieldOf(node, 'left'), operator: operatorOf(node), right: fieldOf(node, 'right') } : { operator: '' };
}

/** `xs` of `xs.length` or `len(xs)`. */
function lengthOf(source: Source, node: SyntaxNode | undefined): string | undefined {
  const at = bare(node);
  if (at?.type === 'member_expression' && said(source, fieldOf(at, 'property')) === 'length') return code(source, fieldOf(at, 'object'));
  if (at === undefined || !/^call/.test(at.type) || said(source, fieldOf(at, 'function')) !== 'len') return undefined;
  const [only, more] = argumentsOf(at);
  return only !== undefined && more === undefined ? code(source, only) : undefined;
}

const SUBSCRIPTS: ReadonlySet<string> = new Set(['subscript_expression', 'subscript', 'index_expression']);

function listAndIndex(source: Source, node: SyntaxNode): readonly [string, string] {
  const list = fieldOf(node, 'object') ?? fieldOf(node, 'value') ?? fieldOf(node, 'operand');
  const index = fieldOf(node, 'index') ?? fieldOf(node, 'subscript');
  return [code(source, list), code(source, index)];
}

function indexes(source: Source, body: SyntaxNode, list: string, index: string): boolean {
  return anywhere(body, (node) => SUBSCRIPTS.has(node.type) && listAndIndex(source, node).join(' ') === `${list} ${index}` && !isTolerant(source, node)).length > 0;
}

/** `xs[i]?.name`, `xs[i] ?? 0`, and writing to xs[i] may meet the end on purpose. */
function isTolerant(source: Source, node: SyntaxNode): boolean {
  const parent = parentOf(source, node);
  if (parent === undefined) return false;
  if (parent.type === 'assignment_expression' && fieldOf(parent, 'left') === node) return true;
  return parent.children.some((child) => child.type === 'optional_chain') || (parent.type === 'binary_expression' && /^(?:\?\?|\|\||===?|!==?|&&)$/.test(operatorOf(parent)));
}

/** Inside the loop the index is compared with the length, or moved: then the end is known to the author. */
function isGuarded(source: Source, loop: SyntaxNode, condition: SyntaxNode, { list, index }: { readonly list: string; readonly index: string }): boolean {
  const isInside = (node: SyntaxNode): boolean => node.start >= condition.start && node.end <= condition.end;
  const compared = anywhere(loop, (node) => {
    if (isInside(node)) return false;
    const { left, operator, right } = comparison(node);
    return operator !== '' && [left, right].some((side) => code(source, side) === index) && [left, right].some((side) => said(source, side).includes('len') || code(source, side).startsWith(list));
  });
  const changed = anywhere(loop, (node) => /^(?:call_expression|call)$/.test(node.type) && new RegExp(`^${escaped(list)}\\.(?:push|append|insert|add|unshift)$`).test(code(source, fieldOf(node, 'function'))));
  return compared.length + changed.length > 0;
}

/** `xs[xs.length]` where it is read. */
function lengthAsIndex(source: Source): readonly Hit[] {
  return nodesOf(source, ...SUBSCRIPTS).flatMap((node): readonly Hit[] => {
    const index = fieldOf(node, 'index') ?? fieldOf(node, 'subscript');
    const list = fieldOf(node, 'object') ?? fieldOf(node, 'value') ?? fieldOf(node, 'operand');
    if (index === undefined || lengthOf(source, index) !== code(source, list) || isTarget(source, node)) return [];
    if (source.family !== 'script' && parentOf(source, node)?.type === 'del_statement') return [];
    return [{ node, claim: `${said(source, node)} is one past the end: the last is at ${said(source, index)} - 1.`, edit: { start: index.end, end: index.end, text: ' - 1' } }];
  });
}

function isTarget(source: Source, node: SyntaxNode): boolean {
  const parent = parentOf(source, node);
  if (parent !== undefined && /member_expression|subscript_expression/.test(parent.type) && (fieldOf(parent, 'object') === node)) return isTarget(source, parent);
  return (/assignment/.test(parent?.type ?? '') && node.field === 'left') || (parent?.type === 'expression_list' && parent.field === 'left');
}

/** `for i in range(len(xs) + 1)` with xs[i]. */
function pythonRange(source: Source): readonly Hit[] {
  if (source.family !== 'python') return [];
  return nodesOf(source, 'for_statement').flatMap((loop): readonly Hit[] => {
    const [index, range, body] = [fieldOf(loop, 'left'), fieldOf(loop, 'right'), fieldOf(loop, 'body')];
    if (index?.type !== 'identifier' || range?.type !== 'call' || said(source, fieldOf(range, 'function')) !== 'range' || body === undefined) return [];
    const given = argumentsOf(range);
    const stop = given.length === 1 ? given[0] : given[1];
    if (stop?.type !== 'binary_operator' || operatorOf(stop) !== '+' || said(source, fieldOf(stop, 'right')) !== '1' || given.length > 2) return [];
    const list = lengthOf(source, fieldOf(stop, 'left'));
    if (list === undefined || !indexes(source, body, list, said(source, index)) || isGuarded(source, loop, range, { list, index: said(source, index) })) return [];
    return [{ node: range, claim: `The last turn reads ${list}[${said(source, index)}] one past the end.`, edit: { start: stop.start, end: stop.end, text: said(source, fieldOf(stop, 'left')) } }];
  });
}

/** `for (let i = xs.length; i >= 0; i--) … xs[i]`. */
function fromLength(source: Source): readonly Hit[] {
  return nodesOf(source, 'for_statement').flatMap((loop): readonly Hit[] => {
    const clause = namedChildren(loop).find((child) => child.type === 'for_clause') ?? loop;
    const [start, body, step] = [fieldOf(clause, 'initializer'), fieldOf(loop, 'body'), fieldOf(clause, 'increment') ?? fieldOf(clause, 'update')];
    if (start === undefined || body === undefined || !said(source, step).includes('--')) return [];
    const declared = source.family === 'go' ? start : namedChildren(start)[0];
    const name = declared === undefined ? '' : said(source, fieldOf(declared, 'name') ?? fieldOf(declared, 'left'));
    const value = declared === undefined ? undefined : (fieldOf(declared, 'value') ?? fieldOf(declared, 'right'));
    const first = value?.type === 'expression_list' ? namedChildren(value)[0] : value;
    const list = lengthOf(source, first);
    if (list === undefined || first === undefined || !/^\w+$/.test(name) || !indexes(source, body, list, name)) return [];
    if (anywhere(body, (node) => /update_expression|inc_statement|dec_statement/.test(node.type) && said(source, node).includes(name)).length > 0) return [];
    return [{ node: start, claim: `The first turn reads ${list}[${name}] one past the end: the last is at ${said(source, first)} - 1.`, edit: { start: first.end, end: first.end, text: ' - 1' } }];
  });
}

export const stopsShort: Rule = {
  name: 'stops-short',
  category: 'bug',
  families: ['script', 'python', 'go'],
  about: 'A loop over a list leaves its last element out, and nothing else looks at it.',
  find: (source) => [...shortLoops(source), ...shortRanges(source)],
};

function shortLoops(source: Source): readonly Hit[] {
  return nodesOf(source, 'for_statement').flatMap((loop): readonly Hit[] => {
    const clause = namedChildren(loop).find((child) => child.type === 'for_clause') ?? loop;
    const condition = bare(fieldOf(clause, 'condition'));
    const body = fieldOf(loop, 'body');
    if (condition === undefined || body === undefined) return [];
    const { left, operator, right } = comparison(condition);
    if (operator !== '<' || left?.type !== 'identifier' || right?.type !== 'binary_expression' || operatorOf(right) !== '-' || said(source, fieldOf(right, 'right')) !== '1') return [];
    const list = lengthOf(source, fieldOf(right, 'left'));
    if (list === undefined || !/(?:=)\s*0\b/.test(said(source, fieldOf(clause, 'initializer'))) || !isOnlyIndex(source, loop, { list, index: said(source, left), body })) return [];
    return [{ node: condition, claim: `The loop stops before the last element of ${list}.`, edit: { start: right.start, end: right.end, text: said(source, fieldOf(right, 'left')) } }];
  });
}

function shortRanges(source: Source): readonly Hit[] {
  if (source.family !== 'python') return [];
  return nodesOf(source, 'for_statement').flatMap((loop): readonly Hit[] => {
    const [index, range, body] = [fieldOf(loop, 'left'), fieldOf(loop, 'right'), fieldOf(loop, 'body')];
    if (index?.type !== 'identifier' || range?.type !== 'call' || said(source, fieldOf(range, 'function')) !== 'range' || body === undefined) return [];
    const [stop, more] = argumentsOf(range);
    if (more !== undefined || stop?.type !== 'binary_operator' || operatorOf(stop) !== '-' || said(source, fieldOf(stop, 'right')) !== '1') return [];
    const list = lengthOf(source, fieldOf(stop, 'left'));
    if (list === undefined || !isOnlyIndex(source, loop, { list, index: said(source, index), body })) return [];
    return [{ node: range, claim: `The loop stops before the last element of ${list}.`, edit: { start: stop.start, end: stop.end, text: said(source, fieldOf(stop, 'left')) } }];
  });
}

/** Each use of the index is xs[i] that is read, and the function has no other word about the end of the list. */
function isOnlyIndex(source: Source, loop: SyntaxNode, { list, index, body }: { readonly list: string; readonly index: string; readonly body: SyntaxNode }): boolean {
  const uses = anywhere(body, (node) => node.type === 'identifier' && said(source, node) === index);
  const plain = uses.every((use) => {
    const parent = parentOf(source, use);
    return parent !== undefined && SUBSCRIPTS.has(parent.type) && listAndIndex(source, parent).join(' ') === `${list} ${index}` && !(parent.field === 'left' && /assignment/.test(parentOf(source, parent)?.type ?? ''));
  });
  if (uses.length === 0 || !plain) return false;
  const around = functionAround(source, loop) ?? source.root;
  const rest = source.text.slice(around.start, loop.start) + source.text.slice(loop.end, around.end);
  return !/last|tail|-\s*1\b|\.at\(|\.pop\(|\bend\b/i.test(rest) && !/last|tail/i.test(list);
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
