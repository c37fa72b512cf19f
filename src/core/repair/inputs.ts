/** Decides on which inputs survivors are compared: the calls that the tests make, and the same calls with one literal changed. */
import type { Language } from '../domain/check.ts';
import type { SyntaxNode } from '../ports.ts';
import { FUNCTION_TYPES, ancestorsOf, fieldOf, namedChildren, walk } from './syntaxTree.ts';

/** One thing to watch: statements to run, then an expression whose value, or whose error, is the behaviour. */
export interface Probe {
  readonly setup: readonly string[];
  readonly observe: string;
  /** Whether the test that it came from fails on the base. */
  readonly fromFailing: boolean;
  readonly mutated: boolean;
}

export interface ProbeSet {
  readonly probes: readonly Probe[];
  /** What the test file has at its top beside tests: imports, helpers, fixtures. */
  readonly prelude: readonly string[];
}

export interface TestFile {
  readonly text: string;
  readonly root: SyntaxNode;
  readonly language: Language;
  /** Lines of the assertions that fail. */
  readonly failingLines: readonly number[];
}

const PROBES_MAX = 96;
const VARIANTS_PER_PROBE_MAX = 24;
const NUMBER_MAX = 1e6;

/** undefined: no assertion whose operands could be watched. */
export function probesOf(file: TestFile): ProbeSet | undefined {
  const plain = assertionsOf(file);
  if (plain.length === 0) return undefined;
  // Round and round, so that many assertions share the limit; the failing ones first.
  const ordered = [...plain].sort((a, b) => Number(b.fromFailing) - Number(a.fromFailing));
  const queues = ordered.map((one) => variants(one, file).slice(0, VARIANTS_PER_PROBE_MAX));
  const probes: Probe[] = ordered.map((one) => toProbe(one, file));
  const seen = new Set(probes.map(key));
  for (let round = 0; probes.length < PROBES_MAX && queues.some((queue) => round < queue.length); round++) {
    for (const queue of queues) {
      const probe = queue[round];
      if (probe === undefined || seen.has(key(probe)) || probes.length >= PROBES_MAX) continue;
      seen.add(key(probe));
      probes.push(probe);
    }
  }
  return { probes, prelude: preludeOf(file) };
}

export function assertionsOf(file: TestFile): readonly Assertion[] {
  return file.language === 'python' ? pythonAssertions(file) : scriptAssertions(file);
}

/** An assertion as it stands: nodes, so that literals can be found in them. */
export interface Assertion {
  readonly setup: readonly SyntaxNode[];
  readonly observe: SyntaxNode;
  /** How the observed node is written: a function given to `throws` is called. */
  readonly wrap: (text: string) => string;
  readonly fromFailing: boolean;
}

