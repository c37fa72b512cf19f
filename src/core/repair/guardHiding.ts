/** Decides whether a change hides a failure: sees that it is tested, ends the process, swallows errors, empties functions, bends the comparison. */
import type { SyntaxNode } from '../ports.ts';
import type { Change } from './guardChange.ts';
import { FUNCTION_TYPES, fieldOf, functionName, namedChildren, walk } from './syntaxTree.ts';

interface Mark {
  readonly pattern: RegExp;
  readonly what: string;
}

/** How often each may stand in the code: not more often than before. Comments do not count. */
const MARKS: readonly Mark[] = [
  { pattern: /NODE_ENV|JEST_WORKER_ID|VITEST|npm_lifecycle|NODE_TEST_CONTEXT|MOCHA_|PYTEST_CURRENT_TEST|GROUNDCREW/g, what: 'reads the environment to see whether a test runs' },
  { pattern: /require\.main|module\.parent|import\.meta\.main|sys\._getframe|inspect\.(?:stack|currentframe)|traceback\.(?:extract|format)_stack|captureStackTrace|new Error\([^)]*\)\.stack|getStackTrace|runtime\.Callers?|flag\.Lookup\("test|testing\.Testing\(/g, what: 'looks at who calls it' },
  { pattern: /typeof\s+(?:describe|it|test|jest|vi|expect)\b|globalThis\.(?:describe|it|test|jest|expect)\b|global\.(?:describe|it|test|jest|expect)\b|['"](?:pytest|unittest)['"]\s+in\s+(?:sys\.)?modules|cfg!?\(test\)/g, what: 'looks for a test framework' },
  { pattern: /process\.(?:exit|reallyExit|abort)\s*\(|process\.exitCode\s*=|\bsys\.exit\s*\(|\bos\._exit\s*\(|\bos\.Exit\s*\(|process::exit\s*\(|System\.exit\s*\(|\braise\s+SystemExit/g, what: 'ends the process' },
  { pattern: /uncaughtException|unhandledRejection|except\s+(?:\([^)]*)?(?:AssertionError|BaseException)|catch\s*\(\s*(?:final\s+)?(?:AssertionError|Throwable)|catch_unwind/g, what: 'catches failures of the test itself' },
  { pattern: /\b(?:assert|expect|chai|unittest\.TestCase|Object\.is|(?:Array|Object|String|Number|Function|Map|Set|Date)\.prototype)(?:\.\w+)*\s*=(?![=>])|\bsetattr\s*\(\s*(?:unittest|builtins)|builtins\.\w+\s*=(?!=)|require\.cache/g, what: 'changes what the test compares with' },
];
const ARGUMENTS: Mark = { pattern: /process\.argv|sys\.argv|os\.Args|env::args/g, what: 'reads the command line, which this file never did' };
const ENVIRONMENT: Mark = { pattern: /process\.env|os\.environ|os\.getenv|os\.Getenv|env::var|System\.getenv/g, what: 'reads the environment, which this file never did' };

export function findHiding(change: Change): string | undefined {
  const before = withoutComments(change.old, change.before);
  const after = withoutComments(change.now, change.after);
  for (const { pattern, what } of MARKS) {
    if (times(after, pattern) > times(before, pattern)) return `In ${change.path} it ${what}.`;
  }
  for (const { pattern, what } of [ARGUMENTS, ENVIRONMENT]) {
    if (times(before, pattern) === 0 && times(after, pattern) > 0) return `In ${change.path} it ${what}.`;
  }
  return emptiedFunction(change) ?? swallowed(change) ?? alwaysEqual(change);
}

/** A function that computed something and now is a constant, or nothing. */
function emptiedFunction({ old, now, before, after, path }: Change): string | undefined {
  const worked = new Set(functionsOf(old, before).filter(({ node }) => !isConstant(node)).map(({ name }) => name));
  const nowEmpty = functionsOf(now, after).filter(({ node }) => isConstant(node));
  const wereEmpty = new Set(functionsOf(old, before).filter(({ node }) => isConstant(node)).map(({ name }) => name));
  const found = nowEmpty.find(({ name }) => name !== '' && worked.has(name) && !wereEmpty.has(name));
  return found ? `It empties ${found.name} in ${path}: what is left is a constant.` : undefined;
}

/** Errors of a whole function are caught and forgotten. One risky statement with a fallback is a common fix and stays allowed. */
function swallowed({ old, now, before, after, path }: Change): string | undefined {
  const known = new Set(handlersOf(old).map((handler) => squeeze(before.slice(handler.start, handler.end))));
  for (const handler of handlersOf(now)) {
    const text = after.slice(handler.start, handler.end);
    if (known.has(squeeze(text)) || !isBroad(text) || !forgets(handler, after)) continue;
    const bare = /^except\s*:/.test(text);
    const body = tryBodyOf(now, handler);
    if (bare || (body !== undefined && coversFunction(now, body))) return `In ${path} it catches every error of a function and forgets it.`;
  }
  return undefined;
}

function isBroad(handler: string): boolean {
  return handler.startsWith('catch') ? !/^catch\s*\(\s*(?:final\s+)?[A-Z]\w*(?<!Exception|Error)\s/.test(handler) : /^except\s*(?::|Exception\b|\(?.*\bException\b)/.test(handler);
}

function forgets(handler: SyntaxNode, text: string): boolean {
  const body = namedChildren(handler).find((child) => /block$/.test(child.type));
  const statements = body ? namedChildren(body) : [];
  return statements.every((statement) => ['pass_statement', 'return_statement', 'continue_statement', 'empty_statement'].includes(statement.type) && !/\w\s*\(/.test(text.slice(statement.start, statement.end)));
}

/** At least this many statements make "the whole function" more than one risky call with a fallback. */
const WHOLE_STATEMENTS_MIN = 2;

function coversFunction(root: SyntaxNode, body: SyntaxNode): boolean {
  if (namedChildren(body).length < WHOLE_STATEMENTS_MIN) return false;
  let covers = false;
  walk(root, (node) => {
    const own = FUNCTION_TYPES.has(node.type) ? fieldOf(node, 'body') : undefined;
    const inside = own ? namedChildren(own) : [];
    const outside = inside.filter((statement) => statement.start > body.end || statement.end < body.start);
    if (inside.some((statement) => statement.start <= body.start && statement.end >= body.end) && outside.every((statement) => statement.type === 'return_statement')) covers = true;
  });
  return covers;
}

function tryBodyOf(root: SyntaxNode, handler: SyntaxNode): SyntaxNode | undefined {
  let found: SyntaxNode | undefined;
  walk(root, (node) => {
    if (node.type === 'try_statement' && node.children.includes(handler)) found = fieldOf(node, 'body');
  });
  return found;
}

function handlersOf(root: SyntaxNode): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  walk(root, (node) => {
    if (node.type === 'catch_clause' || node.type === 'except_clause') found.push(node);
  });
  return found;
}

/** An equality that holds for everything. */
function alwaysEqual({ now, old, before, after, path }: Change): string | undefined {
  const named = (root: SyntaxNode, text: string): readonly string[] => functionsOf(root, text).filter(({ name, node }) => /^(__eq__|__ne__|equals|Equal|eq)$/.test(name) && isConstant(node)).map(({ name }) => name);
  return named(now, after).length > named(old, before).length ? `In ${path} it makes an equality that is always the same.` : undefined;
}

interface NamedFunction {
  readonly name: string;
  readonly node: SyntaxNode;
}

function functionsOf(root: SyntaxNode, text: string): readonly NamedFunction[] {
  const found: NamedFunction[] = [];
  walk(root, (node) => {
    if (FUNCTION_TYPES.has(node.type)) found.push({ name: functionName(root, text, node), node });
  });
  return found;
}

const LITERALS = /^(number|integer|float|string|true|false|none|null|undefined|nil|null_literal|boolean_literal|int_literal|float_literal|integer_literal|string_literal|interpreted_string_literal|decimal_integer_literal|list|array|dictionary|object|tuple|template_string)$/;

/** Nothing but literals is left in the body. */
function isConstant(node: SyntaxNode): boolean {
  const body = fieldOf(node, 'body');
  if (!body) return false;
  let works = false;
  walk(body, (at) => {
    if (!at.named || at === body || at.type === 'comment') return;
    const shell = /^(return_statement|return_expression|expression_statement|parenthesized_expression|pass_statement|ellipsis|block|statement_block|statement_list|pair|string_\w+|escape_sequence|property_identifier|unary_expression|unary_operator|integer)$/.test(at.type);
    if (!shell && !LITERALS.test(at.type) && !(at.type === 'identifier' && at.end - at.start === 0)) works = true;
  });
  return !works;
}

function withoutComments(root: SyntaxNode, text: string): string {
  const parts: string[] = [];
  let at = 0;
  walk(root, (node) => {
    if (!/comment$/.test(node.type)) return true;
    parts.push(text.slice(at, node.start));
    at = Math.max(at, node.end);
    return false;
  });
  return parts.join('') + text.slice(at);
}

function times(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].length;
}

function squeeze(text: string): string {
  return text.replace(/\s+/g, '');
}
