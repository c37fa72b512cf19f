/** Decides how literals and bounds may be wrong: off by one, a different unit, an empty or missing value, a flag. */
import type { SyntaxNode } from '../../ports.ts';
import { fieldOf, namedChildren } from '../syntaxTree.ts';
import { kindOf } from './grammar.ts';
import { type Operator, type Proposal, type Site, binaryParts, propose, replace } from './site.ts';

const LITERAL_NEIGHBOURS_MAX = 6;

export const numberConstant: Operator = function* (node, site) {
  if (kindOf(node) !== 'number') return;
  const written = site.of(node);
  const value = Number(written.replaceAll('_', ''));
  if (!Number.isFinite(value)) return;
  const others = new Map<string, number>();
  const add = (text: string, weight: number): void => {
    if (text !== written && !others.has(text)) others.set(text, weight);
  };
  if (Number.isInteger(value)) {
    add(String(value + 1), 1);
    add(String(value - 1), 1);
    if (value === 0 && site.idiom.family === 'js') add('-Infinity', 0.3);
    if (value === 0 && site.idiom.family === 'js') add('Infinity', 0.3);
    if (value === 0 && site.idiom.family === 'python') add("float('-inf')", 0.2);
    if (value > 1) add(String(value * 2), 0.2);
    if (value >= 2 && value % 2 === 0) add(String(value / 2), 0.3);
  }
  add('0', 0.5);
  add('1', 0.5);
  add('-1', 0.3);
  add('2', 0.2);
  for (const factor of [10, 100, 1000, 60]) add(String(value * factor), 0.25);
  for (const factor of [10, 100, 1000]) if (value >= factor && value % factor === 0) add(String(value / factor), 0.25);
  for (const other of neighbours(node, site, 'number')) add(site.of(other), 0.4);
  for (const { name, callable } of site.namesAt(node)) if (!callable && /^[A-Z][A-Z0-9_]+$/.test(name)) add(name, 0.3);
  for (const [text, weight] of others) yield propose('number', weight, replace(node, text.startsWith('-') && /[-+]$/.test(site.text.slice(0, node.start).trimEnd()) ? `(${text})` : text));
};

/** An index, bound or argument that is one too few or too many. */
export const offByOne: Operator = function* (node, site) {
  const kind = kindOf(node);
  const parts = kind === 'binary' ? binaryParts(node) : undefined;
  if (parts && /^[+-]$/.test(site.of(parts.operator)) && /^\d+$/.test(site.of(parts.right))) {
    yield propose('off by one', 1, replace(node, site.of(parts.left)));
  }
  if (!['name', 'member', 'call', 'binary', 'subscript'].includes(kind) || !isBound(node, site)) return;
  if (parts && !/^[+\-*/%]$|^\/\/$/.test(site.of(parts.operator))) return;
  const weight = isKnownBound(node, site) ? 0.9 : 0.4;
  const holder = site.parent(node);
  const tight = holder !== undefined && kindOf(holder) === 'binary' && /[*/%]/.test(site.of(binaryParts(holder)?.operator));
  for (const change of ['- 1', '+ 1']) yield propose('off by one', weight, replace(node, tight ? `(${site.of(node)} ${change})` : `${site.of(node)} ${change}`));
};

const BOUND_CALLS = /(?:^|\.)(range|slice|substring|substr|splice|randint|randrange|islice|at|charAt|fill|padStart|padEnd|setDate|setMonth|get|round|min|max|floor|ceil|push|append|nth|take|skip)$/;

function isBound(node: SyntaxNode, site: Site): boolean {
  const parent = site.parent(node);
  if (!parent) return false;
  const kind = kindOf(parent);
  if (kind === 'subscript') return node.field === 'index' || node.field === 'subscript';
  if (kind === 'slice' || kind === 'return') return true;
  if (kind === 'arguments') return kindOf(node) !== 'call';
  if (kind === 'binary') return /^(<|<=|>|>=|===?|!==?|\/|%|\/\/)$/.test(site.of(binaryParts(parent)?.operator));
  return (parent.type === 'variable_declarator' && node.field === 'value') || (kind === 'assignment' && node.field === 'right');
}

/** An argument of anything but a call that takes positions is rarely a count, unless a function calls itself. */
function isKnownBound(node: SyntaxNode, site: Site): boolean {
  const parent = site.parent(node);
  const call = parent && kindOf(parent) === 'arguments' ? site.parent(parent) : undefined;
  if (!call) return true;
  const callee = site.of(fieldOf(call, 'function') ?? fieldOf(call, 'name'));
  return BOUND_CALLS.test(callee) || callee === site.of(fieldOf(site.homeOf(node), 'name'));
}

