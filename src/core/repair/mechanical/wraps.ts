/** Decides what an expression may lack around it, or have too much: conversions, defaults, null checks, copies, await. */
import type { SyntaxNode } from '../../ports.ts';
import { fieldOf, namedChildren } from '../syntaxTree.ts';
import { bracketed, conditionOf } from './comparisons.ts';
import { kindOf } from './grammar.ts';
import { type Operator, type Proposal, type Site, binaryParts, propose, replace } from './site.ts';

const JS_WRAPS: readonly (readonly [string, number])[] = [
  ['Number(#)', 1], ['String(#)', 0.8], ['Math.floor(#)', 0.8], ['Math.round(#)', 0.8], ['Math.ceil(#)', 0.6], ['Math.trunc(#)', 0.5], ['Math.abs(#)', 0.6],
  ['Math.max(0, #)', 0.6], ['Math.max(1, #)', 0.4], ['#.trim()', 0.6], ['#.toLowerCase()', 0.7], ['[...#]', 0.7], 
  ['{ ...# }', 0.3], ['parseInt(#, 10)', 0.3], ['#.toString()', 0.2], ['#.flat()', 0.2], ['#.filter(Boolean)', 0.3], ['Object.keys(#)', 0.2],
  ['encodeURIComponent(#)', 0.3], ['#.length', 0.3], ["String(#).padStart(2, '0')", 0.5], ['structuredClone(#)', 0.1], ['[#]', 0.3], ['Math.round(# * 100) / 100', 0.3],
];
const PYTHON_WRAPS: readonly (readonly [string, number])[] = [
  ['int(#)', 1], ['str(#)', 0.9], ['float(#)', 0.7], ['list(#)', 0.8], ['len(#)', 0.5], ['sorted(#)', 0.6], ['set(#)', 0.4], ['abs(#)', 0.6], ['round(#)', 0.4],
  ['round(#, 2)', 0.5], ['max(0, #)', 0.6], ['max(1, #)', 0.4], ['#.strip()', 0.6], ['#.lower()', 0.7], ['dict(#)', 0.5], ['#.copy()', 0.6], 
  ['reversed(#)', 0.3], ['re.escape(#)', 0.4], ['[#]', 0.3], ['copy.deepcopy(#)', 0.2], ['#.items()', 0.4], ['#.values()', 0.3], ['math.ceil(#)', 0.3], ['#.split()', 0.3], ['str(#).zfill(2)', 0.3],
];
const WRAPS: Readonly<Record<Site['idiom']['family'], readonly (readonly [string, number])[]>> = {
  js: JS_WRAPS,
  python: PYTHON_WRAPS,
  go: [['len(#)', 0.4], ['strings.TrimSpace(#)', 0.5], ['strings.ToLower(#)', 0.5], ['float64(#)', 0.6], ['int(#)', 0.5], ['append([]string(nil), #...)', 0.2], ['append([]int(nil), #...)', 0.2]],
  rust: [['#.clone()', 0.5], ['#.trim()', 0.5], ['#.abs()', 0.4], ['#.to_lowercase()', 0.4], ['#.len()', 0.3], ['#.max(0)', 0.2], ['#.max(1)', 0.3]],
  java: [['#.trim()', 0.5], ['#.toLowerCase()', 0.5], ['Math.abs(#)', 0.4], ['Math.max(0, #)', 0.4], ['new ArrayList<>(#)', 0.7], ['(double) #', 0.6], ['(long) #', 0.4], ['String.valueOf(#)', 0.3]],
};

const WRAPPABLE: ReadonlySet<string> = new Set(['name', 'member', 'subscript', 'call', 'binary', 'await', 'parenthesized']);

export const wrap: Operator = function* (node, site) {
  if (!WRAPPABLE.has(kindOf(node)) || !isRead(node, site)) return;
  const operator = kindOf(node) === 'binary' ? site.of(binaryParts(node)?.operator) : '';
  // A condition is no number, text or list.
  if (node.field === 'condition' || /^([=!]==?|[<>]=?|&&|\|\||and|or|in|is|not in|is not)$/.test(operator)) return;
  const written = site.of(node);
  const inner = bracketed(node, written);
  for (const [shape, weight] of WRAPS[site.idiom.family]) {
    const head = shape.slice(0, shape.indexOf('#'));
    if (head !== '' && written.startsWith(head)) continue;
    const lazy = shape.startsWith('#') || /# [*/]/.test(shape);
    yield propose('wrap', weight, replace(node, shape.replace('#', () => (lazy ? inner : written))));
  }
  for (const name of unaryHelpers(node, site)) yield propose('wrap with helper', 1, replace(node, `${name}(${written})`));
};

