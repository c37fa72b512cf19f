import assert from 'node:assert/strict';
import { createTaint, labelOfPath } from '../../../src/core/tools/taint.ts';
import type { Label } from '../../../src/core/tools/taint.ts';

function check(path: string, expected: Label, facts: { readonly untracked?: readonly string[]; readonly named?: readonly string[] } = {}): void {
  it(`${path} is ${expected}${facts.untracked ? ', untracked' : ''}${facts.named ? ', named by the user' : ''}`, () => {
    assert.equal(labelOfPath(path, { untracked: new Set(facts.untracked), named: new Set(facts.named) }), expected);
  });
}

describe('taint', () => {
  check('src/a.js', 'W');
  check('node_modules/x/index.js', 'X');
  check('Node_Modules/x/index.js', 'X');
  check('packages/a/vendor/x.py', 'X');
  check('README.md', 'X', { untracked: ['README.md'] });
  check('src/new.test.js', 'W', { untracked: ['src/new.test.js'] });
  check('notes.md', 'W', { untracked: ['notes.md'], named: ['notes.md'] });

  it('never goes down, and goes along with a handover', () => {
    const taint = createTaint();
    taint.raise('planner', 'X', 'node_modules/x');
    taint.raise('planner', 'U', 'the user');
    taint.raise('coder', 'W', 'src/a.js');
    assert.deepEqual([taint.of('planner'), taint.of('coder'), taint.of('reviewer')], ['X', 'W', 'U']);
    taint.handOver('planner', 'coder');
    assert.equal(taint.of('coder'), 'X');
    assert.match(taint.sourceOf('coder'), /planner: node_modules\/x/);
  });

  it('is what it was when a run is resumed', () => {
    const before = createTaint();
    before.raise('coder', 'X', 'git_log');
    assert.equal(createTaint(before.all()).of('coder'), 'X');
  });
});
