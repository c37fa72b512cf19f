import assert from 'node:assert/strict';
import type { Emit } from '../../../src/core/domain/event.ts';
import type { Task } from '../../../src/core/domain/plan.ts';
import { repairPlan } from '../../../src/core/plan/graph.ts';
import { runPlan, type TaskResult } from '../../../src/core/plan/runPlan.ts';

const task = (id: string, dependsOn: readonly string[] = []): Task => ({ id, title: id, role: 'coder', dependsOn: [...dependsOn], acceptance: '', files: [], estimateMs: null });
const plan = { tasks: [task('a'), task('b', ['a']), task('c', ['b'])] };

async function check(work: (task: Task) => TaskResult, expected: readonly string[]): Promise<void> {
  const seen: string[] = [];
  const emit: Emit = (type, data) => {
    if (type === 'task.finished' && 'task' in data && 'state' in data) seen.push(`${data.task} ${data.state}`);
  };
  await runPlan(plan, async (one) => work(one), emit, new AbortController().signal);
  assert.deepEqual(seen, expected);
}

describe('runPlan', () => {
  it('works on each task once its dependencies are done', async () => await check(() => ({ kind: 'done', summary: '' }), ['a done', 'b done', 'c done']));
  it('skips whatever waits for a failed task', async () => await check(({ id }) => ({ kind: id === 'b' ? 'failed' : 'done', summary: '' }), ['a done', 'b failed', 'c skipped']));

  it('goes on with a repaired plan', async () => {
    let repaired = false;
    await check(({ id }) => {
      if (id !== 'b' || repaired) return { kind: 'done', summary: '' };
      repaired = true;
      return { kind: 'replan', summary: '', ...repairPlan(plan, new Map([['a', 'done'], ['b', 'failed']]), 'b', [task('b1')]) };
    }, ['a done', 'b done', 'b1 done', 'c done']);
  });

  it('stops at the signal and marks the running task', async () => {
    const control = new AbortController();
    const states: string[] = [];
    const emit: Emit = (type, data) => {
      if (type === 'task.finished' && 'state' in data) states.push(String(data.state));
    };
    const run = runPlan(plan, async (_task, signal) => {
      control.abort(new Error('stopped'));
      signal.throwIfAborted();
      return { kind: 'done', summary: '' };
    }, emit, control.signal);
    await assert.rejects(run, /stopped/u);
    assert.deepEqual(states, ['stopped']);
  });

  it('ends a plan that is changed without end', async () => {
    await assert.rejects(runPlan(plan, async ({ id }) => ({ kind: 'replan', summary: '', ...repairPlan({ tasks: [task(id)] }, new Map(), id, [task(`${id}x`)]) }), () => undefined, new AbortController().signal), /changed 4 times/u);
  });
});
