/** Decides the slips that belong to one language: aliasing, sorting, awaiting, closures, integer division, shared defaults. */
import type { SyntaxNode } from '../../ports.ts';
import { fieldOf, namedChildren } from '../syntaxTree.ts';
import { kindOf } from './grammar.ts';
import { type Operator, type Proposal, type Site, binaryParts, propose, replace } from './site.ts';
import { isRead } from './wraps.ts';

/** Hands out or keeps a copy where the thing itself escapes. */
export const copies: Operator = function* (node, site) {
  if (!['name', 'member', 'subscript'].includes(kindOf(node)) || !isRead(node, site)) return;
  const parent = site.parent(node);
  if (!parent) return;
  const escapes = kindOf(parent) === 'return' || node.field === 'value' || node.field === 'right' || kindOf(parent) === 'arguments' || kindOf(parent) === 'forEach';
  const text = site.of(node);
  const { family } = site.idiom;
  const shapes = family === 'js' ? [`[...${text}]`, `{ ...${text} }`, `new Map(${text})`, `new Set(${text})`, `${text}.map((item) => ({ ...item }))`] : family === 'python' ? [`list(${text})`, `dict(${text})`, `${text}.copy()`, `${text}[:]`, `[dict(item) for item in ${text}]`, `copy.deepcopy(${text})`] : [];
  for (const [index, shape] of shapes.entries()) yield propose('copy', (escapes ? 1 : 0.4) / (1 + index * 0.5), replace(node, shape));
  const called = kindOf(parent) === 'member' && fieldOf(parent, 'object') === node ? site.of(namedChildren(parent).at(-1)) : '';
  if (family === 'js' && /^(sort|reverse|splice|push|unshift)$/.test(called)) yield propose('copy', 1, replace(node, `[...${text}]`));
};

export const sorting: Operator = function* (node, site) {
  if (kindOf(node) !== 'call') return;
  const callee = site.of(fieldOf(node, 'function'));
  const list = fieldOf(node, 'arguments');
  if (!list) return;
  const args = namedChildren(list);
  if (site.idiom.family === 'js' && /\.(sort|toSorted)$/.test(callee)) {
    const shapes = ['(a, b) => a - b', '(a, b) => b - a', '(a, b) => a.localeCompare(b)', '(a, b) => (a < b ? -1 : a > b ? 1 : 0)'];
    if (args.length === 0) for (const shape of shapes) yield propose('sort', 1, replace(list, `(${shape})`));
    for (const argument of args) yield* comparatorVariants(argument, site);
  }
  if (site.idiom.family !== 'python' || !/(^sorted|\.sort|^max|^min)$/.test(callee)) return;
  const texts = args.map((argument) => site.of(argument));
  const withoutReverse = texts.filter((text) => !/^reverse\s*=/.test(text));
  if (!/^(max|min)$/.test(callee)) yield propose('sort', 1, replace(list, withoutReverse.length < texts.length ? `(${withoutReverse.join(', ')})` : `(${[...texts, 'reverse=True'].join(', ')})`));
  const keyed = texts.some((text) => /^key\s*=/.test(text));
  for (const key of keyed ? [] : ['str', 'len', 'int', 'str.lower', 'lambda item: item[1]', 'lambda item: item[0]', 'lambda item: (-item[1], item[0])']) yield propose('sort', 0.4, replace(list, `(${[...texts, `key=${key}`].join(', ')})`));
  for (const argument of args) yield* keyVariants(argument, site);
};