export const unwrap: Operator = function* (node, site) {
  const kind = kindOf(node);
  if (kind === 'call') {
    const list = fieldOf(node, 'arguments');
    const callee = fieldOf(node, 'function') ?? fieldOf(node, 'object');
    const only = list ? namedChildren(list) : [];
    const [first] = only;
    if (only.length === 1 && first) yield propose('unwrap', 0.7, replace(node, site.of(first)));
    const receiver = callee && kindOf(callee) === 'member' ? namedChildren(callee)[0] : undefined;
    if (receiver) yield propose('unwrap', only.length === 0 ? 0.8 : 0.4, replace(node, site.of(receiver)));
  }
  if (kind === 'conditional') {
    const [one, two, three] = namedChildren(node);
    if (!one || !two || !three) return;
    const [yes, no] = site.idiom.family === 'python' ? [one, three] : [two, three];
    yield propose('conditional', 1, replace(yes, site.of(no)), replace(no, site.of(yes)));
    yield propose('conditional', 0.4, replace(node, site.of(yes)));
    yield propose('conditional', 0.4, replace(node, site.of(no)));
  }
  if (kind === 'await') yield propose('unwrap', 0.2, replace(node, site.of(namedChildren(node)[0])));
};

/** A value that may be missing gets a default, or is reached with care. */
export const defaults: Operator = function* (node, site) {
  const kind = kindOf(node);
  const { family } = site.idiom;
  const written = site.of(node);
  if (family === 'js' && (kind === 'member' || kind === 'subscript') && !written.includes('?.') && isRead(node, site)) {
    const receiver = namedChildren(node)[0];
    const rest = receiver && written.slice(receiver.end - node.start);
    if (receiver && rest) yield propose('optional', site.of(receiver) === 'this' || /^(Math|Object|Number|JSON|Array|console)$/.test(site.of(receiver)) ? 0.02 : 0.8, replace(node, site.of(receiver) + (rest.startsWith('[') ? `?.${rest}` : `?${rest}`)));
  }
  if (!['name', 'member', 'subscript', 'call', 'await'].includes(kind) || !isRead(node, site)) return;
  if (kind === 'name' && site.parent(node) && kindOf(site.parent(node) ?? node) === 'member') yield* defaultFor(node, site, 0.5);
  else yield* defaultFor(node, site, kind === 'subscript' ? 1 : 0.6);
  if (family === 'python' && kind === 'subscript') {
    const [holder, key] = namedChildren(node);
    if (!holder || !key || kindOf(key) === 'slice') return;
    for (const fallback of ['', ', 0', ', []', ', {}', ", ''", ', False', ', ()']) yield propose('safe lookup', fallback === '' ? 1 : 0.7, replace(node, `${site.of(holder)}.get(${site.of(key)}${fallback})`));
  }
  if (family === 'python' && kind === 'call' && /\.get\([^,()]+\)$/.test(written)) {
    for (const fallback of ['0', '[]', '{}', "''", '1', 'False']) yield propose('safe lookup', 0.8, replace(node, `${written.slice(0, -1)}, ${fallback})`));
  }
  if (family === 'java' && kind === 'call' && /\.get\([^,()]+\)$/.test(written)) for (const fallback of ['0', '""', 'null']) yield propose('safe lookup', 0.6, replace(node, `${written.replace(/\.get\(/, '.getOrDefault(').slice(0, -1)}, ${fallback})`));
};

function* defaultFor(node: SyntaxNode, site: Site, weight: number): Generator<Proposal> {
  const written = site.of(node);
  const { family } = site.idiom;
  if (family === 'js') for (const [index, fallback] of ['[]', '0', "''", '{}', 'null', '1', 'false'].entries()) yield propose('default', weight / (1 + index * 0.3), replace(node, `(${written} ?? ${fallback})`));
  if (family === 'js') for (const fallback of ['[]', '0', "''"]) yield propose('default', weight * 0.3, replace(node, `(${written} || ${fallback})`));
  if (family === 'python') for (const [index, fallback] of ['[]', '0', "''", '{}', '1', '()'].entries()) yield propose('default', weight / (1 + index * 0.3), replace(node, `(${written} or ${fallback})`));
  if (family === 'js' || family === 'python') {
    const orName = family === 'js' ? '??' : 'or';
    for (const { name, parameter } of site.namesAt(node).slice(0, 8)) if (parameter && name !== written) yield propose('default', weight * 0.3, replace(node, `(${written} ${orName} ${name})`));
  }
}