const TEST_CALL = /^(?:test|it|specify|describe|suite|context)(?:\.\w+)*$/;
const HOOK_CALL = /^(?:before|beforeEach|beforeAll)$/;
const OTHER_HOOK_CALL = /^(?:after|afterEach|afterAll)$/;
const ASSERT_CALL = /^(?:assert|expect|t|chai\.assert|should)\b/;
const RUNNER_MODULES = /['"](?:node:test|vitest|@jest\/globals|mocha|bun:test)['"]/;

function scriptAssertions(file: TestFile): readonly Assertion[] {
  const found: Assertion[] = [];
  walk(file.root, (node) => {
    const isArrowBody = node.field === 'body' && (node.type === 'call_expression' || node.type === 'await_expression');
    if (node.type !== 'expression_statement' && !isArrowBody) return true;
    const call = unawaited(isArrowBody ? node : namedChildren(node)[0]);
    if (call?.type !== 'call_expression' || !ASSERT_CALL.test(callee(call, file.text))) return true;
    const watched = watchedOperand(call, file.text);
    if (watched !== undefined) found.push({ ...watched, setup: scriptSetup(file, node), fromFailing: isFailing(file, node) });
    return false;
  });
  return found;
}

/** The operand that is computed: the argument of `expect`, or the first argument of `assert` that is no plain literal. */
function watchedOperand(call: SyntaxNode, text: string): Pick<Assertion, 'observe' | 'wrap'> | undefined {
  const expected = expectCall(call, text);
  const args = namedChildren(fieldOf(expected ?? call, 'arguments') ?? call);
  const observe = args.find((arg) => !isLiteral(arg, text));
  if (observe === undefined) return undefined;
  const isFunction = FUNCTION_TYPES.has(observe.type);
  return { observe, wrap: isFunction ? (code) => `await (${code})()` : (code) => `await (${code})` };
}

function expectCall(call: SyntaxNode, text: string): SyntaxNode | undefined {
  let found: SyntaxNode | undefined;
  walk(call, (node) => {
    if (node.type === 'call_expression' && /^expect$/.test(callee(node, text))) found ??= node;
    return found === undefined && node.type !== 'arguments';
  });
  return found;
}

/** Statements before the assertion in its own function and in those around it, hooks included, other assertions left out. */
function scriptSetup(file: TestFile, statement: SyntaxNode): readonly SyntaxNode[] {
  const functions = ancestorsOf(file.root, statement).filter((node) => FUNCTION_TYPES.has(node.type)).reverse();
  const hooks = namedChildren(file.root).filter((node) => HOOK_CALL.test(calleeOf(node, file.text))).flatMap((node) => setupStatement(node, file.text));
  return [...hooks, ...functions.flatMap((node, depth) => {
    const body = fieldOf(node, 'body');
    const all = body === undefined ? [] : namedChildren(body);
    const innermost = depth === functions.length - 1;
    return all.filter((one) => one.start < statement.start || !innermost).filter((one) => !(one.start <= statement.start && one.end >= statement.end)).flatMap((one) => setupStatement(one, file.text));
  })];
}

/** "" for a statement that is no call. */
function calleeOf(statement: SyntaxNode, text: string): string {
  const call = statement.type === 'expression_statement' ? unawaited(namedChildren(statement)[0]) : undefined;
  return call?.type === 'call_expression' ? callee(call, text) : '';
}

function setupStatement(node: SyntaxNode, text: string): readonly SyntaxNode[] {
  const call = node.type === 'expression_statement' ? unawaited(namedChildren(node)[0]) : undefined;
  if (call?.type !== 'call_expression') return [node];
  const name = callee(call, text);
  if (HOOK_CALL.test(name)) {
    const hook = namedChildren(fieldOf(call, 'arguments') ?? call).find((arg) => FUNCTION_TYPES.has(arg.type));
    const body = hook === undefined ? undefined : fieldOf(hook, 'body');
    return body === undefined ? [] : body.type === 'statement_block' ? namedChildren(body) : [body];
  }
  return TEST_CALL.test(name) || OTHER_HOOK_CALL.test(name) || ASSERT_CALL.test(name) ? [] : [node];
}

function pythonAssertions(file: TestFile): readonly Assertion[] {
  const found: Assertion[] = [];
  walk(file.root, (node) => {
    if (node.type !== 'function_definition') return true;
    const name = textOf(fieldOf(node, 'name'), file.text);
    const parameters = namedChildren(fieldOf(node, 'parameters') ?? node).map((one) => textOf(one, file.text)).filter((one) => one !== 'self');
    const body = fieldOf(node, 'body');
    if (!/^test/.test(name) || parameters.length > 0 || body === undefined) return true;
    const setUp = setUpOf(file, node);
    const before: SyntaxNode[] = [];
    for (const statement of namedChildren(body)) {
      const watched = pythonOperand(statement, file.text);
      if (watched === undefined) before.push(statement);
      else found.push({ ...watched, setup: [...setUp, ...before, ...(watched.setup ?? [])], fromFailing: isFailing(file, statement) });
    }
    return false;
  });
  return found;
}

function setUpOf(file: TestFile, test: SyntaxNode): readonly SyntaxNode[] {
  const holder = ancestorsOf(file.root, test).find((node) => node.type === 'class_definition');
  const members = holder === undefined ? [] : namedChildren(fieldOf(holder, 'body') ?? holder);
  const setUp = members.find((node) => node.type === 'function_definition' && /^(?:setUp|setup_method)$/.test(textOf(fieldOf(node, 'name'), file.text)));
  const body = setUp === undefined ? undefined : fieldOf(setUp, 'body');
  return body === undefined ? [] : namedChildren(body);
}

function pythonOperand(statement: SyntaxNode, text: string): (Pick<Assertion, 'observe' | 'wrap'> & { readonly setup?: readonly SyntaxNode[] }) | undefined {
  const wrap = (code: string): string => code;
  const inner = namedChildren(statement)[0];
  if (statement.type === 'assert_statement' && inner !== undefined) {
    const operands = inner.type === 'comparison_operator' ? namedChildren(inner) : [inner];
    return { observe: operands.find((one) => !isLiteral(one, text)) ?? inner, wrap };
  }
  if (statement.type === 'expression_statement' && inner?.type === 'call' && /^self\.assert/.test(textOf(fieldOf(inner, 'function'), text))) {
    const observe = namedChildren(fieldOf(inner, 'arguments') ?? inner).find((one) => !isLiteral(one, text));
    return observe === undefined ? undefined : { observe, wrap };
  }
  if (statement.type !== 'with_statement' || !/^with\s+(?:pytest\.raises|self\.assertRaises)/.test(textOf(statement, text))) return undefined;
  const body = namedChildren(fieldOf(statement, 'body') ?? statement);
  const last = body.at(-1);
  const observe = last?.type === 'expression_statement' ? namedChildren(last)[0] : undefined;
  return observe === undefined ? undefined : { observe, wrap, setup: body.slice(0, -1) };
}

function isFailing(file: TestFile, statement: SyntaxNode): boolean {
  return file.failingLines.some((line) => statement.line <= line && line <= statement.endLine);
}

export function toProbe(one: Assertion, file: TestFile): Probe {
  return { setup: one.setup.map((node) => dedented(file.text, node)), observe: one.wrap(textOf(one.observe, file.text)), fromFailing: one.fromFailing, mutated: false };
}

/** The assertion with one literal changed, literals of the observed expression first. */
function variants(one: Assertion, file: TestFile): readonly Probe[] {
  const places = [one.observe, ...[...one.setup].reverse()];
  const lists = places.flatMap((place) => literalsIn(place, file.text).map((literal) => ({ place, literal, others: alternatives(literal, file) })));
  const made: Probe[] = [];
  const longest = Math.max(0, ...lists.map((list) => list.others.length));
  for (let index = 0; index < longest; index++) {
    for (const { place, literal, others } of lists) {
      const other = others[index];
      if (other === undefined) continue;
      const swap = (node: SyntaxNode): string => (node === place ? dedented(file.text, node, { at: literal, text: other }) : dedented(file.text, node));
      made.push({ setup: one.setup.map(swap), observe: one.wrap(swap(one.observe)), fromFailing: one.fromFailing, mutated: true });
    }
  }
  return made;
}

const NUMBERS: ReadonlySet<string> = new Set(['number', 'integer', 'float']);
const TRUTHS: ReadonlySet<string> = new Set(['true', 'false']);
const LISTS: ReadonlySet<string> = new Set(['array', 'list']);
const RECORDS: ReadonlySet<string> = new Set(['object', 'dictionary']);

export function literalsIn(node: SyntaxNode, text: string): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  walk(node, (at) => {
    if (/import|require/.test(at.type) || (at.type === 'call_expression' && callee(at, text) === 'require')) return false;
    if (NUMBERS.has(at.type) || TRUTHS.has(at.type) || LISTS.has(at.type) || RECORDS.has(at.type) || at.type === 'string') found.push(at);
    return at.type !== 'string';
  });
  return found;
}

