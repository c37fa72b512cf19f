/** Decides which other name could have been meant: variables, arguments, properties, methods and functions that neighbours use. */
import type { SyntaxNode } from '../../ports.ts';
import { fieldOf, namedChildren } from '../syntaxTree.ts';
import { similarity } from './constants.ts';
import { kindOf } from './grammar.ts';
import { type Operator, type Site, binaryParts, propose, replace } from './site.ts';

const NAMES_MAX = 12;
const MEMBERS_MAX = 10;
const ARGUMENTS_MAX = 10;

/** Methods and functions that people confuse; a member of one family may stand for any other. */
const FAMILIES: readonly (readonly string[])[] = [
  ['slice', 'splice', 'substring', 'substr'], ['floor', 'round', 'ceil', 'trunc', 'Floor', 'Round', 'Ceil', 'Trunc'], ['min', 'max'], ['Min', 'Max'],
  ['push', 'unshift', 'concat'], ['pop', 'shift'], ['keys', 'values', 'entries', 'items'], ['toLowerCase', 'toUpperCase'], ['ToLower', 'ToUpper'],
  ['trim', 'trimStart', 'trimEnd'], ['some', 'every'], ['filter', 'find', 'some'], ['map', 'flatMap', 'filter', 'forEach'], ['find', 'findLast', 'findIndex'],
  ['indexOf', 'lastIndexOf', 'search'], ['startsWith', 'endsWith', 'includes'], ['replace', 'replaceAll'], ['padStart', 'padEnd'],
  ['getDate', 'getDay', 'getUTCDate'], ['getMonth', 'getUTCMonth'], ['getFullYear', 'getUTCFullYear', 'getYear'], ['getHours', 'getUTCHours'],
  ['getMinutes', 'getUTCMinutes'], ['setDate', 'setUTCDate'], ['setHours', 'setUTCHours'], ['getDay', 'getUTCDay'],
  ['all', 'allSettled', 'race', 'any'], ['reduce', 'reduceRight'], ['sort', 'toSorted'], ['reverse', 'toReversed'], ['parseInt', 'parseFloat', 'Number'],
  ['isInteger', 'isFinite', 'isNaN', 'isSafeInteger'], ['hasOwn', 'hasOwnProperty'], ['test', 'exec'], ['match', 'matchAll'], ['log', 'log2', 'log10'],
  ['size', 'length'], ['has', 'get'], ['set', 'add'], ['delete', 'clear'], ['resolve', 'reject'], ['apply', 'call', 'bind'], ['on', 'once'], ['off', 'on'],
  ['append', 'extend', 'insert', 'appendleft'], ['strip', 'lstrip', 'rstrip'], ['rstrip', 'removesuffix'], ['lstrip', 'removeprefix'], ['lower', 'upper', 'title', 'capitalize', 'casefold'], ['find', 'rfind', 'index', 'rindex'],
  ['startswith', 'endswith'], ['any', 'all'], ['int', 'float', 'round'], ['sorted', 'reversed', 'list', 'set'], ['split', 'rsplit', 'splitlines', 'partition'],
  ['pop', 'popleft', 'popitem'], ['get', 'setdefault', 'pop'], ['remove', 'discard'], ['union', 'intersection', 'difference', 'symmetric_difference'],
  ['isdigit', 'isalpha', 'isalnum', 'isnumeric', 'isdecimal'], ['ljust', 'rjust', 'center', 'zfill'], ['total_seconds', 'seconds', 'days'], ['copy', 'deepcopy'],
  ['partition', 'rpartition'], ['sum', 'len'], ['match', 'search', 'fullmatch', 'findall'], ['add', 'update', 'append'], ['str', 'repr'], ['zip', 'zip_longest'],
  ['bisect_left', 'bisect_right', 'bisect'], ['heappush', 'heappop', 'heappushpop'], ['nlargest', 'nsmallest'], ['most_common', 'elements'], ['weekday', 'isoweekday'],
  ['HasPrefix', 'HasSuffix', 'Contains'], ['TrimLeft', 'TrimRight', 'Trim', 'TrimPrefix', 'TrimSuffix', 'TrimSpace'], ['Index', 'LastIndex'], ['Lock', 'RLock'],
  ['Unlock', 'RUnlock'], ['Before', 'After', 'Equal'], ['Split', 'SplitN', 'Fields', 'SplitAfter'], ['Replace', 'ReplaceAll'], ['Seconds', 'Minutes', 'Hours', 'Milliseconds'],
  ['iter', 'iter_mut', 'into_iter'], ['first', 'last'], ['starts_with', 'ends_with', 'contains'], ['trim', 'trim_start', 'trim_end'], ['skip', 'take', 'step_by'],
  ['to_lowercase', 'to_uppercase'], ['chars', 'bytes', 'char_indices'], ['saturating_sub', 'wrapping_sub', 'checked_sub'], ['find', 'position', 'rposition'],
  ['add', 'addAll', 'addFirst', 'addLast'], ['get', 'getOrDefault'], ['containsKey', 'containsValue', 'contains'], ['equals', 'equalsIgnoreCase'], ['isEmpty', 'isBlank'],
  ['keySet', 'values', 'entrySet'], ['put', 'putIfAbsent'], ['poll', 'peek', 'pop', 'remove'], ['anyMatch', 'allMatch', 'noneMatch'], ['floorKey', 'ceilingKey', 'lowerKey', 'higherKey'],
  ['floorDiv', 'floorMod'], ['first', 'firstKey', 'lastKey'], ['nextInt', 'nextLong'], ['before', 'after', 'isBefore', 'isAfter'],
];

