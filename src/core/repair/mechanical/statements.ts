/** Decides how whole statements may be wrong: order, place, nesting, one too many, one that a neighbour has (GenProg's move, delete, insert). */
import type { SyntaxNode } from '../../ports.ts';
import { fieldOf, namedChildren, walk } from '../syntaxTree.ts';
import { kindOf } from './grammar.ts';
import { type Operator, type Proposal, type Site, propose, replace } from './site.ts';

const MOVE_DISTANCE_MAX = 3;
const DONORS_MAX = 20;
const DONOR_CHARACTERS_MAX = 160;

export const moveStatement: Operator = function* (node, site) {
  if (!site.isStatement(node)) return;
  const lines = site.linesOf(node);
  const siblings = statementsAround(node, site);
  const at = siblings.indexOf(node);
  if (!lines || at < 0) return;
  const own = withEol(site.text.slice(lines.start, lines.end), site);
  for (let distance = 1; distance <= MOVE_DISTANCE_MAX; distance++) {
    for (const [other, before] of [[siblings[at - distance], true], [siblings[at + distance], false]] as const) {
      const target = other && site.linesOf(other);
      if (!target) continue;
      const to = before ? target.start : target.end;
      yield propose('move statement', 1 / distance, { ...lines, text: '' }, { start: to, end: to, text: before || /\n$/.test(site.text.slice(0, to)) ? own : site.eol + own.trimEnd() });
    }
  }
  yield* intoBlocks(own, lines, [siblings[at - 1], siblings[at + 1]], site);
  yield* outOfBlock(node, own, lines, site);
};

/** Into the body of the compound statement before (at its end) or after (at its start). */
function* intoBlocks(own: string, lines: Span, around: readonly (SyntaxNode | undefined)[], site: Site): Generator<Proposal> {
  for (const [index, neighbour] of around.entries()) {
    for (const body of neighbour ? bodiesOf(neighbour) : []) {
      const inside = namedChildren(body).filter((child) => site.isStatement(child));
      const last = index === 0 ? inside.at(-1) : inside[0];
      const place = last && site.linesOf(last);
      if (!last || !place) continue;
      const to = index === 0 ? place.end : place.start;
      yield propose('nest statement', 1, { ...lines, text: '' }, { start: to, end: to, text: reindent(own, site.indentAt(last.start)) });
    }
  }
}

function* outOfBlock(node: SyntaxNode, own: string, lines: Span, site: Site): Generator<Proposal> {
  let outer = site.parent(node);
  for (let level = 1; level <= 2; level++) {
    while (outer && !site.isStatement(outer)) outer = kindOf(outer) === 'function' || kindOf(outer) === 'lambda' ? undefined : site.parent(outer);
    const place = outer && site.linesOf(outer);
    if (!outer || !place) return;
    const text = reindent(own, site.indentAt(outer.start));
    const empties = statementsAround(node, site).length === 1 && site.idiom.family === 'python';
    const left = empties ? `${site.indentAt(node.start)}pass${site.eol}` : '';
    const glue = /\n$/.test(site.text.slice(0, place.end)) ? text : site.eol + text.trimEnd();
    yield propose('unnest statement', 1 / level, { ...lines, text: left }, { start: place.end, end: place.end, text: glue });
    yield propose('unnest statement', 0.8 / level, { ...lines, text: left }, { start: place.start, end: place.start, text });
    outer = site.parent(outer);
  }
}

export const deleteStatement: Operator = function* (node, site) {
  if (!site.isStatement(node) || kindOf(node) === 'declaration') return;
  const lines = site.linesOf(node);
  if (!lines) return;
  const alone = statementsAround(node, site).length === 1 && site.idiom.family === 'python';
  const weight = ['return', 'throw'].includes(kindOf(node)) ? 0.3 : kindOf(node) === 'expressionStatement' ? 1 : 0.6;
  yield propose('delete statement', weight, { ...lines, text: alone ? `${site.indentAt(node.start)}pass${site.eol}` : '' });
};

/** A branch that should not be one: unconditional body, `else if` for `if` and back, `while` for `if`. */
export const branchShape: Operator = function* (node, site) {
  if (kindOf(node) !== 'if' && kindOf(node) !== 'while') return;
  const keyword = node.children.find((child) => ['if', 'elif', 'while'].includes(child.type));
  if (!keyword) return;
  if (keyword.type === 'elif') yield propose('branch', 1, replace(keyword, 'if'));
  if (keyword.type === 'while') yield propose('branch', 0.3, replace(keyword, site.idiom.family === 'go' ? 'for' : 'if'));
  if (keyword.type === 'if' && site.isStatement(node)) {
    if (site.idiom.family !== 'go' && !fieldOf(node, 'alternative')) yield propose('branch', 0.8, replace(keyword, 'while'));
    const siblings = statementsAround(node, site);
    const before = siblings[siblings.indexOf(node) - 1];
    if (before && kindOf(before) === 'if') yield* joinBranch(node, before, keyword, site);
  }
  const other = fieldOf(node, 'alternative');
  if (other && other.type === 'else_clause' && site.idiom.family === 'js' && namedChildren(other)[0]?.type === 'if_statement') {
    yield propose('branch', 0.8, { start: other.start, end: namedChildren(other)[0]?.start ?? other.start, text: site.eol + site.indentAt(node.start) });
  }
  const body = fieldOf(node, 'consequence');
  const lines = site.linesOf(node);
  const inside = body ? namedChildren(body).filter((child) => site.isStatement(child)) : [];
  const first = inside[0];
  const last = inside.at(-1);
  if (lines && first && last && !other && site.isStatement(node)) {
    yield propose('drop guard', 0.6, { ...lines, text: `${reindent(site.indentAt(first.start) + site.text.slice(first.start, last.end), site.indentAt(node.start))}${site.eol}` });
  }
};