function* comparatorVariants(argument: SyntaxNode, site: Site): Generator<Proposal> {
  const body = fieldOf(argument, 'body');
  const names = [...(site.of(fieldOf(argument, 'parameters')).matchAll(/[A-Za-z_]\w*/g) ?? [])].map((match) => match[0]);
  const [a, b] = names;
  if (!body || !a || !b || kindOf(body) === 'block') return;
  const text = site.of(body);
  const flipped = text.replace(new RegExp(`\\b(${a}|${b})\\b`, 'g'), (name) => (name === a ? b : a));
  yield propose('sort', 1, replace(body, flipped));
  const parts = kindOf(body) === 'binary' ? binaryParts(body) : undefined;
  if (!parts) return;
  const [left, right] = [site.of(parts.left), site.of(parts.right)];
  yield propose('sort', 0.8, replace(body, `${left}.localeCompare(${right})`));
  yield propose('sort', 0.8, replace(body, `${left} - ${right}`));
  yield propose('sort', 0.8, replace(body, `(${left} < ${right} ? -1 : ${left} > ${right} ? 1 : 0)`));
  for (const key of memberKeys(site)) yield propose('sort', 0.4, replace(body, `${text} || (${a}.${key} < ${b}.${key} ? -1 : ${a}.${key} > ${b}.${key} ? 1 : 0)`));
  for (const key of memberKeys(site)) yield propose('sort', 0.3, replace(body, `${text} || ${a}.${key} - ${b}.${key}`));
}

function* keyVariants(argument: SyntaxNode, site: Site): Generator<Proposal> {
  const value = argument.type === 'keyword_argument' && site.of(fieldOf(argument, 'name')) === 'key' ? fieldOf(argument, 'value') : undefined;
  const body = value && fieldOf(value, 'body');
  const name = value && site.of(fieldOf(value, 'parameters'));
  if (!body || !name) return;
  const text = site.of(body);
  yield propose('sort', 0.7, replace(body, `-${text}`));
  for (const key of [`${name}[0]`, `${name}[1]`, name]) if (key !== text) yield propose('sort', 0.6, replace(body, `(${text}, ${key})`));
  for (const key of [`${name}[0]`, `${name}[1]`, name]) if (key !== text) yield propose('sort', 0.5, replace(body, `(-${text}, ${key})`));
  for (const key of memberKeys(site)) if (!text.includes(key)) yield propose('sort', 0.4, replace(body, `(${text}, ${name}.${key})`));
  for (const key of memberKeys(site)) if (!text.includes(key)) yield propose('sort', 0.4, replace(body, `(${text}, ${name}['${key}'])`));
}

