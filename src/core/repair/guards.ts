/** Decides whether a candidate cheats: changes the test, knows its answers, notices that it is tested, or hides the failure. */
import { isTestFile } from '../checks/testFiles.ts';
import type { TestResult } from '../domain/check.ts';
import type { Patch, TextFile } from '../domain/patch.ts';
import { findHiding } from './guardHiding.ts';
import type { TestLiterals } from './guardChange.ts';
import { findSpecialCase, testLiterals } from './guardLiterals.ts';
import type { Project } from '../checks/project.ts';

export interface GuardInput {
  readonly patch: Patch;
  /** Files of the patch as they were. */
  readonly base: ReadonlyMap<string, TextFile>;
  /** Tests that the candidate is to make pass; their names, files and values. */
  readonly failing: readonly TestResult[];
  /** The user lets tests be changed. Skipping and deleting them stays forbidden. */
  readonly allowTests: boolean;
  readonly project: Project;
}

export interface GuardVerdict {
  readonly passed: boolean;
  /** For a person; "" when it passed. */
  readonly reason: string;
}

/** What decides which tests run, and how: a change there can make any failure vanish. */
const TEST_CONFIG =
  /(?:^|\/)(?:\.mocharc\.[a-z]+|jest\.config\.[a-z]+|vitest\.(?:config|workspace)\.[a-z]+|vite\.config\.[a-z]+|karma\.conf\.[a-z]+|pytest\.ini|tox\.ini|noxfile\.py|setup\.cfg|conftest\.py|\.coveragerc|package\.json|pyproject\.toml|Makefile|build\.gradle(?:\.kts)?|pom\.xml|\.env(?:\.[\w.]+)?)$|(?:^|\/)\.github\//;
const SKIPS = /\b(?:it|test|describe|suite|context)\.(?:skip|todo|only|fails)\b|\bx(?:it|describe|test)\b|\bskip:\s*true\b|@(?:pytest\.mark\.(?:skip|xfail)|unittest\.(?:skip|expectedFailure)|Disabled|Ignore)|\bpytest\.skip\(|\.skipTest\(|\bt\.Skip|#\[ignore|\bthis\.skip\(/g;

/** Cheapest first; the first finding ends it. */
export async function guardCandidate(input: GuardInput, signal: AbortSignal): Promise<GuardVerdict> {
  const reason = touchedTests(input) ?? (await cheats(input, signal));
  return { passed: reason === undefined, reason: reason ?? '' };
}

function touchedTests({ patch, base, failing, allowTests }: GuardInput): string | undefined {
  const failingPaths = new Set(failing.flatMap(({ path }) => path ?? []));
  for (const { path, text } of patch.edits) {
    const isTest = isTestFile(path) || failingPaths.has(path);
    if (isTest && text === null) return `It deletes the test ${path}.`;
    if (isTest && !allowTests) return `It changes the test ${path}; tests are read-only unless you allow it.`;
    if (TEST_CONFIG.test(path) && !allowTests) return `It changes ${path}, which decides how tests run.`;
    const skipsBefore = count(base.get(path)?.text ?? '', SKIPS);
    if (count(text ?? '', SKIPS) > skipsBefore) return `It skips tests or narrows which run, in ${path}.`;
  }
  return undefined;
}

async function cheats({ patch, base, failing, project }: GuardInput, signal: AbortSignal): Promise<string | undefined> {
  let literals: TestLiterals | undefined;
  for (const { path, text } of patch.edits) {
    signal.throwIfAborted();
    const before = base.get(path)?.text ?? '';
    if (text === null || isTestFile(path)) continue;
    const old = await project.syntax.parse(path, before);
    const now = await project.syntax.parse(path, text);
    if (!old || !now) continue;
    literals ??= await testLiterals(failing, project);
    const change = { path, before, after: text, old: old.root, now: now.root, literals };
    const found = findHiding(change) ?? findSpecialCase(change);
    if (found !== undefined) return found;
  }
  return undefined;
}

function count(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].length;
}