function* joinBranch(node: SyntaxNode, before: SyntaxNode, keyword: SyntaxNode, site: Site): Generator<Proposal> {
  if (fieldOf(before, 'alternative')?.type === 'else_clause' && site.idiom.family === 'python') return;
  if (site.idiom.family === 'python') yield propose('branch', 1, replace(keyword, 'elif'));
  else yield propose('branch', 1, { start: before.end, end: node.start, text: ' else ' });
}

/** Early exit missing after the work of a branch, or taken too early in a loop. */
export const missingExit: Operator = function* (node, site) {
  if (!site.isStatement(node)) return;
  const kind = kindOf(node);
  const { end, idiom, eol } = site;
  const lines = site.linesOf(node);
  const indent = site.indentAt(node.start);
  const siblings = statementsAround(node, site);
  const isLast = siblings.at(-1) === node;
  const parent = site.parent(node);
  const inCase = parent !== undefined && kindOf(parent) === 'case';
  const exits = kind === 'return' || kind === 'break' || kind === 'continue' || kind === 'throw';
  if (kind === 'expressionStatement' || node.type === 'expression_statement') {
    const inner = namedChildren(node)[0];
    const isValue = inner !== undefined && ['call', 'await', 'binary', 'name', 'member', 'conditional'].includes(kindOf(inner));
    if (isValue) yield propose('return', isLast ? 1 : 0.5, { start: node.start, end: node.start, text: 'return ' });
  }
  if (lines && !exits && isLast && insideLoop(node, site)) {
    for (const word of ['break', 'continue']) yield propose('exit', 0.8, { start: lines.end, end: lines.end, text: `${indent}${word}${end}${eol}` });
  }
  if (lines && !exits && isLast) {
    if (inCase) yield propose('exit', 1.2, { start: lines.end, end: lines.end, text: `${indent}break${end}${eol}` });
    yield propose('exit', 0.5, { start: lines.end, end: lines.end, text: `${indent}return${end}${eol}` });
    for (const name of site.namesAt(node).filter(({ local, callable }) => local && !callable).slice(0, 4)) {
      yield propose('return', 0.6, { start: lines.end, end: lines.end, text: `${indent}return ${name.name}${end}${eol}` });
    }
  }
  if (kind === 'continue' || kind === 'break') yield propose('exit', 1, replace(node, (kind === 'break' ? 'continue' : 'break') + (idiom.end && end)));
  if (kind === 'return' && insideLoop(node, site)) {
    yield propose('exit', 0.8, replace(node, `continue${end}`));
    yield propose('exit', 0.4, replace(node, `break${end}`));
  }
};

function insideLoop(node: SyntaxNode, site: Site): boolean {
  for (let at = site.parent(node); at; at = site.parent(at)) {
    const kind = kindOf(at);
    if (kind === 'function' || kind === 'lambda') return false;
    if (kind === 'while' || kind === 'for' || kind === 'forEach') return true;
  }
  return false;
}

/** A whole line that a neighbour has: calls and assignments of the same class or file, before or after this one. */
export const copyStatement: Operator = function* (node, site) {
  if (!site.isStatement(node)) return;
  const lines = site.linesOf(node);
  if (!lines) return;
  const indent = site.indentAt(node.start);
  const home = site.homeOf(node);
  const usable = new Set(site.namesAt(node).map(({ name }) => name));
  const beside = new Set(statementsAround(node, site).map((sibling) => site.of(sibling)));
  const donors = donorsOf(node, home, usable, site).filter((donor) => !beside.has(donor.trim())).slice(0, DONORS_MAX);
  for (const [index, donor] of donors.entries()) {
    const weight = 1 / (1 + index * 0.25);
    const text = reindent(donor, indent) + site.eol;
    yield propose('copy statement', weight, { start: lines.start, end: lines.start, text });
    const exits = ['return', 'throw', 'break', 'continue'].includes(kindOf(node));
    if (!exits) yield propose('copy statement', weight, { start: lines.end, end: lines.end, text: /\n$/.test(site.text.slice(0, lines.end)) ? text : site.eol + text.trimEnd() });
  }
};

