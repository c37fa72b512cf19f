import assert from 'node:assert/strict';
import type { Source } from '../../../src/core/domain/candidate.ts';
import type { CheckOutcome } from '../../../src/core/domain/check.ts';
import { isEnough } from '../../../src/core/repair/enough.ts';
import { regressions } from '../../../src/core/repair/regressions.ts';

describe('isEnough', () => {
  const check = (sources: readonly (readonly Source[])[], finished: readonly Source[], sinceFirstMs: number | undefined, expected: boolean, sinceOpinionMs?: number, pending = 0) => {
    const sinceModelMs = sources.flat().some((source) => source !== 'mechanical') ? sinceFirstMs : undefined;
    assert.equal(isEnough({ survivors: sources.map((list) => ({ sources: list })), finished, sinceFirstMs, sinceModelMs, sinceOpinionMs, pending }), expected);
  };

  it('goes on while nothing survives', () => check([], ['mechanical', 'cloze'], undefined, false));
  it('ends when two sources offer the same text', () => check([['mechanical', 'cloze']], [], 10, true));
  it('waits for a second opinion on a mechanical survivor', () => check([['mechanical']], [], 10, false));
  it('ends with a mechanical survivor once the gaps are filled and its rivals had their time', () => {
    check([['mechanical']], ['cloze'], 10, false);
    check([['mechanical']], ['cloze', 'mechanical'], 10, true);
    check([['mechanical']], ['cloze'], 5_000, true);
  });
  it('ends with a filled gap once the mechanical edits are through', () => check([['cloze']], ['mechanical'], 10, true));
  it('gives a filled gap a few seconds for rivals', () => {
    check([['cloze']], [], 1_000, false);
    check([['cloze']], [], 5_000, true);
  });
  it('ends a little after the model has said what it would write there', () => {
    check([['mechanical']], [], 20_000, false, 1_000);
    check([['mechanical']], [], 20_000, true, 5_000);
    check([['mechanical']], ['mechanical'], 20_000, true, 0);
    check([['mechanical']], ['mechanical'], 20_000, false, 0, 1);
  });
  it('does not wait for ever', () => check([['mechanical']], [], 60_000, true));
});

describe('regressions', () => {
  const outcome = (states: Readonly<Record<string, 'passed' | 'failed'>> | null, passed: boolean): CheckOutcome => ({
    passed,
    exit: passed ? 0 : 1,
    tests: states === null ? null : Object.entries(states).map(([name, state]) => ({ name, state, frames: [] })),
    failure: '',
    durationMs: 1,
  });
  const check = (before: CheckOutcome, after: CheckOutcome, expected: readonly string[]) => assert.deepEqual(regressions(before, after), expected);

  it('names a test that passed and fails now', () => check(outcome({ a: 'passed', b: 'failed' }, false), outcome({ a: 'failed', b: 'passed' }, false), ['a']));
  it('names a test that is gone', () => check(outcome({ a: 'passed' }, true), outcome({}, true), ['a']));
  it('lets a test fail that failed before', () => check(outcome({ a: 'failed' }, false), outcome({ a: 'failed' }, false), []));
  it('goes by exit codes where tests are not told apart', () => {
    check(outcome(null, true), outcome(null, false), ['the check passed before and fails now']);
    check(outcome(null, false), outcome(null, false), []);
    check(outcome(null, true), outcome(null, true), []);
  });
});
