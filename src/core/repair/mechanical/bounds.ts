/** Decides how a value may miss a limit: the largest so far, an index beyond the end, a part that must be taken off, pairs compared in order. */
import type { SyntaxNode } from '../../ports.ts';
import { fieldOf, namedChildren, walk } from '../syntaxTree.ts';
import { kindOf } from './grammar.ts';
import { type Operator, type Site, binaryParts, propose, replace } from './site.ts';

/** `best = value` forgets what was best: the larger, the smaller, the sum, or the first of both. */
export const extreme: Operator = function* (node, site) {
  if (kindOf(node) !== 'assignment') return;
  const [left, right] = [fieldOf(node, 'left'), fieldOf(node, 'right')];
  if (!left || !right || kindOf(right) === 'lambda') return;
  const [target, value] = [site.of(left), site.of(right)];
  const { family, or } = site.idiom;
  if (value.includes(target) && kindOf(right) === 'call') return;
  const [max, min] = family === 'js' || family === 'java' ? ['Math.max', 'Math.min'] : ['max', 'min'];
  if (family === 'rust') {
    yield propose('extreme', 1, replace(right, `${target}.max(${value})`));
    yield propose('extreme', 0.8, replace(right, `${target}.min(${value})`));
    return;
  }
  yield propose('extreme', 1, replace(right, `${max}(${target}, ${value})`));
  yield propose('extreme', 0.8, replace(right, `${min}(${target}, ${value})`));
  yield propose('extreme', 0.7, replace(right, `${target} + ${value}`));
  yield propose('extreme', 0.5, replace(right, `${target} ${or} ${value}`));
  yield propose('extreme', 0.4, replace(right, `${target} ${site.idiom.and} ${value}`));
};

/** An index kept within its list, a number within zero and another name. */
export const clamp: Operator = function* (node, site) {
  const parent = site.parent(node);
  const { family } = site.idiom;
  if (!parent || (family !== 'js' && family !== 'python')) return;
  const [max, min] = family === 'js' ? ['Math.max', 'Math.min'] : ['max', 'min'];
  const text = site.of(node);
  if (kindOf(parent) === 'subscript' && (node.field === 'index' || node.field === 'subscript') && !['number', 'string', 'slice'].includes(kindOf(node))) {
    const holder = site.of(namedChildren(parent)[0]);
    const size = family === 'js' ? `${holder}.length` : `len(${holder})`;
    yield propose('clamp', 1, replace(node, `${min}(${text}, ${size} - 1)`));
    yield propose('clamp', 0.8, replace(node, `${max}(0, ${text})`));
    yield propose('clamp', 0.7, replace(node, `${text} % ${size}`));
    yield propose('clamp', 0.2, replace(node, `(${text} + ${size}) % ${size}`));
    return;
  }
  if (!isNumeric(node, parent, site)) return;
  for (const { name } of numbersNear(node, site)) {
    if (text.includes(name)) continue;
    yield propose('clamp', 0.4, replace(node, `${min}(${text}, ${name})`));
    yield propose('clamp', 0.4, replace(node, `${max}(${text}, ${name})`));
  }
};

/** `slice(0, max)` that must leave room: another name, or its length, added or taken off. */
export const addOperand: Operator = function* (node, site) {
  const parent = site.parent(node);
  if (!parent || !isNumeric(node, parent, site)) return;
  const text = site.of(node);
  const names = numbersNear(node, site).map(({ name }) => name).filter((name) => !text.includes(name));
  const tight = kindOf(parent) === 'binary' && /[*/%]/.test(site.of(binaryParts(parent)?.operator));
  const size = (name: string): string => (site.idiom.family === 'python' || site.idiom.family === 'go' ? `len(${name})` : `${name}.length`);
  for (const [index, name] of names.entries()) {
    for (const other of [name, size(name)]) {
      yield propose('add operand', 1 / (1 + index * 0.3), replace(node, tight ? `(${text} - ${other})` : `${text} - ${other}`));
      yield propose('add operand', 0.9 / (1 + index * 0.3), replace(node, tight ? `(${text} + ${other})` : `${text} + ${other}`));
    }
    yield propose('add operand', 0.4 / (1 + index * 0.3), replace(node, `${text} * ${name}`));
  }
};

const NAMES_MAX = 6;

function numbersNear(node: SyntaxNode, site: Site): readonly { readonly name: string }[] {
  return site.namesAt(node).filter(({ local, callable, name }) => local && !callable && name !== 'self').slice(0, NAMES_MAX);
}

