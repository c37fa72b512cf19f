/** Decides whether a change broke what worked: by single tests where the runner says them, else by exit codes. */
import type { CheckOutcome, TestResult } from '../domain/check.ts';

const identity = (test: TestResult): string => `${test.path ?? ''}\0${test.name}`;

/**
 * Tests that passed before and fail or are gone now. Without single tests: one entry when the check passed before and
 * does not now. A test that failed before is never a regression.
 */
export function regressions(before: CheckOutcome, after: CheckOutcome): readonly string[] {
  if (after.passed && before.tests === null) return [];
  if (before.tests === null || after.tests === null) return before.passed && !after.passed ? ['the check passed before and fails now'] : [];
  const now = new Map(after.tests.map((test) => [identity(test), test.state]));
  return before.tests.filter((test) => test.state === 'passed' && now.get(identity(test)) !== 'passed').map((test) => test.name);
}
