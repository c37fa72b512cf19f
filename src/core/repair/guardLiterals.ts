/** Decides whether a change knows the failing test's values: new branches or tables that map its inputs to what it expects. */
import type { TestResult } from '../domain/check.ts';
import type { SyntaxNode } from '../ports.ts';
import type { Change, TestLiterals } from './guardChange.ts';
import type { Project } from '../checks/project.ts';
import { FUNCTION_TYPES, ancestorsOf, fieldOf, namedChildren, parentsOf, walk } from './syntaxTree.ts';

const LITERAL = /^(number|integer|float|string|int_literal|float_literal|integer_literal|string_literal|interpreted_string_literal|decimal_integer_literal|decimal_floating_point_literal|character_literal|rune_literal)$/;
/** Values that any fix may use, whatever the test holds. */
const NEUTRAL = /^(?:|-?[012]|-?1?0\.0|true|false|null|none|nil|undefined|nan|\s|[^\w\s]{1,3}|\[\]|\{\})$/i;

export async function testLiterals(failing: readonly TestResult[], project: Project): Promise<TestLiterals> {
  const found = new Set<string>();
  for (const test of failing) {
    for (const value of [test.expected, test.actual === test.expected ? undefined : test.expected]) if (value !== undefined && value.length < 200) found.add(unquoted(value));
    const file = test.path === undefined ? undefined : await project.read(test.path);
    const tree = file && (await project.syntax.parse(file.path, file.text));
    if (!file || !tree) continue;
    for (const literal of literalsIn(testAt(tree.root, file.text, test.line), file.text)) found.add(literal);
  }
  return found;
}

/** The test that spans the line: a function, or a call of it or test; the whole file where none does. */
function testAt(root: SyntaxNode, text: string, line: number | undefined): SyntaxNode {
  let found = root;
  if (line === undefined) return root;
  walk(root, (node) => {
    if (node.line > line || node.endLine < line) return node === root;
    const callee = node.type === 'call_expression' ? fieldOf(node, 'function') : undefined;
    const isTest = callee ? /^(it|test|specify)\b/.test(text.slice(callee.start, callee.end)) : /^(function_definition|function_declaration|function_item|method_declaration)$/.test(node.type);
    if (isTest) found = node;
    return true;
  });
  return found;
}

/** New conditions that compare with the test's literals for equality and lead to a literal; new tables from one to the other. */
export function findSpecialCase(change: Change): string | undefined {
  const { after, path } = change;
  const known = new Set(literalsIn(change.old, change.before));
  const isTestValue = (text: string): boolean => change.literals.has(text) && !known.has(text);
  for (const branch of addedBranches(change)) {
    const compared = equalLiterals(branch.condition, after);
    if (compared.length === 0 || hasSiblings(branch, change)) continue;
    const results = branch.outcomes.flatMap((outcome) => constantsOf(outcome, after));
    const fromTest = compared.filter((text) => change.literals.has(text));
    const answers = results.some((text) => change.literals.has(text) && !NEUTRAL.test(text));
    const tellsInput = fromTest.some((text) => !NEUTRAL.test(text) && isTestValue(text));
    if (fromTest.length > 0 && results.length > 0 && (answers || tellsInput)) {
      return `In ${path}:${branch.condition.line} it answers the test's own input ${fromTest[0]} with a fixed value.`;
    }
  }
  return answerTable(change, isTestValue) ?? fixedReturn(change, isTestValue);
}

interface Branch {
  readonly node: SyntaxNode;
  readonly condition: SyntaxNode;
  /** Values that the branch yields: returned, assigned, or an arm of ?: */
  readonly outcomes: readonly SyntaxNode[];
}

function addedBranches({ old, now, before, after }: Change): readonly Branch[] {
  const known = new Map<string, number>();
  for (const branch of branchesOf(old)) bump(known, squeeze(before, branch.condition), 1);
  return branchesOf(now).filter((branch) => {
    const key = squeeze(after, branch.condition);
    if ((known.get(key) ?? 0) > 0) {
      bump(known, key, -1);
      return false;
    }
    return true;
  });
}

function branchesOf(root: SyntaxNode): readonly Branch[] {
  const found: Branch[] = [];
  walk(root, (node) => {
    if (/^(if_statement|if_expression|elif_clause)$/.test(node.type)) {
      const condition = fieldOf(node, 'condition');
      const body = fieldOf(node, 'consequence');
      if (condition && body) found.push({ node, condition, outcomes: outcomesOf(body) });
    } else if (node.type === 'ternary_expression' || node.type === 'conditional_expression') {
      const parts = namedChildren(node);
      const condition = node.type === 'ternary_expression' ? parts[0] : parts[1];
      const arms = node.type === 'ternary_expression' ? parts.slice(1) : [parts[0], parts[2]].flatMap((part) => part ?? []);
      if (condition) found.push({ node, condition, outcomes: arms });
    } else if (/^(switch_case|expression_case|case_clause|match_arm)$/.test(node.type)) {
      const condition = fieldOf(node, 'value') ?? fieldOf(node, 'pattern') ?? namedChildren(node)[0];
      if (condition) found.push({ node, condition, outcomes: outcomesOf(node) });
    }
  });
  return found;
}

function outcomesOf(body: SyntaxNode): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  walk(body, (node) => {
    if (FUNCTION_TYPES.has(node.type)) return false;
    if (/^return_(statement|expression)$/.test(node.type)) found.push(...namedChildren(node));
    if (/^(assignment|assignment_expression|assignment_statement)$/.test(node.type)) found.push(...[fieldOf(node, 'right')].flatMap((right) => right ?? []));
    return true;
  });
  return found;
}

