/** Decides which guards and branches may be missing: empty or absent input, a skipped item, a case that siblings have. PAR's "null check adder" and kin. */
import type { SyntaxNode } from '../../ports.ts';
import { fieldOf, namedChildren, walk } from '../syntaxTree.ts';
import { collectSubjects } from './comparisons.ts';
import { kindOf } from './grammar.ts';
import { type Operator, type Proposal, SHARED_TEXT_MAX, type Site, propose, replace } from './site.ts';
import { reindent, statementsAround } from './statements.ts';
import { isRead } from './wraps.ts';

/** In an error of our own making: offered only where a test wants some error. */
export const INVENTED_MESSAGE = "'invalid input'";

const SUBJECTS_MAX = 5;
/** Less likely pairs of condition and exit are left out: guards are half of all edits otherwise. */
const GUARD_WEIGHT_MIN = 0.12;

interface Doubt {
  /** Condition under which the work must not be done. */
  readonly text: string;
  readonly weight: number;
}

/** Before a statement: leave, or skip the item, when a value is absent, empty or zero. */
export const missingGuard: Operator = function* (node, site) {
  if (!site.isStatement(node)) return;
  const lines = site.linesOf(node);
  if (!lines) return;
  const siblings = statementsAround(node, site);
  const holder = site.parent(node) ? site.parent(site.parent(node) ?? node) : undefined;
  const inLoop = holder !== undefined && ['while', 'for', 'forEach'].includes(kindOf(holder));
  const opensFunction = siblings[0] === node && site.functionOf(node) !== undefined && !inLoop;
  const home = site.functionOf(node);
  const doubts = doubtsAbout(node, opensFunction ? home : undefined, site);
  const exits = exitsFor(node, inLoop, site);
  const indent = site.indentAt(node.start);
  for (const doubt of doubts) {
    for (const [exit, weight] of exits) {
      if (doubt.weight * weight < GUARD_WEIGHT_MIN) continue;
      const text = guardText(doubt.text, exit, indent, site);
      yield propose('add guard', doubt.weight * weight * (opensFunction ? 1.2 : 0.8), { start: lines.start, end: lines.start, text });
    }
    if (!['return', 'break', 'continue', 'throw', 'declaration'].includes(kindOf(node))) yield wrapInIf(node, lines, doubt, site);
  }
};

function guardText(condition: string, exit: string, indent: string, site: Site): string {
  const { family } = site.idiom;
  if (family === 'python') return `${indent}if ${condition}:${site.eol}${indent}${site.tab}${exit}${site.eol}`;
  if (family === 'js') return `${indent}if (${condition}) ${exit}${site.end}${site.eol}`;
  const head = family === 'java' ? `if (${condition}) {` : `if ${condition} {`;
  return `${indent}${head}${site.eol}${indent}${site.tab}${exit}${site.end}${site.eol}${indent}}${site.eol}`;
}

function wrapInIf(node: SyntaxNode, lines: { start: number; end: number }, doubt: Doubt, site: Site): Proposal {
  const indent = site.indentAt(node.start);
  const { family } = site.idiom;
  const holds = opposite(doubt.text, site);
  const body = reindent(site.text.slice(lines.start, lines.end), indent + site.tab);
  const text = family === 'python' ? `${indent}if ${holds}:${site.eol}${body}` : `${indent}if ${family === 'go' || family === 'rust' ? holds : `(${holds})`} {${site.eol}${body}${indent}}${site.eol}`;
  return propose('wrap in guard', doubt.weight, { ...lines, text });
}

function opposite(condition: string, site: Site): string {
  if (condition.startsWith('!')) return condition.slice(1);
  if (condition.startsWith('not ')) return condition.slice(4);
  if (/ is None$/.test(condition)) return condition.replace(/ is None$/, ' is not None');
  if (/ in /.test(condition)) return condition.includes(' not in ') ? condition.replace(' not in ', ' in ') : condition.replace(' in ', ' not in ');
  const flips: Readonly<Record<string, string>> = { '===': '!==', '==': '!=', '!==': '===', '!=': '==', '<=': '>', '<': '>=', '>': '<=', '>=': '<' };
  const found = /(===|!==|==|!=|<=|>=|<|>)/.exec(condition)?.[0];
  return found ? condition.replace(found, flips[found] ?? found) : site.idiom.not(`(${condition})`);
}

