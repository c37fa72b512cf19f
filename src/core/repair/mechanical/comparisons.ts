/** Decides how operators, conditions and their terms may be wrong. Templates of PAR and TBar: "expression replacer", "term removed or added". */
import type { SyntaxNode } from '../../ports.ts';
import { fieldOf, namedChildren, walk } from '../syntaxTree.ts';
import { kindOf } from './grammar.ts';
import { type Operator, type Proposal, type Site, binaryParts, propose, replace } from './site.ts';

/** Likely confusions first; the order gives the weight. */
const COMPARISONS: Readonly<Record<string, readonly string[]>> = {
  '<': ['<=', '>', '>=', '!=='], '<=': ['<', '>=', '>', '==='], '>': ['>=', '<', '<=', '!=='], '>=': ['>', '<=', '<', '==='],
  '==': ['!=', '===', '<=', '>='], '!=': ['==', '!==', '<', '>'], '===': ['!==', '==', '<=', '>=', '<', '>'], '!==': ['===', '!=', '<', '>'],
  is: ['==', 'is not', 'in'], 'is not': ['!=', 'is'], in: ['not in', '=='], 'not in': ['in', '!='], instanceof: ['==='],
};
const ARITHMETIC: Readonly<Record<string, readonly string[]>> = {
  '+': ['-', '*'], '-': ['+', '/'], '*': ['/', '+', '**'], '/': ['*', '//', '%'], '//': ['/', '%'], '%': ['/', '//', '*'], '**': ['*'],
  '&': ['|', '^', '&&'], '|': ['&', '^', '||'], '^': ['&', '|', '**'], '<<': ['>>', '>>>'], '>>': ['<<', '>>>'], '>>>': ['>>', '<<'],
};
const LOGICAL: Readonly<Record<string, readonly string[]>> = {
  '&&': ['||'], '||': ['??', '&&'], '??': ['||', '&&'], and: ['or'], or: ['and'],
};

export const comparisonOperator: Operator = function* (node, site) {
  const parts = kindOf(node) === 'binary' ? binaryParts(node) : undefined;
  if (!parts) return;
  const written = site.of(parts.operator).replace(/\s+/g, ' ');
  const strict = site.idiom.family === 'js';
  const unordered = [parts.left, parts.right].some((side) => UNORDERED.test(site.of(side)));
  const known = (COMPARISONS[written] ?? []).filter((other) => !unordered || !/^[<>]/.test(other));
  const choices = known.map((other) => (strict ? other : other.replace('===', '==').replace('!==', '!=')));
  if (unordered) yield* truth(node, parts, site);
  for (const [index, other] of [...new Set(choices)].entries()) {
    if (other !== written && allowed(other, site)) yield propose('comparison', 1 / (1 + index), replace(parts.operator, other));
  }
};

/** Values that have no order; `x <= null` holds for "" and 0 by accident only. */
const UNORDERED = /^(?:null|undefined|None|nil|true|false|True|False|NaN)$/;