function memberKeys(site: Site): readonly string[] {
  const names = [...site.all('member')].filter((node) => node.field !== 'function').map((node) => site.of(namedChildren(node).at(-1)));
  const keys = site.all('pair').map((pair) => site.of(fieldOf(pair, 'key')).replace(/^['"]|['"]$/g, ''));
  return [...new Set([...names, ...keys])].filter((name) => /^[a-z_]\w*$/.test(name) && name !== 'length').slice(0, 6);
}

/** Accumulators without or with the wrong start value. */
export const accumulator: Operator = function* (node, site) {
  if (kindOf(node) !== 'call') return;
  const callee = site.of(fieldOf(node, 'function'));
  const list = fieldOf(node, 'arguments');
  if (!list || !/\.(reduce|reduceRight)$|^(functools\.)?reduce$|^(sum|max|min|next)$/.test(callee)) return;
  const args = namedChildren(list).map((argument) => site.of(argument));
  const python = site.idiom.family === 'python';
  const starts = python ? (/^(max|min)$/.test(callee) ? ['default=0', 'default=None'] : callee === 'next' ? ['None'] : ['0', '1', '[]', '{}']) : ['0', '1', '[]', '{}', "''"];
  const count = python && /reduce$/.test(callee) ? 2 : 1;
  if (args.length === count) for (const start of starts) yield propose('accumulator', 1, replace(list, `(${[...args, start].join(', ')})`));
};

/** A value written over where it should be added to what is there: `groups[key] = [item]`. */
export const accumulate: Operator = function* (node, site) {
  if (kindOf(node) !== 'assignment') return;
  const [left, right] = [fieldOf(node, 'left'), fieldOf(node, 'right')];
  if (!left || !right || kindOf(left) === 'name') return;
  const [target, value] = [site.of(left), site.of(right)];
  const single = kindOf(right) === 'array' && namedChildren(right).length === 1 ? site.of(namedChildren(right)[0]) : undefined;
  const item = kindOf(left) === 'subscript' ? namedChildren(left).map((part) => site.of(part)) : [];
  if (site.idiom.family === 'js') {
    if (single !== undefined) yield propose('accumulate', 1, replace(node, `(${target} ??= []).push(${single})`));
    if (single !== undefined) yield propose('accumulate', 1, replace(right, `[...(${target} ?? []), ${single}]`));
    yield propose('accumulate', 0.7, replace(right, `(${target} ?? 0) + ${value}`));
    yield propose('accumulate', 0.4, replace(right, `{ ...${target}, ...${value} }`));
    yield propose('accumulate', 0.3, replace(right, `[...(${target} ?? []), ...${value}]`));
  }
  if (site.idiom.family !== 'python' || item.length !== 2) return;
  if (single !== undefined) yield propose('accumulate', 1, replace(node, `${item[0]}.setdefault(${item[1]}, []).append(${single})`));
  yield propose('accumulate', 0.7, replace(right, `${item[0]}.get(${item[1]}, 0) + ${value}`));
  yield propose('accumulate', 0.3, replace(right, `${item[0]}.get(${item[1]}, []) + ${value}`));
};

export const awaiting: Operator = function* (node, site) {
  const { family } = site.idiom;
  if (family !== 'js' && family !== 'python') return;
  const kind = kindOf(node);
  const parent = site.parent(node);
  if (kind === 'call' && parent && kindOf(parent) !== 'await' && node.field !== 'function') {
    const home = site.functionOf(node);
    if (home && /^(static )?async\b/.test(site.of(home).trimStart())) {
      const chained = node.field === 'object';
      yield propose('await', 1, replace(node, chained ? `(await ${site.of(node)})` : `await ${site.of(node)}`));
      if (family === 'js' && /\.map\(/.test(site.of(node))) yield propose('await', 1, replace(node, `await Promise.all(${site.of(node)})`));
    } else if (home && family === 'js' && kindOf(home) !== 'block') {
      yield propose('await', 0.2, { start: home.start, end: home.start, text: 'async ' }, replace(node, `await ${site.of(node)}`));
    }
  }
  if (family === 'js' && kind === 'expressionStatement') yield* forEachAsync(node, site);
};

/** `list.forEach(async (x) => {…})` waits for nobody: a loop or Promise.all does. */
function* forEachAsync(node: SyntaxNode, site: Site): Generator<Proposal> {
  const match = /^(await\s+)?([\s\S]+?)\.forEach\(\s*async\s*\(?([\w$,\s{}[\]]+?)\)?\s*=>\s*(\{[\s\S]*\}|[^{][\s\S]*?)\s*\);?$/.exec(site.of(node));
  if (!match) return;
  const [, , list, names = '', body = ''] = match;
  const block = body.startsWith('{') ? body : `{ ${body}; }`;
  yield propose('await', 1, replace(node, `for (const ${names.includes(',') && !/[{[]/.test(names) ? names.split(',')[0] : names} of ${list}) ${block}`));
  yield propose('await', 1, replace(node, `await Promise.all(${list}.map(async (${names}) => ${body}));`));
}

/** `function` where an arrow keeps `this`, methods passed without their object, `var` in closures. */
export const binding: Operator = function* (node, site) {
  if (site.idiom.family === 'python') return yield* pythonBinding(node, site);
  if (site.idiom.family !== 'js') return;
  if (node.type === 'function_expression') yield propose('binding', 1, replace(node, `${site.of(node).startsWith('async') ? 'async ' : ''}${site.of(fieldOf(node, 'parameters'))} => ${site.of(fieldOf(node, 'body'))}`));
  if (node.type === 'variable_declaration' && site.of(node).startsWith('var')) yield propose('binding', 1, { start: node.start, end: node.start + 3, text: 'let' });
  if (kindOf(node) === 'for' && site.of(fieldOf(node, 'initializer')).startsWith('var')) {
    const initial = fieldOf(node, 'initializer');
    if (initial) yield propose('binding', 1, { start: initial.start, end: initial.start + 3, text: 'let' });
  }
  const parent = site.parent(node);
  if (!parent || kindOf(parent) !== 'arguments') return;
  if (kindOf(node) === 'member') {
    yield propose('binding', 1, replace(node, `${site.of(node)}.bind(${site.of(namedChildren(node)[0])})`));
    yield propose('binding', 0.7, replace(node, `(...args) => ${site.of(node)}(...args)`));
  }
  if (kindOf(node) === 'name') yield propose('binding', site.of(node) === 'parseInt' ? 1.5 : 0.3, replace(node, `(item) => ${site.of(node)}(item${site.of(node) === 'parseInt' ? ', 10' : ''})`));
};

function* pythonBinding(node: SyntaxNode, site: Site): Generator<Proposal> {
  const kind = kindOf(node);
  if (node.type === 'lambda') {
    const names = site.namesAt(node).filter(({ local, callable }) => local && !callable).map(({ name }) => name);
    const list = fieldOf(node, 'parameters');
    const body = site.of(fieldOf(node, 'body'));
    for (const name of names) {
      if (!new RegExp(`\\b${name}\\b`).test(body) || site.of(list).includes(name)) continue;
      yield propose('binding', 1, replace(node, `lambda ${list ? `${site.of(list)}, ` : ''}${name}=${name}: ${body}`));
    }
  }
  if ((kind === 'assignment' || kind === 'augmented') && site.functionOf(node)) yield* outerAssignment(node, site);
  if (kind === 'name' && site.homeOf(node) !== site.root) {
    const home = site.homeOf(node);
    if (/\(\s*self\b/.test(site.of(home).slice(0, 200)) && isRead(node, site) && kindOf(site.parent(node) ?? node) !== 'member') yield propose('binding', 0.15, replace(node, `self.${site.of(node)}`));
  }
  if (node.type === 'assignment') yield* inPlaceResult(node, site);
}

function* outerAssignment(node: SyntaxNode, site: Site): Generator<Proposal> {
  const left = fieldOf(node, 'left');
  const home = site.functionOf(node);
  const body = home && fieldOf(home, 'body');
  const first = body && namedChildren(body)[0];
  if (!left || kindOf(left) !== 'name' || !first || body.type !== 'block') return;
  const indent = site.indentAt(first.start);
  const insert = (word: string) => ({ start: first.start, end: first.start, text: `${word} ${site.of(left)}${site.eol}${indent}` });
  if (site.functionOf(home)) yield propose('binding', 1, insert('nonlocal'));
  if (new RegExp(`^${site.of(left)}\\b`, 'm').test(site.text)) yield propose('binding', 1, insert('global'));
}

/** `x = y.sort()` is None in Python. */
function* inPlaceResult(node: SyntaxNode, site: Site): Generator<Proposal> {
  const right = fieldOf(node, 'right');
  const match = right && /^(.+)\.(sort|reverse|append|extend|update|add|remove)\((.*)\)$/.exec(site.of(right));
  if (!right || !match) return;
  if (match[2] === 'sort') yield propose('sort', 1, replace(right, `sorted(${match[1]}${match[3] ? `, ${match[3]}` : ''})`));
  if (match[2] === 'reverse') yield propose('sort', 1, replace(right, `list(reversed(${match[1]}))`));
  yield propose('unwrap', 1, replace(node, site.of(right)));
}

/** A list or dict as default value is shared by all calls. */
export const sharedDefault: Operator = function* (node, site) {
  if (site.idiom.family !== 'python' || !/^(default_parameter|typed_default_parameter)$/.test(node.type)) return;
  const value = fieldOf(node, 'value');
  const name = site.of(fieldOf(node, 'name'));
  const home = site.functionOf(node);
  const body = home && fieldOf(home, 'body');
  const statements = body ? namedChildren(body) : [];
  const first = statements[0] && /^("""|''')/.test(site.of(statements[0])) ? statements[1] : statements[0];
  if (!value || !first || !/^(\[.*\]|\{.*\}|list\(\)|dict\(\)|set\(\))$/s.test(site.of(value))) return;
  const indent = site.indentAt(first.start);
  const guard = `if ${name} is None:${site.eol}${indent}${site.tab}${name} = ${site.of(value)}${site.eol}${indent}`;
  yield propose('shared default', 1, replace(value, 'None'), { start: first.start, end: first.start, text: guard });
};

/** A list or dict of the class is shared by its instances: it moves into __init__. */
export const sharedAttribute: Operator = function* (node, site) {
  if (site.idiom.family !== 'python' || node.type !== 'assignment' || site.functionOf(node)) return;
  const [left, right] = [fieldOf(node, 'left'), fieldOf(node, 'right')];
  const statement = site.parent(node);
  const body = statement && site.parent(statement);
  const holder = body && site.parent(body);
  const lines = statement && site.linesOf(statement);
  if (!left || !right || !lines || !body || holder?.type !== 'class_definition' || !/^([[{]|\w+\()/.test(site.of(right))) return;
  const init = namedChildren(body).find((child) => site.of(fieldOf(child, 'name')) === '__init__');
  const first = init && namedChildren(fieldOf(init, 'body') ?? init)[0];
  const text = `self.${site.of(left)} = ${site.of(right)}`;
  if (first) {
    yield propose('shared default', 1, { ...lines, text: '' }, { start: first.start, end: first.start, text: text + site.eol + site.indentAt(first.start) });
    return;
  }
  const indent = site.indentAt(node.start);
  yield propose('shared default', 1, { ...lines, text: `${indent}def __init__(self):${site.eol}${indent}${site.tab}${text}${site.eol}` });
};

/** Exceptions caught too narrowly. */
export const exceptionType: Operator = function* (node, site) {
  if (node.type !== 'except_clause') return;
  const caught = namedChildren(node)[0];
  const type = caught?.type === 'as_pattern' ? namedChildren(caught)[0] : caught;
  if (!type || type.type === 'block') return;
  const known = site.of(type).replace(/^\(|\)$/g, '');
  for (const other of ['ValueError', 'KeyError', 'TypeError', 'IndexError', 'AttributeError', 'ZeroDivisionError', 'LookupError', 'OSError']) {
    if (!known.includes(other)) yield propose('exception', 0.7, replace(type, `(${known}, ${other})`));
  }
};

/** What a loop goes over: a copy, sorted, reversed, with index, keys instead of values. */
export const iteration: Operator = function* (node, site) {
  const right = (kindOf(node) === 'forEach' || kindOf(node) === 'for' || node.type === 'for_in_clause') && fieldOf(node, 'right');
  if (!right) return;
  const text = site.of(right);
  const { family } = site.idiom;
  const shapes = family === 'python'
    ? [`list(${text})`, `reversed(${text})`, `sorted(${text})`, `${text}[1:]`, `${text}[:-1]`, `${text}.items()`, `${text}.values()`, `set(${text})`, `${text} or []`, `list(${text}.items())`, `list(${text}.keys())`, `enumerate(${text})`, `enumerate(${text}, 1)`, `enumerate(${text}, start=1)`]
    : family === 'js' ? [`[...${text}]`, `${text} ?? []`, `[...${text}].reverse()`, `${text}.slice(1)`, `${text}.slice(0, -1)`, `Object.entries(${text})`, `Object.values(${text})`, `Object.keys(${text})`, `${text}.entries()`] : [];
  for (const [index, shape] of shapes.entries()) yield propose('iteration', 1 / (1 + index * 0.2), replace(right, shape));
  if (family === 'python' && /^enumerate\([^,]+\)$/.test(text)) yield propose('iteration', 1, replace(right, `${text.slice(0, -1)}, 1)`));
  const word = node.children.find((child) => child.type === 'of' || (child.type === 'in' && family === 'js'));
  if (family === 'js' && word) yield propose('iteration', 1, replace(word, word.type === 'of' ? 'in' : 'of'));
};
