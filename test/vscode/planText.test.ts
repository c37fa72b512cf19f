import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Task, TaskState } from '../../src/core/domain/plan.ts';
import { settlePlan } from '../../src/core/workflows/ownPlan.ts';
import { planText, readPlan } from '../../src/vscode/planText.ts';

const task = (id: string, role: Task['role'], dependsOn: string[], files: string[] = []): Task => ({ id, title: `Do ${id}`, role, dependsOn, acceptance: '', files, estimateMs: null });
const plan = { tasks: [task('reproduce', 'verifier', []), task('fix-a', 'coder', ['reproduce'], ['a.js', 'b.js']), task('fix-b', 'coder', ['fix-a'], ['b.js']), task('review', 'reviewer', ['fix-b']), task('apply', 'verifier', ['review'])] };
const states = new Map<string, TaskState>([['reproduce', 'done']]);
const text = planText({ plan, states, cause: 'The rate | is <wrong>\nthere.', wrong: '' });

describe('a plan as a checklist', () => {
  it('shows what is done, what waits and its files', () => {
    assert.deepEqual(text.split('\n').filter((line) => line.startsWith('- [')), [
      '- [x] Do reproduce', '- [ ] Do fix-a | files: a.js, b.js  <!-- fix-a -->', '- [ ] Do fix-b | files: b.js  <!-- fix-b -->', '- [ ] Do review  <!-- review -->', '- [ ] Do apply  <!-- apply -->',
    ]);
    assert.match(text, /^The rate {3}is {2}wrong> there\.$/mu);
  });

  it('reads its own text as the same steps', () => assert.deepEqual(readPlan(text).map(({ id, title, files }) => [id, title, files]), [
    ['fix-a', 'Do fix-a', ['a.js', 'b.js']], ['fix-b', 'Do fix-b', ['b.js']], ['review', 'Do review', []], ['apply', 'Do apply', []],
  ]));

  async function check(edit: (lines: readonly string[]) => readonly string[], expected: readonly (readonly [string, string, readonly string[]])[] | RegExp): Promise<void> {
    let wrong = '';
    const settled = await settlePlan({ plan, states }, '', async (offered) => {
      if (wrong !== '' || offered.wrong !== '') {
        wrong ||= offered.wrong;
        return undefined;
      }
      return readPlan(edit(text.split('\n')).join('\n'));
    }, new AbortController().signal);
    if (expected instanceof RegExp) return assert.match(wrong, expected);
    assert.deepEqual(settled.plan.tasks.map(({ id, title, dependsOn }) => [id, title, dependsOn]), expected);
    assert.equal(settled.by, 'user');
    assert.equal(settled.states.get('reproduce'), 'done');
  }
  const without = (id: string) => (lines: readonly string[]): readonly string[] => lines.filter((line) => !line.includes(`<!-- ${id} -->`));

  it('goes on without what was deleted', async () => await check(without('review'), [['reproduce', 'Do reproduce', []], ['fix-a', 'Do fix-a', ['reproduce']], ['fix-b', 'Do fix-b', ['fix-a']], ['apply', 'Do apply', ['fix-b']]]));
  it('goes in the order of the lines', async () => await check((lines) => {
    const at = lines.findIndex((line) => line.includes('<!-- fix-a -->'));
    return lines.with(at, lines[at + 1] ?? '').with(at + 1, lines[at] ?? '');
  }, [['reproduce', 'Do reproduce', []], ['fix-b', 'Do fix-b', ['reproduce']], ['fix-a', 'Do fix-a', ['fix-b']], ['review', 'Do review', ['fix-a']], ['apply', 'Do apply', ['review']]]));
  it('has the step that was added', async () => await check((lines) => without('fix-b')(lines).map((line) => (line.includes('<!-- fix-a -->') ? '- [ ] Look at the cache | files: c.js' : line)), [['reproduce', 'Do reproduce', []], ['own-1', 'Look at the cache', ['reproduce']], ['review', 'Do review', ['own-1']], ['apply', 'Do apply', ['review']]]));
  it('always ends in applying, which asks by itself', async () => await check(without('apply'), [['reproduce', 'Do reproduce', []], ['fix-a', 'Do fix-a', ['reproduce']], ['fix-b', 'Do fix-b', ['fix-a']], ['review', 'Do review', ['fix-b']], ['apply', 'Do apply', ['review']]]));
  it('is asked for again when nobody would write code', async () => await check((lines) => without('fix-a')(without('fix-b')(lines)), /No step is left in which code is changed/u));
  it('is asked for again when the review comes too early', async () => await check((lines) => ['- [ ] Do review <!-- review -->', ...without('review')(lines)], /The review stands before/u));
  it('is asked for again when it has more steps than a plan holds', async () => await check((lines) => [...Array.from({ length: 12 }, (_, at) => `- [ ] Step ${at}`), ...lines], /at most twelve/u));
  it('is garbage: no step is left', async () => await check(() => ['\0', '- [ ]', '- [ ] | files: x', 'x'.repeat(100_000)], /No step is left/u));
});