/** `index + 1`, but `index` where `count` is 0: one operand alone in the special case of a parameter that is zero or empty. */
export const specialCase: Operator = function* (node, site) {
  const parts = kindOf(node) === 'binary' ? binaryParts(node) : undefined;
  const shape = SPECIAL_CASE[site.idiom.family];
  if (!parts || !shape || !/^(?:[+\-*/%]|\/\/)$/.test(site.of(parts.operator))) return;
  const home = site.homeOf(node);
  const parameters = site.namesAt(node).filter(({ parameter, callable, name }) => parameter && !callable && name !== 'self' && name !== 'cls');
  for (const { name } of parameters.slice(-NAMES_MAX)) {
    const own = site.of(node);
    for (const condition of shape.conditions(name, site.of(home))) {
      for (const side of [parts.left, parts.right]) {
        if (kindOf(side) === 'number') continue;
        yield propose('special case', own.includes(name) ? 0.5 : 1, replace(node, shape.choice(condition, site.of(side), own)));
      }
    }
  }
};

const emptyIn = (name: string, home: string, size: string): readonly string[] => (home.includes(size) || new RegExp(`\\b(?:of|in|for) ${name}\\b`).test(home) ? [size] : []);

const SPECIAL_CASE: Readonly<Partial<Record<Site['idiom']['family'], { readonly conditions: (name: string, home: string) => readonly string[]; readonly choice: (condition: string, special: string, usual: string) => string }>>> = {
  js: { conditions: (name, home) => [`${name} === 0`, ...emptyIn(name, home, `${name}.length`).map((size) => `${size} === 0`)], choice: (condition, special, usual) => `(${condition} ? ${special} : ${usual})` },
  python: { conditions: (name) => [`not ${name}`], choice: (condition, special, usual) => `(${special} if ${condition} else ${usual})` },
  java: { conditions: (name) => [`${name} == 0`], choice: (condition, special, usual) => `(${condition} ? ${special} : ${usual})` },
};

/** A place where a count, a position or an amount stands. */
function isNumeric(node: SyntaxNode, parent: SyntaxNode, site: Site): boolean {
  if (!['name', 'member', 'call', 'binary', 'number'].includes(kindOf(node))) return false;
  const own = kindOf(node) === 'binary' ? site.of(binaryParts(node)?.operator) : '+';
  if (!/^[+\-*/%]$|^\/\/$/.test(own)) return false;
  const kind = kindOf(parent);
  if (kind === 'slice') return true;
  if (kind === 'arguments') {
    const callee = site.of(fieldOf(site.parent(parent) ?? parent, 'function'));
    return /(?:^|\.)(range|slice|substring|min|max|repeat|splice|round|floor|ceil)$/.test(callee);
  }
  if (kind === 'binary') return /^(<|<=|>|>=|\*|\/)$/.test(site.of(binaryParts(parent)?.operator));
  return kind === 'augmented' && node.field === 'right';
}

/** `a.month < b.month and a.day < b.day` compares pairs; in order the second counts only where the first is equal. */
export const lexicographic: Operator = function* (node, site) {
  const parts = kindOf(node) === 'binary' ? binaryParts(node) : undefined;
  const [one, two] = [parts?.left, parts?.right].map((side) => (side && kindOf(side) === 'binary' ? binaryParts(side) : undefined));
  if (!parts || !one || !two || !/^(&&|\|\||and|or)$/.test(site.of(parts.operator))) return;
  const operator = site.of(one.operator);
  if (!/^[<>]=?$/.test(operator)) return;
  const [a, b, c, d] = [one.left, one.right, two.left, two.right].map((part) => site.of(part));
  const then = site.of(two.operator);
  if (site.idiom.family === 'python') yield propose('lexicographic', 1, replace(node, `(${a}, ${c}) ${then} (${b}, ${d})`));
  const { and, or } = site.idiom;
  const equal = site.idiom.family === 'js' ? '===' : '==';
  yield propose('lexicographic', 1, replace(node, `(${a} ${operator.charAt(0)} ${b} ${or} (${a} ${equal} ${b} ${and} ${c} ${then} ${d}))`));
};

/** Headers of two nested loops, or two clauses of a comprehension, in the other order. */
export const loopOrder: Operator = function* (node, site) {
  const header = (at: SyntaxNode): SyntaxNode | undefined => (at.type === 'for_in_clause' ? at : undefined);
  const clauses: SyntaxNode[] = [];
  if (/comprehension$|^generator_expression$/.test(node.type)) {
    walk(node, (at) => {
      const clause = header(at);
      if (clause) clauses.push(clause);
      return !clause;
    });
    const [one, two] = clauses;
    if (one && two && clauses.length === 2) yield propose('loop order', 1, replace(one, site.of(two)), replace(two, site.of(one)));
    return;
  }
  if (kindOf(node) !== 'forEach' && kindOf(node) !== 'for') return;
  const body = fieldOf(node, 'body');
  const inner = body && namedChildren(body).find((child) => child.type === node.type);
  const innerBody = inner && fieldOf(inner, 'body');
  if (!body || !inner || !innerBody) return;
  const [one, two] = [{ start: node.start, end: body.start }, { start: inner.start, end: innerBody.start }];
  yield propose('loop order', 1, { ...one, text: site.text.slice(two.start, two.end) }, { ...two, text: site.text.slice(one.start, one.end) });
};