/** Names worth doubting at `node`: receivers, divisors, indexed things; for a whole function also its parameters. */
function doubtsAbout(node: SyntaxNode, home: SyntaxNode | undefined, site: Site): readonly Doubt[] {
  const read = new Set<string>();
  const scope = site.namesAt(node);
  const values = new Set(scope.filter(({ callable, local }) => !callable && local).map(({ name }) => name));
  const focus = headOf(node);
  for (const part of focus) collectSubjects(part, site, read);
  const isValue = (text: string): boolean => values.has(text.split(/[.[(]/)[0] ?? '') && text.length < 40 && !text.includes('(');
  // `flush();` names nothing that could be doubted: what the statements beside it work on stands for it.
  if (![...read].some(isValue)) for (const sibling of neighbours(node, site)) for (const part of headOf(sibling)) collectSubjects(part, site, read);
  const subjects = [...read].filter(isValue);
  const parameters = home ? scope.filter(({ parameter, name }) => parameter && name !== 'self' && name !== 'cls').map(({ name }) => name).reverse() : [];
  const all = [...new Set([...parameters, ...subjects])].slice(0, SUBJECTS_MAX);
  const around = home ? site.of(home) : focus.map((part) => site.of(part)).join(' ');
  return [...all.flatMap((subject) => doubtsOf(subject, around, site)), ...pairDoubts(all, around, site), ...membership(focus, site)];
}

function neighbours(node: SyntaxNode, site: Site): readonly SyntaxNode[] {
  const siblings = statementsAround(node, site);
  const at = siblings.indexOf(node);
  return [siblings[at + 1], siblings[at - 1]].filter((sibling) => sibling !== undefined);
}

function doubtsOf(subject: string, around: string, site: Site): readonly Doubt[] {
  const escaped = subject.replace(/[$.*+?^{}()|[\]\\]/g, '\\$&');
  const divides = new RegExp(`[/%]\\s*\\(?${escaped}`).test(around);
  const counted = new RegExp(`${escaped}(\\.length|\\.size|\\[)|len\\(${escaped}\\)|(of|in) ${escaped}\\b`).test(around);
  const compared = new RegExp(`${escaped}\\s*[<>+\\-*]|[<>+\\-*]=?\\s*${escaped}`).test(around);
  const { family } = site.idiom;
  const searched = new RegExp(`\\b${escaped}\\s*(=|:=)\\s*[^=;\\n]*(indexOf|findIndex|find|index|Index|rfind|search|position)\\(`).test(site.text);
  const doubts: Doubt[] = [];
  const add = (text: string, weight: number): number => doubts.push({ text, weight });
  if (family === 'js') {
    add(`!${subject}`, 1);
    add(`${subject} == null`, 0.7);
    if (counted) add(`${subject}.length === 0`, 1);
    if (counted) add(`${subject}.length < 2`, 0.15);
    add(`!Array.isArray(${subject})`, 0.1);
    add(`typeof ${subject} !== 'string'`, 0.12);
    if (compared) add(`Number.isNaN(${subject})`, 0.2);
  } else if (family === 'python') {
    add(`not ${subject}`, 1);
    add(`${subject} is None`, 0.7);
    if (counted) add(`len(${subject}) == 0`, 0.2);
    if (counted) add(`len(${subject}) < 2`, 0.15);
  } else if (family === 'rust') {
    if (counted) add(`${subject}.is_empty()`, 0.7);
  } else {
    add(`${subject} == ${site.idiom.nothing}`, 0.8);
    if (counted) add(family === 'go' ? `len(${subject}) == 0` : `${subject}.isEmpty()`, 1);
  }
  const equals = family === 'js' ? '===' : '==';
  if (divides) add(`${subject} ${equals} 0`, 1.2);
  if (divides || compared) add(`${subject} <= 0`, 0.5);
  if (searched) add(`${subject} ${equals} -1`, 1.3);
  if (compared) add(`${subject} < 0`, 0.5);
  if (compared) add(`${subject} < 1`, 0.15);
  return doubts;
}

function pairDoubts(subjects: readonly string[], around: string, site: Site): readonly Doubt[] {
  const found: Doubt[] = [];
  for (const [index, a] of subjects.entries()) {
    for (const b of subjects.slice(index + 1)) {
      if (!/[<>+\-=]/.test(around) || a.startsWith(b) || b.startsWith(a)) continue;
      const sizes = site.idiom.family === 'js' ? [`${a}.length !== ${b}.length`, `Object.keys(${a}).length !== Object.keys(${b}).length`] : site.idiom.family === 'python' ? [`len(${a}) != len(${b})`] : [];
      for (const text of sizes) found.push({ text, weight: 0.4 });
      for (const operator of ['>', '<', site.idiom.family === 'js' ? '===' : '==', '>=', '<=']) found.push({ text: `${a} ${operator} ${b}`, weight: 0.25 });
    }
  }
  return found.slice(0, 15);
}

/** A key that may not be there, or that was handled already: `seen.has(x)`, `k not in d`. */
function membership(parts: readonly SyntaxNode[], site: Site): readonly Doubt[] {
  const found: Doubt[] = [];
  for (const part of parts) {
    walk(part, (at) => {
      const text = site.of(at);
      const { family } = site.idiom;
      const item = kindOf(at) === 'subscript' ? namedChildren(at) : [];
      const [holder, key] = item;
      if (holder && key && kindOf(key) !== 'slice' && text.length < 60) {
        if (family === 'python') found.push({ text: `${site.of(key)} not in ${site.of(holder)}`, weight: 0.9 }, { text: `${site.of(key)} in ${site.of(holder)}`, weight: 0.4 });
        if (family === 'js') found.push({ text: `!(${site.of(key)} in ${site.of(holder)})`, weight: 0.5 }, { text: `${text} !== undefined`, weight: 0.4 }, { text: `${text} === undefined`, weight: 0.4 });
      }
      const call = /^(.+)\.(add|push|append|set|get|delete|remove)\(([\w$.]+)(?:,[^()]*)?\)$/.exec(text);
      if (kindOf(at) !== 'call' || !call || text.length > 80) return;
      if (family === 'python') found.push({ text: `${call[3]} in ${call[1]}`, weight: 0.7 }, { text: `${call[3]} not in ${call[1]}`, weight: 0.5 });
      if (family === 'js') {
        const test = call[2] === 'push' ? 'includes' : 'has';
        found.push({ text: `${call[1]}.${test}(${call[3]})`, weight: 0.7 }, { text: `!${call[1]}.${test}(${call[3]})`, weight: 0.4 });
      }
    });
  }
  return found.slice(0, 6);
}

/** Ways out, with their share: the values that the function returns elsewhere come first. */
function exitsFor(node: SyntaxNode, inLoop: boolean, site: Site): readonly (readonly [string, number])[] {
  const { family } = site.idiom;
  const home = site.functionOf(node);
  if (family === 'rust' || !home) return inLoop ? [['continue', 1]] : [];
  const exits = new Map<string, number>();
  const add = (text: string, weight: number): void => void exits.set(text, Math.max(exits.get(text) ?? 0, weight));
  if (inLoop) {
    add('continue', 1);
    add('break', 0.4);
  }
  const share = inLoop ? 0.5 : 1;
  const returns = site.all('return').filter((other) => site.functionOf(other) === home).map((other) => namedChildren(other)[0]);
  const shapes = returns.map((value) => (value ? site.of(value) : ''));
  for (const shape of shapes) if (/^(\[\]|\{\}|''|""|-?\d+(\.\d+)?|null|undefined|None|nil|true|false|True|False|[a-z]\w*)$/.test(shape)) add(`return ${shape}`, share);
  if (shapes.every((shape) => shape === '')) add('return', share);
  for (const [value, weight] of defaultReturns(returns, site)) add(`return ${value}`, share * weight);
  for (const { name } of site.namesAt(node).filter(({ parameter }) => parameter).slice(0, 2)) add(`return ${name}`, share * 0.3);
  for (const other of site.all('throw')) if (site.of(other).length < 100) add(site.of(other).replace(/;$/, ''), 0.25);
  for (const error of family === 'js' ? ['RangeError', 'TypeError', 'Error'] : family === 'python' ? ['ValueError', 'KeyError', 'TypeError'] : []) {
    add(family === 'js' ? `throw new ${error}(${INVENTED_MESSAGE})` : `raise ${error}(${INVENTED_MESSAGE})`, 0.2);
  }
  return [...exits];
}

function defaultReturns(returns: readonly (SyntaxNode | undefined)[], site: Site): readonly (readonly [string, number])[] {
  const { family, nothing, yes, no } = site.idiom;
  const texts = returns.map((value) => site.of(value)).join('\n');
  const likely = (pattern: RegExp): number => (pattern.test(texts) ? 0.9 : 0.4);
  if (family === 'go') return [['nil', 0.8], ['0', likely(/[-+*/]|len\(/)], ['""', likely(/"|strings/)], [no, likely(/==|&&|true|false/)], [yes, 0.3]];
  if (family === 'java') return [[nothing, 0.6], ['0', likely(/[-+*/]/)], ['""', likely(/"|String/)], [no, likely(/==|&&|true|false/)], [yes, 0.3]];
  const values: (readonly [string, number])[] = [
    [nothing, 0.6], ['[]', likely(/\[|map|filter|list|sorted|result|out|items/)], ['0', likely(/[-+*/]|sum|count|total|len/i)],
    ["''", likely(/['"`]|join|str|trim|replace/)], [no, likely(/===|==|&&|true|false|True|False| in | not /)], ['{}', likely(/\{|Object|dict/)], [yes, 0.25],
  ];
  return family === 'js' ? [...values, ['undefined', 0.4]] : [...values, ['()', 0.05], ['0.0', 0.1]];
}

/** What is evaluated when the statement begins: for a compound one only its head. */
function headOf(node: SyntaxNode): readonly SyntaxNode[] {
  const kind = kindOf(node);
  if (['if', 'while', 'for', 'forEach', 'try', 'switch'].includes(kind)) {
    return node.children.filter((child) => child.named && !['body', 'consequence', 'alternative'].includes(child.field));
  }
  return [node];
}

/** One more branch like its siblings: a case, an `else if`, an entry, an element, with the texts that differ between the siblings stepped on. */
export const siblingBranch: Operator = function* (node, site) {
  const isCase = kindOf(node) === 'case' && node.type !== 'switch_default';
  const isEntry = kindOf(node) === 'pair';
  if (!isCase && !isEntry) return;
  const parent = site.parent(node);
  const siblings = (parent?.children ?? []).filter((child) => child.type === node.type);
  const literals = site.all('string').concat(site.all('number')).map((literal) => site.of(literal));
  const own = fieldOf(node, 'value') ?? namedChildren(node)[0];
  const key = isEntry ? fieldOf(node, 'key') : own;
  if (!key || siblings.length < 2) return;
  const used = siblings.map((sibling) => site.of(fieldOf(sibling, isEntry ? 'key' : 'value')));
  for (const literal of [...new Set(literals)].filter((text) => !used.includes(text)).slice(0, 6)) {
    const text = site.text.slice(node.start, key.start) + literal + site.text.slice(key.end, node.end);
    const glue = isEntry ? ', ' : site.eol + site.indentAt(node.start);
    yield propose('sibling branch', 0.5, { start: node.end, end: node.end, text: glue + text });
  }
};

const PLACES_MAX = 5;

/** The same change wherever the same text stands in the function: two places that must change together. */
export function everywhere(proposal: Proposal, home: SyntaxNode, site: Site): Proposal | undefined {
  const [only] = proposal.splices;
  if (!only || proposal.splices.length !== 1 || only.end === only.start || only.end - only.start > SHARED_TEXT_MAX) return undefined;
  const from = site.text.slice(only.start, only.end);
  // Operators alone stand everywhere; a name, a literal or an expression is a thing that two places share.
  const isName = /^[\w$]+$/.test(from);
  if (!/[\w'"]/.test(from) || (/^['"]/.test(from) && from.length === 2) || (isName && !/^[\w$.]+$/.test(only.text))) return undefined;
  // Formats are read in one function and written in another.
  const within = /^['"`]/.test(from) ? site.root : home;
  const splices = [replace(only, only.text)];
  for (const at of site.withText(from)) {
    if (at.start < within.start || at.end > within.end || (['name', 'property', 'member', 'subscript'].includes(kindOf(at)) && !isRead(at, site))) continue;
    if (splices.some((known) => known.start === at.start)) continue;
    splices.push(replace(at, only.text));
    if (splices.length > PLACES_MAX) return undefined;
  }
  return splices.length > 1 ? { operator: 'everywhere', weight: proposal.weight, splices } : undefined;
}
