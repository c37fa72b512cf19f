/** Decides which rules read a file: every one that needs no model. Each is a pure function of the parsed file. */
import type { Hit, Rule, Source } from './source.ts';
import { asyncCallback, mapParseInt, unawaited } from './rules/asyncUse.ts';
import { sortAsText, swappedArguments, timerArguments } from './rules/arguments.ts';
import { offByOne, stopsShort } from './rules/bounds.ts';
import { loopCapture } from './rules/capture.ts';
import { assignedCondition, constantChoice, impossibleComparison, indexAsTruth, lengthSign, negationFirst } from './rules/comparisons.ts';
import { duplicateKey, identicalBranches, identicalOperands, selfAssignment } from './rules/duplicates.ts';
import { fallsThrough, mutatedWhileIterated, returnInFinally, swallowed, unreachable } from './rules/flow.ts';
import { addInsideGoroutine, ignoredError, nilForError, overwrittenError, shadowedError } from './rules/goErrors.ts';
import { mutableDefault, notImplemented, tupleAssertion } from './rules/python.ts';
import { leak, lockHeld, openedInPassing } from './rules/resources.ts';
import { annotatedReturn, callbackReturn, droppedResult, floatingComparison, unreturnedValue } from './rules/returns.ts';
import { injection, secret } from './rules/security.ts';

export const rules: readonly Rule[] = [
  secret, injection,
  unawaited, asyncCallback, mapParseInt, swappedArguments, timerArguments, sortAsText, offByOne, stopsShort,
  callbackReturn, droppedResult, unreturnedValue, annotatedReturn, floatingComparison,
  leak, openedInPassing, lockHeld, addInsideGoroutine,
  impossibleComparison, lengthSign, constantChoice, indexAsTruth, negationFirst, assignedCondition,
  identicalOperands, identicalBranches, selfAssignment, duplicateKey,
  unreachable, fallsThrough, swallowed, returnInFinally, mutatedWhileIterated, loopCapture,
  mutableDefault, tupleAssertion, notImplemented,
  ignoredError, overwrittenError, shadowedError, nilForError,
];

export interface RuleHit extends Hit {
  readonly rule: Rule;
}

/** In order of text; at the same place, in the order of the list. */
export function runRules(source: Source): readonly RuleHit[] {
  const hits = rules.filter((rule) => rule.families.includes(source.family)).flatMap((rule) => rule.find(source).map((hit) => ({ ...hit, rule })));
  return hits.toSorted((a, b) => a.node.start - b.node.start);
}