export function alternatives(literal: SyntaxNode, file: TestFile): readonly string[] {
  const own = textOf(literal, file.text);
  const python = file.language === 'python';
  const all = (): readonly string[] => {
    if (NUMBERS.has(literal.type)) return numbersNear(own);
    if (TRUTHS.has(literal.type)) return python ? ['True', 'False'] : ['true', 'false'];
    if (literal.type === 'string') return stringsNear(own);
    const items = namedChildren(literal).map((item) => textOf(item, file.text));
    if (RECORDS.has(literal.type)) return [...items.map((_, index) => `{${items.toSpliced(index, 1).join(', ')}}`), '{}'];
    const list = (parts: readonly string[]): string => `[${parts.join(', ')}]`;
    return [list([]), list(items.slice(0, -1)), list([...items, ...items.slice(-1)]), list([...items].reverse()), list(items.slice(0, 1)), list([...items, ...items])];
  };
  return [...new Set(all())].filter((text) => text !== own);
}

function numbersNear(own: string): readonly string[] {
  const value = Number(own.replaceAll('_', ''));
  if (!Number.isFinite(value) || Math.abs(value) > NUMBER_MAX) return [];
  const near = Number.isInteger(value) ? [value + 1, value - 1, 0, value * 2, 1, value * 10, Math.floor(value / 2), value + 7, -value] : [value + 0.5, value / 2, 0, value * 2, -value];
  // In brackets, since a minus may stand before the literal and two of them are another operator.
  return near.map((number) => (number < 0 ? `(${number})` : String(Math.abs(number))));
}