/** Truth of a value taken where only its presence was meant: 0, "" and empty lists are values. */
export const presence: Operator = function* (node, site) {
  const { family } = site.idiom;
  if (family !== 'js' && family !== 'python') return;
  const parts = kindOf(node) === 'binary' ? binaryParts(node) : undefined;
  if (parts && /^(\|\||or)$/.test(site.of(parts.operator))) {
    const [left, right] = [site.of(parts.left), site.of(parts.right)];
    if (family === 'python') yield propose('presence', 1, replace(node, `(${left} if ${left} is not None else ${right})`));
    else yield propose('presence', 0.8, replace(node, `(${left} === undefined ? ${right} : ${left})`));
  }
  const condition = conditionOf(node);
  for (const term of condition ? flatTerms(condition, site) : []) {
    const negative = kindOf(term) === 'unary' && /^(!|not\b)/.test(site.of(term));
    const subject = negative ? namedChildren(term)[0] : term;
    if (!subject || !['name', 'member', 'subscript', 'call'].includes(kindOf(subject))) continue;
    yield* presenceTests(term, site.of(subject), negative, site);
  }
};

function* presenceTests(term: SyntaxNode, subject: string, negative: boolean, site: Site): Generator<Proposal> {
  if (site.idiom.family === 'python') {
    yield propose('presence', 1, replace(term, `${subject} is ${negative ? '' : 'not '}None`));
    yield propose('presence', 0.3, replace(term, `len(${subject}) ${negative ? '==' : '>'} 0`));
    const item = /^(.+?)(?:\[(.+)\]|\.get\(([^,]+).*\))$/.exec(subject);
    if (item) yield propose('presence', 0.9, replace(term, `${item[2] ?? item[3]} ${negative ? 'not in' : 'in'} ${item[1]}`));
    return;
  }
  yield propose('presence', 1, replace(term, `${subject} ${negative ? '===' : '!=='} undefined`));
  yield propose('presence', 0.9, replace(term, `${subject} ${negative ? '==' : '!='} null`));
  yield propose('presence', 0.4, replace(term, `${subject} ${negative ? '===' : '!=='} null`));
  yield propose('presence', 0.5, replace(term, `${subject}.length ${negative ? '===' : '>'} 0`));
  const item = /^(.+)\[([^\]]+)\]$/.exec(subject);
  if (item) yield propose('presence', 0.9, replace(term, negative ? `!(${item[2]} in ${item[1]})` : `${item[2]} in ${item[1]}`));
  if (item) yield propose('presence', 0.8, replace(term, `${negative ? '!' : ''}Object.hasOwn(${item[1]}, ${item[2]})`));
  const got = /^(.+)\.get\((.+)\)$/.exec(subject);
  if (got) yield propose('presence', 0.9, replace(term, `${negative ? '!' : ''}${got[1]}.has(${got[2]})`));
}

function flatTerms(node: SyntaxNode, site: Site): readonly SyntaxNode[] {
  const parts = kindOf(node) === 'binary' ? binaryParts(node) : undefined;
  if (!parts || !/^(&&|\|\||and|or)$/.test(site.of(parts.operator))) return [node];
  return [...flatTerms(parts.left, site), ...flatTerms(parts.right, site)];
}

/** Functions of this file with one parameter: normalisers and the like. */
function unaryHelpers(node: SyntaxNode, site: Site): readonly string[] {
  const home = site.homeOf(node);
  const names = site.all('function').flatMap((declared) => {
    const list = fieldOf(declared, 'parameters');
    const name = site.of(fieldOf(declared, 'name'));
    const one = list !== undefined && namedChildren(list).length === 1;
    return one && declared !== home && declared.type !== 'method_definition' && site.namesAt(node).some((usable) => usable.name === name) ? [name] : [];
  });
  return [...new Set(names)].slice(0, 5);
}

/** Whether `node` is a whole value that is read: not a target, a callee, a key or part of a longer chain. */
export function isRead(node: SyntaxNode, site: Site): boolean {
  const parent = site.parent(node);
  if (!parent || node.field === 'function' || node.field === 'property' || node.field === 'attribute' || node.field === 'name' || node.field === 'key' || node.field === 'field') return false;
  if (node.field === 'parameter' || (node.field === 'left' && ['assignment', 'augmented', 'forEach', 'for', 'declaration'].includes(kindOf(parent)))) return false;
  if (['update', 'expressionStatement'].includes(kindOf(parent))) return false;
  return !/parameter|import|dotted_name|global|nonlocal|pattern|type|for_in_clause|delete/.test(parent.type) || (parent.type === 'for_in_clause' && node.field === 'right');
}
