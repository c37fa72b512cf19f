/** Decides what the model is told of a failure: the assertion that failed, with the value it got beside the value it wanted. */
import type { CheckOutcome, Language, TestResult } from '../domain/check.ts';
import type { SyntaxNode } from '../ports.ts';
import type { ChatModel } from '../model/chatModel.ts';
import type { Project } from '../checks/project.ts';
import type { Suspect } from './suspect.ts';
import { ancestorsOf, enclosingFunction, walk } from './syntaxTree.ts';

export interface Failure {
  /** Full name of the failing test; "" when the runner does not say. */
  readonly test: string;
  /** Where the assertion stands; undefined: not found in the workspace. */
  readonly path?: string;
  readonly line?: number;
  /** Source of the assertion's statement, on one line; "" when it was not found. */
  readonly assertion: string;
  /** Statements of the test before the assertion, without indentation. */
  readonly setup: readonly string[];
  readonly expected?: string;
  readonly actual?: string;
  /** First lines of what the runner said. */
  readonly message: string;
}

const VALUE_CHARACTERS_MAX = 160;
const ASSERTION_CHARACTERS_MAX = 300;
const MESSAGE_CHARACTERS_MAX = 240;
const SETUP_LINES_MAX = 8;
const LOOSE_LINES_AROUND = 12;

/** The first failing test that has values, else the first one, else the text that the check printed. */
export async function readFailure(outcome: CheckOutcome, project: Project): Promise<Failure> {
  const failed = outcome.tests?.filter((test) => test.state === 'failed') ?? [];
  const test = failed.find((one) => one.expected !== undefined && one.actual !== undefined) ?? failed[0];
  if (test === undefined) return { test: '', assertion: '', setup: [], message: headOf(outcome.failure) };
  const place = assertionPlace(test);
  const found = place === undefined ? undefined : await readAssertion(project, place.path, place.line);
  return {
    test: test.name,
    ...(place ?? {}),
    assertion: found?.assertion ?? '',
    setup: found?.setup ?? [],
    ...(test.expected === undefined ? {} : { expected: clip(test.expected, VALUE_CHARACTERS_MAX) }),
    ...(test.actual === undefined ? {} : { actual: clip(test.actual, VALUE_CHARACTERS_MAX) }),
    message: headOf(test.message ?? outcome.failure),
  };
}

/** Two or three comment lines for the top of a piece of code: what the test does, what it wants, what it gets. */
export function failureComment(failure: Failure, language: Language): string {
  const mark = language === 'python' ? '#' : '//';
  const lines = failureLines(failure);
  return lines.map((line) => `${mark} ${line}`).join('\n');
}

/** The same as a section of a chat request. */
export function failureSection(failure: Failure): string {
  return failureLines(failure).join('\n');
}

/** The function around a suspect in at most so many tokens: its head, and the lines nearest to the suspect. "" when absent. */
export async function functionText(project: Project, suspect: Suspect, model: Pick<ChatModel, 'countTokens'>, tokensMax: number): Promise<string> {
  const file = await project.read(suspect.path);
  if (file === undefined) return '';
  const tree = await project.syntax.parse(suspect.path, file.text);
  const inner = tree === undefined ? undefined : enclosingFunction(tree.root, suspect.line);
  const lines = file.text.split(/\r?\n/);
  const first = inner?.line ?? Math.max(1, suspect.line - LOOSE_LINES_AROUND);
  const last = inner?.endLine ?? Math.min(lines.length, suspect.endLine + LOOSE_LINES_AROUND);
  const kept = new Set([first]);
  let tokens = model.countTokens(lines[first - 1] ?? '');
  for (const line of byDistance(first, last, suspect)) {
    tokens += model.countTokens(`${lines[line - 1]}\n`);
    if (tokens > tokensMax) break;
    kept.add(line);
  }
  const shown = [...kept].sort((a, b) => a - b);
  return shown.map((line, index) => `${index > 0 && line - 1 !== shown[index - 1] ? '…\n' : ''}${lines[line - 1] ?? ''}`).join('\n');
}