export const stringConstant: Operator = function* (node, site) {
  if (kindOf(node) !== 'string') return;
  const written = site.of(node);
  const quote = written.at(-1) ?? "'";
  const bodyStart = written.indexOf(quote) + 1;
  const prefix = written.slice(0, bodyStart);
  const body = written.slice(bodyStart, -1);
  const others = new Map<string, number>();
  const add = (text: string, weight: number): void => {
    if (text !== body && !others.has(text)) others.set(text, weight);
  };
  if (body === '') for (const [index, text] of [' ', ',', ', ', '\\n', '0', '-'].entries()) add(text, 0.7 / (1 + index));
  else if (body.trim() !== body) add(body.trim(), 1);
  if (body === ' ' || body === ',') add(body === ',' ? ', ' : '', 1);
  if (/^[^\w]{1,2}$/.test(body)) for (const text of ['', ' ', ', ', '-', '_', '/', '.', ':', '\\n', '&', '=', '; ']) add(text, 0.3);
  if (/^[A-Za-z]+$/.test(body)) {
    add(body.toLowerCase(), 0.4);
    add(body.toUpperCase(), 0.4);
    add(body.endsWith('s') ? body.slice(0, -1) : `${body}s`, 0.3);
  }
  for (const other of neighbours(node, site, 'string')) {
    const text = site.of(other);
    if (text.startsWith(prefix) && text.endsWith(quote)) add(text.slice(bodyStart, -1), similarity(text, written) * 0.8 + 0.1);
  }
  for (const [text, weight] of others) yield propose('string', weight, replace(node, prefix + text + quote));
};

export const otherLiteral: Operator = function* (node, site) {
  const kind = kindOf(node);
  const { yes, no, family, nothing } = site.idiom;
  if (kind === 'boolean') yield propose('boolean', 1, replace(node, site.of(node) === yes ? no : yes));
  const empty = site.of(node).replace(/\s/g, '');
  const isValue = ['null', 'array', 'object', 'string', 'number', 'boolean'].includes(kind) && /^(null|undefined|None|nil|\[\]|\{\}|''|""|0|1|-1|false|true|False|True)$/.test(empty);
  if (!isValue || !isDefaultPlace(node, site)) return;
  const values = family === 'js' ? ['null', 'undefined', '[]', '{}', "''", '0', 'false', 'true', 'NaN'] : family === 'python' ? ['None', '[]', '{}', "''", '0', 'False', 'True', '0.0', 'set()'] : [nothing, '0', '""', no, yes];
  for (const value of values) if (value !== empty) yield propose('default value', 0.5, replace(node, value));
};

function isDefaultPlace(node: SyntaxNode, site: Site): boolean {
  const parent = site.parent(node);
  if (!parent) return false;
  const kind = kindOf(parent);
  return kind === 'return' || kind === 'assignment' || node.field === 'value' || (kind === 'conditional' && node.field !== 'condition') || kind === 'lambda'
    || kind === 'arguments' || (kind === 'binary' && /^(\|\||\?\?|or)$/.test(site.of(binaryParts(parent)?.operator)));
}

/** Flags and usual slips of patterns: global, case, anchors, greedy, one or many. */
export const regexConstant: Operator = function* (node, site) {
  const text = site.of(node);
  if (kindOf(node) === 'regex') {
    const flags = site.of(fieldOf(node, 'flags'));
    const body = text.slice(0, text.length - flags.length);
    const toggle = (flag: string): string => (flags.includes(flag) ? flags.replace(flag, '') : flags + flag);
    for (const [index, flag] of ['g', 'i', 'm', 'u', 's'].entries()) yield propose('regex', 1 / (1 + index), replace(node, body + toggle(flag)));
    for (const [inner, weight] of patternVariants(body.slice(1, -1))) yield propose('regex', weight, replace(node, `/${inner}/${flags}`));
    return;
  }
  if (kindOf(node) !== 'string' || !isPattern(node, site)) return;
  const quote = text.at(-1) ?? '"';
  const bodyStart = text.indexOf(quote) + 1;
  for (const [inner, weight] of patternVariants(text.slice(bodyStart, -1))) yield propose('regex', weight, replace(node, text.slice(0, bodyStart) + inner + quote));
};

