/** Decides whether two runs of one check on the same tree agree: a flip is a flaky test, and nothing can be proven by it. */
import type { CheckOutcome } from '../domain/check.ts';

export type Stability =
  | { readonly kind: 'same'; readonly failing: readonly string[] }
  | { readonly kind: 'flip'; readonly tests: readonly string[]; readonly reason: string };

/** Without single tests, exits and verdicts are compared. Order does not matter. */
export function compareRuns(first: CheckOutcome, second: CheckOutcome): Stability {
  const one = failing(first);
  const two = failing(second);
  const flipped = [...one.filter((name) => !two.includes(name)), ...two.filter((name) => !one.includes(name))];
  if (flipped.length > 0) return { kind: 'flip', tests: flipped, reason: `${flipped.join(', ')} failed in one of two runs of the same code.` };
  if (first.passed !== second.passed) return { kind: 'flip', tests: [], reason: 'The check passed in one of two runs of the same code and failed in the other.' };
  return { kind: 'same', failing: one };
}

const failing = (outcome: CheckOutcome): readonly string[] => [...new Set((outcome.tests ?? []).filter((test) => test.state === 'failed').map((test) => test.name))].sort();