function byDistance(first: number, last: number, suspect: Suspect): readonly number[] {
  const distance = (line: number): number => (line < suspect.line ? suspect.line - line : Math.max(0, line - suspect.endLine));
  return Array.from({ length: Math.max(0, last - first) }, (_, index) => first + 1 + index).sort((a, b) => distance(a) - distance(b) || a - b);
}

function failureLines(failure: Failure): readonly string[] {
  const what = failure.assertion === '' ? failure.test : failure.assertion;
  const setup = failure.assertion === '' ? [] : failure.setup.filter((line) => sharesName(line, failure.assertion));
  const lines = [...setup.map((line) => `  ${line}`), ...(what === '' ? [] : [`  ${what}`])];
  if (lines.length > 0) lines.unshift('Failing test:');
  if (failure.expected !== undefined && failure.actual !== undefined) lines.push(`Expected ${failure.expected} but got ${failure.actual}.`);
  else if (failure.message !== '') lines.push(`Error: ${failure.message}`);
  return lines;
}

/** The frame in the test's own file; a helper's assertion stands deeper, the call of it says more. */
function assertionPlace(test: TestResult): { readonly path: string; readonly line: number } | undefined {
  const own = test.frames.find((frame) => frame.path === test.path) ?? test.frames.find((frame) => /test|spec/i.test(frame.path)) ?? test.frames.at(-1);
  if (own !== undefined) return { path: own.path, line: own.line };
  return test.path !== undefined && test.line !== undefined ? { path: test.path, line: test.line } : undefined;
}

async function readAssertion(project: Project, path: string, line: number): Promise<{ readonly assertion: string; readonly setup: readonly string[] } | undefined> {
  const file = await project.read(path);
  if (file === undefined) return undefined;
  const tree = await project.syntax.parse(path, file.text);
  const statement = tree === undefined ? undefined : statementAt(tree.root, line);
  if (tree === undefined || statement === undefined) {
    const text = file.text.split('\n')[line - 1]?.trim() ?? '';
    return { assertion: clip(text, ASSERTION_CHARACTERS_MAX), setup: [] };
  }
  const body = enclosingFunction(tree.root, line);
  const before = body === undefined ? [] : file.text.slice(body.start, statement.start).split('\n').slice(1, -1);
  return {
    assertion: clip(oneLine(file.text.slice(statement.start, statement.end)), ASSERTION_CHARACTERS_MAX),
    setup: before.map((text) => text.trim()).filter((text) => text !== '').slice(-SETUP_LINES_MAX),
  };
}

/** The outermost statement that begins or stands on `line` but holds no other statement. */
function statementAt(root: SyntaxNode, line: number): SyntaxNode | undefined {
  let best: SyntaxNode | undefined;
  walk(root, (node) => {
    if (node.line > line || node.endLine < line) return false;
    if (/statement$|declaration$/.test(node.type) && !isCompound(node)) {
      const inside = best !== undefined && ancestorsOf(root, node).includes(best);
      if (!inside || best === undefined || spansFunction(best, line)) best = node;
    }
    return true;
  });
  return best;
}

/** `test('…', () => { … })` is one statement too, yet what failed is inside its function. */
function spansFunction(statement: SyntaxNode, line: number): boolean {
  const inner = enclosingFunction(statement, line);
  return inner !== undefined && inner.line < line;
}

function isCompound(node: SyntaxNode): boolean {
  return /^(if|for|while|try|with|switch|do|for_in|function|class|decorated)_/.test(node.type) || /function|class|method/.test(node.type);
}

function sharesName(line: string, assertion: string): boolean {
  if (/^(?:assert|expect|self\.assert|t\.)\b/.test(line)) return false;
  const names = new Set(assertion.match(/[A-Za-z_$][\w$]*/g) ?? []);
  const bound = /^(?:const|let|var)?\s*[[{]?\s*([A-Za-z_$][\w$]*)/.exec(line)?.[1];
  return bound !== undefined && names.has(bound);
}

function headOf(text: string): string {
  const lines = text.split('\n').map((line) => line.trim()).filter((line) => line !== '');
  return clip(lines.slice(0, 3).join(' '), MESSAGE_CHARACTERS_MAX);
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ').trim();
}

function clip(text: string, max: number): string {
  const flat = oneLine(text);
  return flat.length <= max ? flat : `${flat.slice(0, max - 1)}…`;
}
