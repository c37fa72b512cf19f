/** Which findings of a file are shown. */
import assert from 'node:assert/strict';
import type { Finding } from '../../../src/core/domain/finding.ts';
import { type Dismissal, ruleNameOf, shownFindings } from '../../../src/core/review/shown.ts';

const finding = (anchor: string, line: number, more: Partial<Finding> = {}): Finding => ({ id: `finding-${anchor}`, path: 'a.js', line, endLine: line, column: 1, category: 'bug', severity: 'warning', claim: 'Wrong.', evidence: anchor, proof: 'opinion', anchor, ...more });
const TEXT = 'zero\none\ntwo\nthree\nfour\nfive\nsix\n';

function check(findings: readonly Finding[], expected: readonly string[], { text = TEXT, dismissals = [], minSeverity = 'info', max = 5 }: { readonly text?: string; readonly dismissals?: readonly Dismissal[]; readonly minSeverity?: Finding['severity']; readonly max?: number } = {}): void {
  assert.deepEqual(shownFindings(findings, text, { dismissals, minSeverity, max }).map(({ line, anchor }) => `${line} ${anchor ?? ''}`.trim()), expected);
}

describe('findings that are shown', () => {
  it('stand where their line stands now, and go with it', () => {
    check([finding('two', 3)], ['5 two'], { text: `new\nnew\n${TEXT}` });
    check([finding('two', 3)], [], { text: TEXT.replace('two', 'changed') });
    check([finding('two', 900)], ['3 two']);
    check([finding('', 3)], []);
  });

  it('are the gravest and best proven when there are too many, in order of lines', () => {
    const all = [finding('one', 2, { severity: 'info' }), finding('two', 3), finding('three', 4, { proof: 'agreed' }), finding('four', 5, { severity: 'error', proof: 'shown' })];
    check(all, ['4 three', '5 four'], { max: 2 });
    check(all, ['2 one', '3 two', '4 three', '5 four']);
    check(all, ['3 two', '4 three', '5 four'], { minSeverity: 'warning' });
    check(all, ['5 four'], { minSeverity: 'error' });
  });

  it('are one for one id, the better proven, and a rule stands before a model on its line', () => {
    check([finding('two', 3), finding('two', 3, { proof: 'shown', severity: 'error' })], ['3 two']);
    assert.equal(shownFindings([finding('two', 3), finding('two', 3, { proof: 'shown', severity: 'error' })], TEXT, { dismissals: [], minSeverity: 'info', max: 5 })[0]?.proof, 'shown');
    const [only, more] = shownFindings([finding('two', 3, { id: 'm' }), finding('two', 3, { id: 'r', rule: 'off-by-one' })], TEXT, { dismissals: [], minSeverity: 'info', max: 5 });
    assert.deepEqual([only?.rule, more], ['off-by-one', undefined]);
  });

  it('are without those that were dismissed: this one, this rule in this file, or in the workspace', () => {
    const ruled = finding('two', 3, { rule: 'off-by-one' });
    const read = finding('four', 5);
    check([ruled, read], ['5 four'], { dismissals: [{ scope: 'finding', id: ruled.id, path: 'a.js' }] });
    check([ruled, read], ['6 four'], { text: `new\n${TEXT}`, dismissals: [{ scope: 'finding', id: ruled.id, path: 'a.js' }] });
    check([ruled, read], ['5 four'], { dismissals: [{ scope: 'file', rule: 'off-by-one', path: 'a.js' }] });
    check([ruled, read], ['3 two', '5 four'], { dismissals: [{ scope: 'file', rule: 'off-by-one', path: 'b.js' }] });
    check([ruled, read], ['3 two'], { dismissals: [{ scope: 'workspace', rule: ruleNameOf(read) }] });
  });
});