function isPattern(node: SyntaxNode, site: Site): boolean {
  return /^[a-z]*r/i.test(site.of(node)) || /(re\.\w+|RegExp|MustCompile|Regex::new|Pattern\.compile|matches|replaceAll)\($/.test(site.text.slice(0, node.start));
}

function* patternVariants(body: string): Generator<readonly [string, number]> {
  if (body.startsWith('^')) yield [body.slice(1), 0.4];
  else yield [`^${body}`, 0.7];
  if (body.endsWith('$')) yield [body.slice(0, -1), 0.4];
  else yield [`${body}$`, 0.7];
  if (!body.startsWith('^') && !body.endsWith('$')) yield [`^${body}$`, 0.8];
  for (const match of body.matchAll(/(?<!\\)[+*?]/g)) {
    const before = body.slice(0, match.index);
    const after = body.slice(match.index + 1);
    if (match[0] !== '?' && !after.startsWith('?')) yield [`${before}${match[0]}?${after}`, 0.5];
    yield [before + (match[0] === '+' ? '*' : match[0] === '*' ? '+' : '*') + after, 0.7];
    yield [before + after, 0.2];
  }
  for (const match of body.matchAll(/(\\[dwsDWS]|\]|\))(?![+*?{])/g)) {
    const end = match.index + match[0].length;
    yield [`${body.slice(0, end)}+${body.slice(end)}`, 0.6];
    yield [`${body.slice(0, end)}?${body.slice(end)}`, 0.3];
    yield [`${body.slice(0, end)}*${body.slice(end)}`, 0.3];
  }
  for (const match of body.matchAll(/(\\d|\[0-9\])[+*]/g)) {
    const end = match.index + match[0].length;
    yield [`${body.slice(0, end)}(?:\\.\\d+)?${body.slice(end)}`, 0.6];
    yield [`${body.slice(0, match.index)}-?${body.slice(match.index)}`, 0.5];
  }
  for (const match of body.matchAll(/(?<!\\)\.(?![*+?])/g)) yield [`${body.slice(0, match.index)}\\.${body.slice(match.index + 1)}`, 0.7];
  for (const match of body.matchAll(/\[(\^?)([^\]]+)\]/g)) {
    const end = match.index + match[0].length - 1;
    for (const extra of ['_', '-', '.', '0-9', 'A-Z', 'a-z', '\\s']) if (!match[2]?.includes(extra)) yield [body.slice(0, end) + extra + body.slice(end), 0.25];
  }
}

/** Literals of the same kind in the same function, then the file, nearest first. */
function neighbours(node: SyntaxNode, site: Site, kind: 'number' | 'string'): readonly SyntaxNode[] {
  const seen = new Set([site.of(node)]);
  const all = site.all(kind);
  const at = firstFrom(all, node.start);
  return all.slice(Math.max(0, at - NEAR), at + NEAR)
    .sort((a, b) => Math.abs(a.start - node.start) - Math.abs(b.start - node.start))
    .filter((other) => site.of(other).length < 40 && !seen.has(site.of(other)) && seen.add(site.of(other)))
    .slice(0, LITERAL_NEIGHBOURS_MAX);
}

/** Literals looked at on either side: a table may hold thousands. */
const NEAR = 60;

/** Index of the first node that begins at `start` or later; nodes are in order of text. */
function firstFrom(nodes: readonly SyntaxNode[], start: number): number {
  let [low, high] = [0, nodes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((nodes[middle]?.start ?? 0) < start) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Share of common bigrams (Dice), 0 to 1. */
export function similarity(a: string, b: string): number {
  const grams = (text: string): string[] => Array.from({ length: Math.max(0, text.length - 1) }, (_, index) => text.slice(index, index + 2).toLowerCase());
  const left = grams(a);
  const right = grams(b);
  if (left.length + right.length === 0) return a === b ? 1 : 0;
  const pool = [...right];
  let common = 0;
  for (const gram of left) {
    const at = pool.indexOf(gram);
    if (at < 0) continue;
    common++;
    pool.splice(at, 1);
  }
  return (2 * common) / (left.length + right.length);
}

/** Slices with a bound missing or too many, and range starts. */
export const sliceBounds: Operator = function* (node, site): Generator<Proposal> {
  if (node.type === 'slice' && site.idiom.family === 'python') {
    const [from = '', to = '', step = ''] = site.of(node).split(':').map((part) => part.trim());
    const texts = [`${from}:`, `:${to}`, `${from}:${to}:-1`, `1:${to}`, `${from}:-1`, `${to}:`, `:${from}`, `-${from}:`, `-${to}:`, `::-1`];
    for (const text of texts) if (text !== `${from}:${to}` && !text.startsWith('-:') && step === '') yield propose('slice', 0.6, replace(node, text));
  }
  if (kindOf(node) !== 'call') return;
  const callee = site.of(fieldOf(node, 'function') ?? fieldOf(node, 'name'));
  const list = fieldOf(node, 'arguments');
  const args = list ? namedChildren(list).map((argument) => site.of(argument)) : [];
  const [first] = args;
  if (!list) return;
  if (callee === 'range' && args.length === 1) for (const text of [`(1, ${first})`, `(1, ${first} + 1)`, `(${first} - 1, -1, -1)`]) yield propose('slice', 1, replace(list, text));
  if (callee === 'range' && args.length === 2) yield propose('slice', 1, replace(list, `(${args[0]}, ${args[1]} + 1)`));
  if (/\.(slice|substring)$/.test(callee) && args.length === 1) for (const text of [`(0, ${first})`, `(-${first})`, `(0, -${first})`]) yield propose('slice', 0.7, replace(list, text));
  if (/\.(slice|substring)$/.test(callee) && args.length === 2) for (const text of [`(${args[0]})`, `(${args[0]}, ${args[0]} + ${args[1]})`]) yield propose('slice', 0.8, replace(list, text));
};
