/** Decides where to look: suspects by stack, names and references, then by which lines failing and passing tests run. */
import { narrowCheck } from '../checks/narrow.ts';
import type { TestResult } from '../domain/check.ts';
import type { Coverage } from '../checks/coverage.ts';
import { ochiai, type LineScores } from '../repair/spectrum.ts';
import type { Suspect } from '../repair/suspect.ts';
import { localise } from '../repair/localise.ts';
import type { Failure } from './baseline.ts';
import type { RunContext } from './runContext.ts';

/** Passing tests run alone for the spectrum, and the time they may take together. */
const PASSING_MAX = 30;
const SPECTRUM_MS = 10_000;
const AT_ONCE = 2;

export interface Located {
  readonly suspects: readonly Suspect[];
  /** Empty where nothing was covered. */
  readonly lineScores: LineScores;
}

export async function findSuspects(context: RunContext, failure: Failure, signal: AbortSignal): Promise<Located> {
  const failingCoverage = failure.shownBy === 'words' ? undefined : await cover(context, failure, failure.failing[0], signal);
  const passingCoverages = failingCoverage === undefined ? [] : await coverPassing(context, failure, signal);
  const suspects = await localise(
    {
      failure: failure.outcome,
      check: failure.target,
      project: context.project,
      changedFiles: context.changed,
      words: context.request.words,
      ...(context.request.file === null ? {} : { file: context.request.file }),
      ...(context.request.line === null ? {} : { line: context.request.line }),
      ...(failingCoverage === undefined ? {} : { failingCoverage, passingCoverages }),
    },
    signal,
  );
  context.emit('suspects.ranked', { suspects: suspects.map((suspect) => ({ ...suspect })), by: passingCoverages.length > 0 ? `spectrum over ${passingCoverages.length} passing tests` : 'stack and references' });
  return { suspects, lineScores: failingCoverage === undefined ? new Map() : ochiai(failingCoverage, passingCoverages) };
}

async function cover(context: RunContext, failure: Failure, test: TestResult | undefined, signal: AbortSignal): Promise<Coverage | undefined> {
  const alone = test === undefined ? undefined : narrowCheck(failure.target, { ...(test.path === undefined ? {} : { path: test.path }), testName: test.name });
  const { coverage } = await context.verifier.verify({ check: alone ?? failure.target, purpose: 'lines of the failing test', wallMs: failure.wallMs * 2, coverage: true }, signal);
  return coverage === undefined || coverage.size === 0 ? undefined : coverage;
}

/** Near tests first (same file), each in a process of its own, until the time is up. */
async function coverPassing(context: RunContext, failure: Failure, signal: AbortSignal): Promise<readonly Coverage[]> {
  const near = failure.failing[0]?.path;
  const tests = [...failure.passing].sort((a, b) => Number(b.path === near) - Number(a.path === near)).slice(0, PASSING_MAX);
  const until = context.clock.elapsedMs() + SPECTRUM_MS;
  const found: Coverage[] = [];
  const worker = async (): Promise<void> => {
    for (let test = tests.shift(); test !== undefined && context.clock.elapsedMs() < until; test = tests.shift()) {
      const check = narrowCheck(failure.wider[0] ?? failure.target, { ...(test.path === undefined ? {} : { path: test.path }), testName: test.name });
      if (check === undefined) continue;
      const { outcome, coverage } = await context.verifier.verify({ check, purpose: 'lines of a passing test', wallMs: failure.wallMs * 2, coverage: true }, signal);
      if (outcome.passed && coverage !== undefined) found.push(coverage);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return found;
}