export const otherVariable: Operator = function* (node, site) {
  if (kindOf(node) !== 'name' || isDeclared(node, site)) return;
  const written = site.of(node);
  const parent = site.parent(node);
  const called = parent !== undefined && kindOf(parent) === 'call' && node.field !== 'object' && (node.field === 'function' || node.field === 'name');
  const scope = site.namesAt(node).filter(({ name, callable }) => name !== written && callable === called);
  const local = scope.filter((other) => other.local);
  const others = [...local, ...scope.filter((other) => !other.local && (called || similarity(other.name, written) > 0.3))].slice(0, NAMES_MAX);
  const share = Math.max(1, others.length / 3);
  for (const { name } of others) yield propose(called ? 'function' : 'variable', (0.5 + similarity(name, written)) / share, replace(node, name));
  if (called || !parent || kindOf(parent) === 'member') return;
  for (const member of membersNamed(written, site)) yield propose('variable', 0.5, replace(node, member));
};

export const familyName: Operator = function* (node, site) {
  const kind = kindOf(node);
  const parent = site.parent(node);
  if (!parent || (kind !== 'property' && kind !== 'name')) return;
  const isMethod = kindOf(parent) === 'member' || (kindOf(parent) === 'call' && (node.field === 'function' || node.field === 'name'));
  if (!isMethod) return;
  const written = site.of(node);
  const others = new Set(FAMILIES.filter((family) => family.includes(written)).flat());
  others.delete(written);
  for (const [index, other] of [...others].entries()) yield propose('method family', 1 / (1 + index * 0.5), replace(node, other));
};

/** Another property that this file reads from the same receiver, or from anything, by likeness. */
export const otherProperty: Operator = function* (node, site) {
  if (kindOf(node) !== 'member') return;
  const receiver = namedChildren(node)[0];
  const property = namedChildren(node).at(-1);
  if (!receiver || !property || property === receiver) return;
  const written = site.of(property);
  const called = node.field === 'function';
  const scores = new Map<string, number>();
  for (const other of site.all('member')) {
    const name = site.of(namedChildren(other).at(-1));
    if (name === written || (other.field === 'function') !== called) continue;
    const same = site.of(namedChildren(other)[0]) === site.of(receiver) ? 0.6 : 0;
    scores.set(name, Math.max(scores.get(name) ?? 0, same + 0.7 * similarity(name, written)));
  }
  if (!called) for (const key of objectKeys(site)) if (key !== written) scores.set(key, Math.max(scores.get(key) ?? 0, 0.7 * similarity(key, written)));
  const best = [...scores].filter(([, score]) => score > 0.2).sort((a, b) => b[1] - a[1]).slice(0, MEMBERS_MAX);
  for (const [name, score] of best) yield propose('property', score, replace(property, name));
  if (!called) yield propose('property', 0.2, replace(node, site.of(receiver)));
};

export const callArguments: Operator = function* (node, site) {
  if (kindOf(node) !== 'arguments') return;
  const args = namedChildren(node);
  if (args.length > ARGUMENTS_MAX) return;
  for (const [index, argument] of args.entries()) {
    const next = args[index + 1];
    if (next) yield propose('arguments', 1, replace(argument, site.of(next)), replace(next, site.of(argument)));
    if (args.length > 1) yield propose('arguments', 0.4, replace(node, `(${args.filter((other) => other !== argument).map((other) => site.of(other)).join(', ')})`));
  }
  if (args.length >= 3) yield propose('arguments', 0.3, replace(node, `(${[...args.slice(1), ...args.slice(0, 1)].map((other) => site.of(other)).join(', ')})`));
  const call = site.parent(node);
  const callee = call && site.of(fieldOf(call, 'function') ?? fieldOf(call, 'name'));
  const extra = new Set<string>(parametersMissing(callee ?? '', args.length, node, site));
  for (const { name, callable } of site.namesAt(node).filter(({ local }) => local).slice(0, 5)) if (!callable) extra.add(name);
  const inner = args.map((argument) => site.of(argument));
  for (const name of [...extra].slice(0, 7)) if (!inner.includes(name)) yield propose('arguments', 0.4, replace(node, `(${[...inner, name].join(', ')})`));
};