interface Donor {
  readonly node: SyntaxNode;
  /** With its own indentation before it. */
  readonly text: string;
  readonly names: readonly string[];
  /** Of these, the ones that mean something only where it stands. */
  readonly locals: ReadonlySet<string>;
  readonly isGuard: boolean;
  /** The place that it assigns to, emptied: for resets that were forgotten. */
  readonly resets: readonly string[];
}

const pools = new WeakMap<Site, readonly Donor[]>();

/** Short calls, assignments and branches of the whole file, found once. */
function poolOf(site: Site): readonly Donor[] {
  const known = pools.get(site);
  if (known) return known;
  const found: Donor[] = [];
  walk(site.root, (at) => {
    if (at.end - at.start > DONOR_CHARACTERS_MAX || !site.isStatement(at)) return;
    const kind = kindOf(at);
    if (kind !== 'if' && kind !== 'assignment' && at.type !== 'expression_statement') return;
    const text = site.of(at);
    const scope = new Set(site.namesAt(at).filter(({ local }) => local).map(({ name }) => name));
    const names = namesIn(at, site);
    const assigned = namedChildren(at)[0];
    const left = assigned && ['assignment', 'augmented'].includes(kindOf(assigned)) ? fieldOf(assigned, 'left') : undefined;
    const indent = site.indentAt(at.start);
    found.push({
      node: at,
      text: indent + text,
      names,
      locals: new Set(names.filter((name) => scope.has(name))),
      isGuard: kind === 'if' && /\b(return|throw|raise|continue|break)\b/.test(text) && !fieldOf(at, 'alternative'),
      resets: left ? emptyValues(site).map((value) => `${indent}${site.of(left)} = ${value}${site.end}`) : [],
    });
  });
  pools.set(site, found);
  return found;
}

/** Those whose names all exist here, guards and near ones first; one unknown name may be renamed to a parameter of ours. */
function donorsOf(node: SyntaxNode, home: SyntaxNode, usable: ReadonlySet<string>, site: Site): readonly string[] {
  const found = new Map<string, number>();
  const parameters = site.namesAt(node).filter(({ parameter }) => parameter).map(({ name }) => name);
  for (const donor of poolOf(site)) {
    if (donor.node === node || (donor.node.start <= node.start && donor.node.end >= node.end)) continue;
    const unknown = donor.names.filter((name) => donor.locals.has(name) && !usable.has(name));
    if (unknown.length > 1) continue;
    const near = 1000 / (1000 + Math.abs(donor.node.start - node.start));
    const inside = donor.node.start >= home.start && donor.node.end <= home.end;
    const score = near + (donor.isGuard ? 0.5 : 0) + (inside ? 0.2 : 0);
    const [missing] = unknown;
    const texts = missing === undefined ? [donor.text] : parameters.slice(0, 3).map((name) => donor.text.replace(new RegExp(`(?<![.\\w])${missing}\\b`, 'g'), name));
    for (const text of texts) found.set(text, Math.max(found.get(text) ?? 0, score));
    if (missing === undefined) for (const text of donor.resets) found.set(text, Math.max(found.get(text) ?? 0, 0.3 * near));
  }
  return [...found].sort((a, b) => b[1] - a[1]).map(([text]) => text);
}

function emptyValues(site: Site): readonly string[] {
  return site.idiom.family === 'python' ? ['0', '[]', 'None'] : site.idiom.family === 'js' ? ['0', '[]', 'null'] : ['0'];
}

function namesIn(node: SyntaxNode, site: Site): readonly string[] {
  const names: string[] = [];
  walk(node, (at) => {
    if (kindOf(at) === 'name' && at.field !== 'property' && at.field !== 'attribute') names.push(site.of(at));
  });
  return [...new Set(names)];
}

export function statementsAround(node: SyntaxNode, site: Site): readonly SyntaxNode[] {
  return (site.parent(node)?.children ?? []).filter((child) => site.isStatement(child));
}

function bodiesOf(statement: SyntaxNode): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  walk(statement, (at) => {
    if (kindOf(at) === 'function' || kindOf(at) === 'lambda') return false;
    if (kindOf(at) === 'block') found.push(at);
    return true;
  });
  return found.slice(0, 3);
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** The text, which begins with its own indentation, with its first line at `indent` and the rest moved by as much. */
export function reindent(text: string, indent: string): string {
  const lines = text.split('\n');
  const base = /^[ \t]*/.exec(lines[0] ?? '')?.[0] ?? '';
  return lines.map((line, index) => {
    if (line.trim() === '') return line;
    if (index === 0) return indent + line.trimStart();
    const depth = /^[ \t]*/.exec(line)?.[0] ?? '';
    return indent + depth.slice(Math.min(base.length, depth.length)) + line.trimStart();
  }).join('\n');
}

function withEol(text: string, site: Site): string {
  return text.endsWith('\n') ? text : text + site.eol;
}
