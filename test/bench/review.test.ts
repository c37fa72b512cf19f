/** The pairs of the review benchmark, and how its figures are counted. */
import { deepEqual, equal, notEqual, ok } from 'node:assert/strict';
import { figuresOf } from './review.ts';
import { namesBug, readPairs, samplePairs } from './reviewSet.ts';

const finding = (line: number) => ({ line, claim: '', severity: 'warning', proof: 'opinion', category: 'bug' });

describe('review benchmark', () => {
  it('has at least 60 files, half clean and half with one bug at a line that is there', async () => {
    const pairs = await readPairs();
    ok(pairs.length * 2 >= 60, `${pairs.length * 2} files`);
    for (const pair of pairs) {
      notEqual(pair.clean, pair.wrong, pair.name);
      ok(pair.line <= pair.wrong.split('\n').length, `${pair.name}: line ${pair.line}`);
    }
    ok(pairs.some(({ mode }) => mode === 'change'));
  });

  it('takes the same pairs for the same count', async () => {
    const pairs = await readPairs();
    deepEqual(samplePairs(pairs, 5), samplePairs(pairs, 5));
    equal(new Set(samplePairs(pairs, 12).map(({ name }) => name)).size, 12);
    equal(samplePairs(pairs, 1_000).length, pairs.length);
  });

  it('counts a finding as right only in the wrong file and at the bug', async () => {
    const [pair] = await readPairs();
    if (pair === undefined) throw new Error('no pairs');
    const trial = { pair: pair.name, way: 'rules' as const, seconds: 1, promptTokens: 10, replyTokens: 0, model: '' };
    const far = pair.line + 50;
    equal(namesBug(pair, far), false);
    const figures = figuresOf([pair], [{ ...trial, side: 'wrong', findings: [finding(pair.line), finding(far)] }, { ...trial, side: 'clean', findings: [finding(pair.line)] }]);
    deepEqual([figures.found, figures.bugs, figures.findings, figures.right, figures.perClean, figures.recall], [1, 1, 3, 1, 1, 1]);
    equal(figures.precision, 1 / 3);
    const silent = figuresOf([pair], [{ ...trial, side: 'wrong', findings: [] }]);
    equal(silent.recall, 0);
  });
});