function stringsNear(own: string): readonly string[] {
  const quote = /["'`]/.exec(own)?.[0] ?? '"';
  const inner = own.slice(own.indexOf(quote) + 1, -1);
  if (own.includes('"""') || own.includes("'''") || /\\$/.test(inner.slice(0, -1))) return [];
  return ['', `${inner}${inner}`, ` ${inner} `, inner.toUpperCase(), inner.toLowerCase(), `${inner}x`, `x${inner}`].map((text) => `${quote}${text}${quote}`);
}

/** Statements at the top of the test file that declare what tests use; runners are left out, their tests must not run. */
export function preludeOf(file: TestFile): readonly string[] {
  return preludeNodes(file).map((node) => dedented(file.text, node));
}

export function preludeNodes(file: TestFile): readonly SyntaxNode[] {
  return namedChildren(file.root).filter((node) => {
    const text = textOf(node, file.text);
    if (/import/.test(node.type) || /\brequire\(/.test(text)) return !RUNNER_MODULES.test(text);
    if (file.language === 'python') return !/^(?:@[\s\S]*)?(?:def test|class Test|class \w+\((?:unittest\.)?TestCase|if __name__)/.test(text);
    return setupStatement(node, file.text)[0] === node;
  });
}

/** The node's text with its own indentation taken from every line, and one literal replaced. */
export function dedented(text: string, node: SyntaxNode, swap?: { readonly at: SyntaxNode; readonly text: string }): string {
  const own = swap === undefined ? textOf(node, text) : text.slice(node.start, swap.at.start) + swap.text + text.slice(swap.at.end, node.end);
  const indent = /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', node.start - 1) + 1))?.[0] ?? '';
  return indent === '' ? own : own.split('\n').map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line)).join('\n');
}

export function isLiteral(node: SyntaxNode, text: string): boolean {
  let plain = true;
  walk(node, (at) => {
    if (/^(?:call|call_expression|new_expression|await|await_expression|member_expression|attribute|subscript|arrow_function|lambda)$/.test(at.type)) plain = false;
    if (at.type === 'identifier' && !/^(?:undefined|NaN|Infinity)$/.test(textOf(at, text))) plain = false;
    return plain;
  });
  return plain;
}

function unawaited(node: SyntaxNode | undefined): SyntaxNode | undefined {
  return node?.type === 'await_expression' ? namedChildren(node)[0] : node;
}

function callee(call: SyntaxNode, text: string): string {
  return textOf(fieldOf(call, 'function'), text);
}

export function textOf(node: SyntaxNode | undefined, text: string): string {
  return node === undefined ? '' : text.slice(node.start, node.end);
}

function key(probe: Probe): string {
  return JSON.stringify([probe.setup, probe.observe]);
}