/** Literals that a condition compares for equality, by ==, in, case, includes, or a match of the whole. */
function equalLiterals(condition: SyntaxNode, text: string): readonly string[] {
  const found: string[] = [];
  if (LITERAL.test(condition.type)) return [literalText(condition, text)];
  walk(condition, (node) => {
    const written = text.slice(node.start, node.end);
    const isEquality = /^(binary_expression|comparison_operator|binary_operator)$/.test(node.type) && node.children.some((child) => /^(===?|==|is|in)$/.test(child.type));
    const isMembership = /^(call_expression|call|method_invocation)$/.test(node.type) && /(\.includes|\.has|\.equals|\.test|\.match|fullmatch|deepEqual|isDeepStrictEqual|\.contains)\(/.test(written);
    if (isEquality || isMembership) found.push(...literalsIn(node, text));
    return true;
  });
  return found;
}

/** One more case beside two that the code had already: the same construct, literals mapped alike. */
function hasSiblings(branch: Branch, { now, old, before, after }: Change): boolean {
  const known = new Set(branchesOf(old).filter(({ condition }) => equalLiterals(condition, before).length > 0).map(({ condition }) => squeeze(before, condition)));
  const home = ancestorsOf(now, branch.node).find((node) => FUNCTION_TYPES.has(node.type)) ?? now;
  const near = branchesOf(home).filter((other) => other.node !== branch.node && other.node.type === branch.node.type && known.has(squeeze(after, other.condition)) && equalLiterals(other.condition, after).length > 0);
  return near.length >= 2;
}

/** A table that was not there: two or more entries, or one from a long text, each from a test's input to its answer. */
function answerTable({ now, old, before, after, path }: Change, isTestValue: (text: string) => boolean): string | undefined {
  const tables = (root: SyntaxNode): readonly SyntaxNode[] => collect(root, (node) => node.type === 'object' || node.type === 'dictionary');
  const known = new Set(tables(old).flatMap((table) => namedChildren(table).map((pair) => squeeze(before, pair))));
  for (const table of tables(now)) {
    const pairs = namedChildren(table).filter((node) => node.type === 'pair');
    if (pairs.some((pair) => known.has(squeeze(after, pair)))) continue;
    const answers = pairs.filter((pair) => {
      const [key, value] = namedChildren(pair);
      return key && value && LITERAL.test(value.type) && isTestValue(literalText(key, after)) && isTestValue(literalText(value, after)) && !NEUTRAL.test(literalText(value, after));
    });
    if (answers.length > 0 && answers.length === pairs.length) return `In ${path}:${table.line} it holds a table of the test's inputs and answers.`;
  }
  return undefined;
}

/** An answer of the test returned by a function whatever is asked. */
function fixedReturn({ now, old, before, after, path }: Change, isTestValue: (text: string) => boolean): string | undefined {
  const returns = (root: SyntaxNode): readonly SyntaxNode[] => collect(root, (node) => /^return_(statement|expression)$/.test(node.type));
  const known = new Set(returns(old).map((node) => squeeze(before, node)));
  const found = returns(now).find((node) => {
    if (known.has(squeeze(after, node)) || !isUnconditional(now, node)) return false;
    const values = namedChildren(node).flatMap((value) => constantsOf(value, after));
    return values.some((text) => !NEUTRAL.test(text) && isTestValue(text));
  });
  return found ? `In ${path}:${found.line} it always returns a value of the test.` : undefined;
}

/** No condition, loop or handler between it and its function, and nothing before it that leaves. */
function isUnconditional(root: SyntaxNode, node: SyntaxNode): boolean {
  const parents = parentsOf(root);
  let inner = node;
  for (let at = parents.get(node); at && !FUNCTION_TYPES.has(at.type); at = parents.get(at)) {
    if (/^(if_|elif|else_|for_|while_|switch|case|except|catch|match|try_|conditional|ternary)/.test(at.type)) return false;
    if (at.children.some((child) => child.start < inner.start && /^(if|for|while|switch|match|try)/.test(child.type))) return false;
    inner = at;
  }
  return true;
}

/** The literals of an expression made of nothing else; empty where it computes. */
function constantsOf(node: SyntaxNode, text: string): readonly string[] {
  let computes = false;
  walk(node, (at) => {
    if (/^(identifier|call|call_expression|member_expression|attribute|binary_expression|binary_operator|template_substitution|interpolation|await|await_expression|lambda|arrow_function|method_invocation|selector_expression)$/.test(at.type)) computes = true;
  });
  if (computes) return [];
  const literals = literalsIn(node, text);
  return literals.length > 0 ? literals : [text.slice(node.start, node.end).replace(/\s/g, '')];
}

function literalsIn(root: SyntaxNode, text: string): readonly string[] {
  const found: string[] = [];
  walk(root, (node) => {
    if (!LITERAL.test(node.type)) return true;
    found.push(literalText(node, text));
    return false;
  });
  return found;
}

function literalText(node: SyntaxNode, text: string): string {
  return unquoted(text.slice(node.start, node.end));
}

function unquoted(text: string): string {
  const quoted = /^[A-Za-z]{0,2}(?:"""|'''|["'`])([\s\S]*?)(?:"""|'''|["'`])$/.exec(text.trim());
  return quoted?.[1] ?? text.trim();
}

function collect(root: SyntaxNode, matches: (node: SyntaxNode) => boolean): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  walk(root, (node) => {
    if (matches(node)) found.push(node);
  });
  return found;
}

function squeeze(text: string, node: SyntaxNode): string {
  return text.slice(node.start, node.end).replace(/\s+/g, '').replace(/^\((.*)\)$/, '$1');
}

function bump(counts: Map<string, number>, key: string, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}