/** What other calls of the same function in the file pass beyond the arguments given here. */
function parametersMissing(callee: string, given: number, list: SyntaxNode, site: Site): readonly string[] {
  const usable = new Set(site.namesAt(list).map(({ name }) => name));
  return site.all('call').flatMap((call) => {
    const other = fieldOf(call, 'arguments');
    if (!other || other === list || site.of(fieldOf(call, 'function') ?? fieldOf(call, 'name')) !== callee) return [];
    const more = namedChildren(other).slice(given, given + 1).map((argument) => site.of(argument));
    return more.filter((text) => !/^[A-Za-z_]\w*$/.test(text) || usable.has(text));
  });
}

/** `a.x` where the bare name x is written, when the class or function knows such a member. */
function membersNamed(name: string, site: Site): readonly string[] {
  const found = new Set<string>();
  for (const member of site.all('member')) {
    const text = site.of(member);
    if (text.endsWith(`.${name}`) && text.length < 40 && !text.includes('(')) found.add(text);
  }
  return [...found].slice(0, 3);
}

function objectKeys(site: Site): ReadonlySet<string> {
  const keys = site.all('pair').map((pair) => site.of(fieldOf(pair, 'key')).replace(/^['"]|['"]$/g, ''));
  return new Set(keys.filter((key) => /^[A-Za-z_]\w*$/.test(key)));
}

/** Neighbouring elements of a list, an object or a spread in the other order: `{...a, ...b}`. */
export const elementOrder: Operator = function* (node, site) {
  if (!['array', 'object'].includes(kindOf(node)) && !['tuple', 'expression_list', 'dictionary', 'list'].includes(node.type)) return;
  const items = namedChildren(node);
  if (items.length > 6) return;
  const spreads = items.some((item) => /spread|splat/.test(item.type));
  for (const [index, item] of items.entries()) {
    const next = items[index + 1];
    if (next) yield propose('element order', spreads ? 1 : 0.4, replace(item, site.of(next)), replace(next, site.of(item)));
  }
};

/** Both bounds of one condition or both members of one family in the same statement: `min`/`max`, `<`/`>`. */
export const pairedChange: Operator = function* (node, site) {
  const parts = kindOf(node) === 'binary' ? binaryParts(node) : undefined;
  const opposite: Readonly<Record<string, string>> = { '<': '<=', '<=': '<', '>': '>=', '>=': '>' };
  if (parts) {
    const left = kindOf(parts.left) === 'binary' ? binaryParts(parts.left) : undefined;
    const right = kindOf(parts.right) === 'binary' ? binaryParts(parts.right) : undefined;
    const one = left && opposite[site.of(left.operator)];
    const two = right && opposite[site.of(right.operator)];
    if (left && right && one && two) yield propose('paired', 1, replace(left.operator, one), replace(right.operator, two));
    const lower = site.idiom.family === 'js' ? '.toLowerCase()' : site.idiom.family === 'python' ? '.lower()' : undefined;
    const texts = ![parts.left, parts.right].some((side) => ['number', 'boolean', 'null', 'binary'].includes(kindOf(side)));
    if (lower && texts && /^[!=]==?$/.test(site.of(parts.operator))) yield propose('paired', 0.4, replace(parts.left, site.of(parts.left) + lower), replace(parts.right, site.of(parts.right) + lower));
  }
  const outer = calleeTail(node, site);
  if (!outer || !/^(min|max)$/i.test(site.of(outer))) return;
  const list = fieldOf(node, 'arguments');
  for (const argument of list ? namedChildren(list) : []) {
    const inner = calleeTail(argument, site);
    if (inner && /^(min|max)$/i.test(site.of(inner)) && site.of(inner) !== site.of(outer)) yield propose('paired', 1, replace(outer, site.of(inner)), replace(inner, site.of(outer)));
  }
};

function calleeTail(node: SyntaxNode, site: Site): SyntaxNode | undefined {
  if (kindOf(node) !== 'call') return undefined;
  const callee = fieldOf(node, 'function') ?? fieldOf(node, 'name');
  if (!callee) return undefined;
  return kindOf(callee) === 'member' ? namedChildren(callee).at(-1) : site.of(callee) === '' ? undefined : callee;
}

function isDeclared(node: SyntaxNode, site: Site): boolean {
  const parent = site.parent(node);
  if (!parent) return true;
  if (node.field === 'name' && kindOf(parent) !== 'call') return true;
  if (node.field === 'pattern' || node.field === 'parameter' || node.field === 'label' || node.field === 'key') return true;
  if (kindOf(parent) === 'pair') return node.field === 'key';
  return /parameter|import|dotted_name|pattern$/.test(parent.type) || (parent.type === 'keyword_argument' && node.field === 'name') || (parent.type === 'attribute' && node.field === 'attribute');
}