/** `x === null` where any empty value was meant. */
function* truth(node: SyntaxNode, parts: { readonly left: SyntaxNode; readonly operator: SyntaxNode; readonly right: SyntaxNode }, site: Site): Generator<Proposal> {
  if (!/^(?:null|undefined|None)$/.test(site.of(parts.right)) || !/^(?:js|python)$/.test(site.idiom.family)) return;
  const isEqual = /^(?:===?|is)$/.test(site.of(parts.operator));
  const isUnequal = /^(?:!==?|is not)$/.test(site.of(parts.operator).replace(/\s+/g, ' '));
  const left = site.of(parts.left);
  if (isEqual) yield propose('truth', 0.8, replace(node, site.idiom.not(/^[\w$.()[\]#]+$/.test(left) ? left : `(${left})`)));
  if (isUnequal) yield propose('truth', 0.8, replace(node, site.of(parts.left)));
}

export const arithmeticOperator: Operator = function* (node, site) {
  const kind = kindOf(node);
  if (kind === 'augmented') yield* augmentedOperator(node, site);
  const parts = kind === 'binary' ? binaryParts(node) : undefined;
  if (!parts) return;
  const choices = ARITHMETIC[site.of(parts.operator)] ?? [];
  for (const [index, other] of choices.entries()) {
    if (allowed(other, site)) yield propose('arithmetic', 1 / (1 + index), replace(parts.operator, other));
  }
  const swapped = [replace(parts.left, site.of(parts.right)), replace(parts.right, site.of(parts.left))];
  if (choices.length > 0) for (const side of [parts.left, parts.right]) yield propose('drop operand', side === parts.left ? 1 : 0.5, replace(node, site.of(side)));
  if (choices.length > 0) yield propose('swap operands', /[-/%]/.test(site.of(parts.operator)) ? 1 : 0.3, ...swapped);
  if (site.of(parts.operator) in COMPARISONS) yield propose('swap operands', 0.2, ...swapped);
  yield* divisionGuard(node, parts, site);
  if (site.idiom.family === 'js' && site.of(parts.operator) === '%') {
    yield propose('wrap', 0.6, replace(node, `((${site.of(node)} + ${site.of(parts.right)}) % ${site.of(parts.right)})`));
  }
};

/** `a / b` where b may be zero or missing. */
function* divisionGuard(node: SyntaxNode, parts: { readonly operator: SyntaxNode; readonly right: SyntaxNode }, site: Site): Generator<Proposal> {
  if (!/^(\/|\/\/|%)$/.test(site.of(parts.operator)) || kindOf(parts.right) === 'number') return;
  const [whole, by] = [site.of(node), site.of(parts.right)];
  const { family } = site.idiom;
  for (const [index, value] of ['0', '1', site.idiom.nothing].entries()) {
    if (family === 'js') yield propose('division', 1 / (1 + index), replace(node, `(${by} === 0 ? ${value} : ${whole})`));
    if (family === 'python') yield propose('division', 1 / (1 + index), replace(node, `(${whole} if ${by} else ${value})`));
    if (family === 'java' && index < 2) yield propose('division', 1 / (1 + index), replace(node, `(${by} == 0 ? ${value} : ${whole})`));
  }
}

function* augmentedOperator(node: SyntaxNode, site: Site): Generator<Proposal> {
  const operator = fieldOf(node, 'operator') ?? node.children[1];
  const written = site.of(operator);
  if (!operator || !written.endsWith('=')) return;
  yield propose('assignment operator', 1, replace(operator, '='));
  for (const other of ARITHMETIC[written.slice(0, -1)] ?? []) if (allowed(other, site)) yield propose('arithmetic', 0.7, replace(operator, `${other}=`));
}

export const assignmentOperator: Operator = function* (node, site) {
  const kind = kindOf(node);
  const operator = node.children.find((child) => !child.named && child.type === '=');
  if (kind === 'assignment' && operator) {
    const others = site.idiom.family === 'js' ? ['+=', '??=', '-=', '||='] : site.idiom.family === 'python' ? ['+=', '-=', '|='] : ['+=', '-='];
    for (const [index, other] of others.entries()) yield propose('assignment operator', 1 / (1 + index), replace(operator, other));
  }
  const update = kind === 'update' ? node.children.find((child) => child.type === '++' || child.type === '--') : undefined;
  if (!update) return;
  yield propose('assignment operator', 0.7, replace(update, update.type === '++' ? '--' : '++'));
  const argument = namedChildren(node)[0];
  if (argument && site.idiom.family === 'js' && !site.isStatement(site.parent(node) ?? node)) {
    const prefix = argument.start > update.start;
    yield propose('assignment operator', 1, replace(node, prefix ? site.of(argument) + update.type : update.type + site.of(argument)));
  }
};

export const logicalOperator: Operator = function* (node, site) {
  const parts = kindOf(node) === 'binary' ? binaryParts(node) : undefined;
  const written = site.of(parts?.operator);
  if (!parts || !(written in LOGICAL)) return;
  for (const other of LOGICAL[written] ?? []) if (other !== '??' || site.idiom.family === 'js') yield propose('logical', 1, replace(parts.operator, other));
  yield propose('drop term', 1, replace(node, site.of(parts.left)));
  yield propose('drop term', 1, replace(node, site.of(parts.right)));
  yield propose('swap operands', 0.5, replace(parts.left, site.of(parts.right)), replace(parts.right, site.of(parts.left)));
};

/** `a + b * c` read as `(a + b) * c`, and brackets that should not be there. */
export const precedence: Operator = function* (node, site) {
  const parts = kindOf(node) === 'binary' ? binaryParts(node) : undefined;
  if (!parts) return;
  const left = kindOf(parts.left) === 'binary' ? binaryParts(parts.left) : undefined;
  const right = kindOf(parts.right) === 'binary' ? binaryParts(parts.right) : undefined;
  const operator = ` ${site.of(parts.operator)} `;
  if (left) {
    const grouped = `(${site.of(left.right)}${operator}${site.of(parts.right)})`;
    yield propose('precedence', 1, replace(node, `${site.of(left.left)} ${site.of(left.operator)} ${grouped}`));
  }
  if (right) {
    const grouped = `(${site.of(parts.left)}${operator}${site.of(right.left)})`;
    yield propose('precedence', 1, replace(node, `${grouped} ${site.of(right.operator)} ${site.of(right.right)}`));
  }
  for (const side of [parts.left, parts.right]) {
    const inner = kindOf(side) === 'parenthesized' ? namedChildren(side)[0] : undefined;
    if (inner && kindOf(inner) === 'binary') yield propose('precedence', 0.7, replace(side, site.of(inner)));
  }
  const holder = site.parent(node);
  if (holder && kindOf(holder) === 'unary') return;
  if (left && kindOf(parts.left) === 'binary') return;
  const first = kindOf(parts.left);
  if (first === 'unary' && /^(not\b|!)/.test(site.of(parts.left))) {
    const operand = namedChildren(parts.left)[0];
    const not = site.idiom.not(`(${site.of(operand)}${operator}${site.of(parts.right)})`);
    if (operand) yield propose('precedence', 1, replace(node, not));
  }
};

export const negation: Operator = function* (node, site) {
  const kind = kindOf(node);
  if (kind === 'unary') {
    const operand = namedChildren(node)[0];
    const sign = site.of(node.children[0]);
    if (operand && (sign === '!' || sign === 'not')) yield propose('negate', 1, replace(node, site.of(operand)));
    else if (operand && sign === '-') yield propose('negate', 0.7, replace(node, site.of(operand)));
    return;
  }
  const condition = conditionOf(node);
  if (!condition) return;
  const text = site.of(condition);
  if (/^(!|not )/.test(text) || /[=!]=|[<>]| in | is /.test(text)) return;
  yield propose('negate', 1, replace(condition, site.idiom.not(bracketed(condition, text))));
};

/** A term of a condition that the same file uses elsewhere, and the usual ones on names in the condition. */
export const addTerm: Operator = function* (node, site) {
  const condition = conditionOf(node);
  if (!condition) return;
  const text = site.of(condition);
  const { and, or } = site.idiom;
  const usable = new Set(site.namesAt(condition).map(({ name }) => name));
  const join = (term: string, operator: string): string => {
    const mixed = operator === and && (text.includes(` ${or} `) || text.includes(' ?? '));
    return `${mixed || text.includes('?? ') ? `(${text})` : text} ${operator} ${term}`;
  };
  for (const term of neighbourTerms(condition, site, usable).slice(0, NEIGHBOUR_TERMS_MAX)) {
    if (text.includes(term)) continue;
    yield propose('add neighbour term', 1, replace(condition, join(term, and)));
    yield propose('add neighbour term', 0.8, replace(condition, join(term, or)));
    yield propose('replace condition', 0.5, replace(condition, term));
  }
  for (const term of usualTerms(condition, site)) {
    if (text.includes(term.text)) continue;
    const holds = `${term.text} ${and} ${/ \|\| | or /.test(text) ? `(${text})` : text}`;
    const fails = `${site.idiom.not(term.negatable)} ${or} ${text}`;
    yield propose('add term', term.weight, replace(condition, holds));
    yield propose('add term', term.weight, replace(condition, fails));
  }
};

/** `t || t'` where t' is the same test of another literal or name: `c === ' ' || c === '\\t'`. */
export const twinTerm: Operator = function* (node, site) {
  const condition = conditionOf(node);
  if (!condition) return;
  const { and, or } = site.idiom;
  const whole = site.of(condition);
  for (const term of termsOf(condition, site)) {
    const text = site.of(term);
    if (text.length > 80) continue;
    const alone = term === condition;
    for (const [twin, weight] of twinsOf(term, site)) {
      if (whole.includes(twin)) continue;
      const holder = alone ? undefined : site.parent(term);
      const inAnd = holder !== undefined && site.of(binaryParts(holder)?.operator) === and;
      yield propose('twin term', weight, replace(term, inAnd ? `(${text} ${or} ${twin})` : `${text} ${or} ${twin}`));
      yield propose('twin term', weight * 0.7, replace(term, `${text} ${and} ${twin}`));
    }
  }
};

const TWINS_MAX = 24;

function twinsOf(term: SyntaxNode, site: Site): readonly (readonly [string, number])[] {
  const found = new Map<string, number>();
  const swap = (part: SyntaxNode, text: string, weight: number): void => {
    const twin = site.text.slice(term.start, part.start) + text + site.text.slice(part.end, term.end);
    if (twin !== site.of(term)) found.set(twin, Math.max(found.get(twin) ?? 0, weight));
  };
  const names = site.namesAt(term).filter(({ local, callable }) => local && !callable).slice(0, 5);
  const literals = [...new Set([...site.all('string'), ...site.all('number')].map((literal) => site.of(literal)))];
  const characters = new Set(site.all('regex').flatMap((regex) => [...site.of(regex)].filter((character) => /["'`<>&,;:|]/.test(character))));
  walk(term, (part) => {
    const kind = kindOf(part);
    if (kind === 'string') {
      const quote = site.of(part).at(-1) ?? "'";
      for (const literal of literals) if (/['"]$/.test(literal)) swap(part, literal, 0.6);
      for (const one of [...characters, '\\n', '\\t', ' ', '-', '_', '.', '"']) swap(part, one === quote ? `'${one}'` : quote + one + quote, 0.5);
    } else if (kind === 'number') for (const literal of literals.filter((text) => /^\d/.test(text))) swap(part, literal, 0.3);
    else if (kind === 'name') for (const { name } of names) swap(part, name, 0.6);
    return kind !== 'lambda';
  });
  return [...found].slice(0, TWINS_MAX);
}

const NEIGHBOUR_TERMS_MAX = 12;

export function conditionOf(node: SyntaxNode): SyntaxNode | undefined {
  const kind = kindOf(node);
  if (kind !== 'if' && kind !== 'while' && kind !== 'conditional' && kind !== 'for' && node.type !== 'if_clause') return undefined;
  const condition = node.type === 'conditional_expression' ? namedChildren(node)[1] : node.type === 'if_clause' ? namedChildren(node)[0] : fieldOf(node, 'condition');
  if (!condition) return undefined;
  return kindOf(condition) === 'parenthesized' ? namedChildren(condition)[0] : condition;
}

export function bracketed(node: SyntaxNode, text: string): string {
  return ['binary', 'conditional', 'lambda', 'assignment', 'await', 'unary'].includes(kindOf(node)) ? `(${text})` : text;
}

/** Terms of other conditions in the file whose names are all in scope here; those of the same function first. */
function neighbourTerms(condition: SyntaxNode, site: Site, usable: ReadonlySet<string>): readonly string[] {
  const home = site.homeOf(condition);
  const near: string[] = [];
  const far: string[] = [];
  const holders = [...site.all('if'), ...site.all('while'), ...site.all('conditional')];
  for (const holder of holders) {
    const other = conditionOf(holder);
    if (!other || other === condition) continue;
    for (const term of termsOf(other, site)) {
      const names = site.of(term).match(/(?<![.\w$])[A-Za-z_$][\w$]*/g) ?? [];
      if (!names.some((name) => usable.has(name)) || site.of(term).length > 80) continue;
      (term.start >= home.start && term.end <= home.end ? near : far).push(site.of(term));
    }
  }
  return [...new Set([...near, ...far])];
}

function termsOf(node: SyntaxNode, site: Site): readonly SyntaxNode[] {
  const parts = kindOf(node) === 'binary' ? binaryParts(node) : undefined;
  if (!parts || !(site.of(parts.operator) in LOGICAL)) return [node];
  return [...termsOf(parts.left, site), ...termsOf(parts.right, site)];
}

function usualTerms(condition: SyntaxNode, site: Site): readonly { text: string; negatable: string; weight: number }[] {
  const subjects = new Set<string>();
  collectSubjects(condition, site, subjects);
  const terms = [...subjects].slice(0, 4).flatMap((subject) => {
    if (site.idiom.family === 'js') {
      return [
        { text: subject, negatable: subject, weight: 1 },
        { text: `${subject} !== undefined`, negatable: `(${subject} !== undefined)`, weight: 0.4 },
        { text: `${subject} != null`, negatable: `(${subject} != null)`, weight: 0.5 },
        { text: `${subject}.length > 0`, negatable: `(${subject}.length > 0)`, weight: 0.3 },
      ];
    }
    if (site.idiom.family === 'python') {
      return [
        { text: subject, negatable: subject, weight: 1 },
        { text: `${subject} is not None`, negatable: `(${subject} is not None)`, weight: 0.6 },
      ];
    }
    if (site.idiom.family === 'rust') return [];
    return [{ text: `${subject} != ${site.idiom.nothing}`, negatable: `(${subject} != ${site.idiom.nothing})`, weight: 0.7 }];
  });
  return terms;
}

/** Names and receivers read in `node`. */
export function collectSubjects(node: SyntaxNode, site: Site, into: Set<string>): void {
  const kind = kindOf(node);
  if (kind === 'name') into.add(site.of(node));
  if (kind === 'member' || kind === 'subscript') {
    const receiver = namedChildren(node)[0];
    if (receiver && ['member', 'subscript', 'name'].includes(kindOf(receiver))) into.add(site.of(receiver));
    if (kindOf(site.parent(node) ?? node) !== 'call') into.add(site.of(node));
  }
  if (kind === 'lambda') return;
  for (const child of node.children) if (!(kindOf(node) === 'call' && child.field === 'function' && kindOf(child) === 'name')) collectSubjects(child, site, into);
}

function allowed(operator: string, site: Site): boolean {
  if (site.idiom.family === 'js') return operator !== '//';
  if (site.idiom.family === 'python') return !['&&', '||', '>>>', '===', '!=='].includes(operator);
  return !['//', '**', '===', '!=='].includes(operator) && (site.idiom.family === 'java' || operator !== '>>>');
}
