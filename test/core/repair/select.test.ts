import { deepEqual, equal, match, throws } from 'node:assert/strict';
import type { Source } from '../../../src/core/domain/candidate.ts';
import type { Behaviour, BehaviourPlan } from '../../../src/core/repair/behaviour.ts';
import { type Survivor, selectSurvivor } from '../../../src/core/repair/select.ts';
import { shapeOf } from '../../../src/core/repair/changeShape.ts';

const BEFORE = 'function f(a) {\n  if (a > 1) {\n    return a - 1;\n  }\n  return g(a);\n}\n';
const probe = (observe: string, fromFailing: boolean) => ({ setup: [], observe, fromFailing, mutated: true });
const PLAN: BehaviourPlan = { argv: ['node'], cwd: '', overlay: [], wallMs: 1, set: { prelude: [], probes: [probe('f(1)', true), probe('f(2)', false), probe('f(3)', false)] } };
const BASE: Behaviour = ['0', '1', '2'];

function survivor(id: string, source: Source | readonly Source[], behaviour: Behaviour | undefined, more: { readonly after?: string; readonly regressions?: number; readonly rank?: number } = {}): Survivor {
  const sources = typeof source === 'string' ? [source] : source;
  return { id, sources, behaviour, regressions: more.regressions ?? 0, rank: more.rank ?? 0, edits: [{ path: 'f.js', before: BEFORE, after: more.after ?? BEFORE.replace('a > 1', 'a >= 1') }] };
}

function check(survivors: readonly Survivor[], expected: string, reason: RegExp): void {
  const selection = selectSurvivor(survivors, { base: BASE, plan: PLAN });
  equal(selection.kind === 'chosen' ? selection.id : selection.ids.join(' or '), expected);
  match(selection.kind === 'chosen' ? selection.reason : selection.differsOn, reason);
}

const RIGHT: Behaviour = ['1', '1', '2'];
const OTHER: Behaviour = ['1', '1', '9'];
const removed = { after: BEFORE.replace('  if (a > 1) {\n    return a - 1;\n  }\n', '') };

describe('select', () => {
  it('takes the only one', () => check([survivor('a', 'cloze', RIGHT)], 'a', /only one/));

  it('prefers the edit that is more often the fix, by an order of magnitude and not by a place', () => {
    const also: Behaviour = ['2', '1', '2'];
    check([survivor('a', 'mechanical', RIGHT, { rank: 60 }), survivor('b', 'mechanical', also, { rank: 2 })], 'b', /more often fixed so/);
    check([survivor('a', 'mechanical', RIGHT, { rank: 40 }), survivor('b', 'mechanical', also, { rank: 44 })], 'a or b', /gives/);
  });

  it('takes the smallest of those that behave alike', () => {
    check([survivor('long', 'cloze', RIGHT, { after: BEFORE.replace('a > 1', 'a >= 1 && a !== undefined') }), survivor('short', 'mechanical', RIGHT)], 'short', /behave alike/);
  });

  it('looks at regressions before all else', () => {
    check([survivor('a', ['cloze', 'rewrite', 'mechanical'], RIGHT, { regressions: 1 }), survivor('b', 'mechanical', OTHER)], 'b', /only one/);
  });

  it('believes two sources more than many edits of one', () => {
    check([survivor('m1', 'mechanical', OTHER), survivor('m2', 'mechanical', OTHER), survivor('m3', 'mechanical', OTHER), survivor('c', 'cloze', RIGHT), survivor('r', 'rewrite', RIGHT, { after: BEFORE.replace('a > 1', '1 <= a') })], 'c', /more than one source/);
  });

  it('asks more of a change that takes behaviour away', () => {
    check([survivor('gone', 'cloze', OTHER, removed), survivor('kept', 'mechanical', RIGHT)], 'kept', /take behaviour away/);
    check([survivor('gone', ['cloze', 'mechanical'], OTHER, removed), survivor('kept', 'mechanical', RIGHT)], 'gone', /more than one source/);
  });

  it('prefers the one that does not break on other inputs', () => {
    check([survivor('odd', 'cloze', ['1', 'NaN', 'throws TypeError']), survivor('even', 'mechanical', RIGHT)], 'even', /NaN/);
    check([survivor('hangs', 'cloze', ['1', undefined, undefined]), survivor('even', 'mechanical', RIGHT)], 'even', /NaN/);
  });

  it('believes a model more than one edit without it, and the larger cluster more than the smaller', () => {
    check([survivor('m', 'mechanical', OTHER), survivor('c', 'cloze', RIGHT)], 'c', /model wrote it/);
    check([survivor('m1', 'mechanical', OTHER), survivor('m2', 'mechanical', RIGHT), survivor('m3', 'mechanical', RIGHT, { after: BEFORE.replace('a > 1', '1 < a') })], 'm2', /most changes/);
  });

  it('prefers the one that leaves other inputs alone', () => check([survivor('far', 'cloze', OTHER), survivor('near', 'cloze', RIGHT)], 'near', /does not concern/));

  it('says undecided, with the input on which they part, when nothing tells them apart', () => {
    check([survivor('a', 'cloze', ['1', '7', '2']), survivor('b', 'cloze', ['1', '8', '2'])], 'a or b', /^f\(2\) gives 7 or 8$/);
  });

  it('lets the size decide between behaviours only when it clearly differs', () => {
    check([survivor('long', 'cloze', ['1', '7', '2'], { after: BEFORE.replace('a > 1', 'a >= Math.max(1, other)') }), survivor('short', 'cloze', ['1', '8', '2'])], 'short', /smallest change/);
  });

  it('takes no two for alike that could not be watched', () => {
    const selection = selectSurvivor([survivor('a', 'cloze', undefined), survivor('b', 'cloze', [undefined, undefined, undefined])], { base: undefined, plan: undefined });
    equal(selection.clusters.length, 2);
  });

  it('needs a survivor', () => throws(() => selectSurvivor([], { base: BASE, plan: PLAN }), RangeError));
});

function checkShape(after: string, removes: boolean): void {
  equal(shapeOf([{ before: BEFORE, after }]).removes, removes, after);
}

describe('shape of a change', () => {
  it('sees what only takes away', () => {
    checkShape(removed.after, true);
    checkShape(BEFORE.replace('return g(a)', 'return 42'), true);
    checkShape(BEFORE.replace('return g(a)', "return 'x'"), true);
    checkShape(BEFORE.replace('a > 1', 'true'), true);
  });

  it('sees what corrects', () => {
    checkShape(BEFORE.replace('a > 1', 'a >= 1'), false);
    checkShape(BEFORE.replace('return g(a)', 'return h(a)'), false);
    checkShape(BEFORE.replace('  return g', '  if (!a) return null;\n  return g'), false);
    checkShape(BEFORE.replace('a - 1', 'a - 2'), false);
  });

  it('counts words, not white space or comments', () => {
    deepEqual(shapeOf([{ before: BEFORE, after: BEFORE.replace('  return g', '    // why\n    return g') }]), { size: 0, removes: false });
    equal(shapeOf([{ before: BEFORE, after: BEFORE.replace('>', '>=') }]).size, 1);
  });
});
