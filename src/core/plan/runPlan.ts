/** Decides the order in which the tasks of a plan are worked on: whatever is ready, until nothing is or one ends the run. */
import type { Emit } from '../domain/event.ts';
import type { Plan, Task, TaskState } from '../domain/plan.ts';
import { dependants, readyTasks, type States } from './graph.ts';

export type TaskResult =
  | { readonly kind: 'done'; readonly summary: string }
  | { readonly kind: 'skipped'; readonly summary: string }
  | { readonly kind: 'failed'; readonly summary: string }
  /** The plan changed: go on with this one from these states. */
  | { readonly kind: 'replan'; readonly summary: string; readonly plan: Plan; readonly states: States; readonly by?: 'user' | 'model' };

/** Replacements of a plan in one run; a plan that needs more is not getting anywhere. */
const REPLANS_MAX = 4;

/**
 * Runs each ready task, one after another in the plan's order (one model slot and one snapshot make parallel tasks wait for
 * each other anyway). A failed task ends its dependants as skipped. Resolves with the last states.
 * @throws whatever `work` throws; the running task is then marked `stopped` when the signal fired, else `failed`.
 */
export async function runPlan(first: Plan, work: (task: Task, signal: AbortSignal) => Promise<TaskResult>, emit: Emit, signal: AbortSignal): Promise<States> {
  let plan = first;
  let states: Map<string, TaskState> = new Map();
  let replans = 0;
  for (let task = readyTasks(plan, states)[0]; task !== undefined; task = readyTasks(plan, states)[0]) {
    signal.throwIfAborted();
    states.set(task.id, 'running');
    emit('task.started', { task: task.id, attempt: 1 });
    const result = await attempt(task, work, emit, signal);
    if (result.kind === 'replan') {
      replans += 1;
      if (replans > REPLANS_MAX) throw new Error(`The plan was changed ${REPLANS_MAX} times without an end; the run stops here.`);
      plan = result.plan;
      states = new Map([...result.states, [task.id, 'done'] as const]);
      emit('task.finished', { task: task.id, state: 'done', summary: result.summary });
      emit('plan.made', { plan, by: result.by ?? 'model' });
      continue;
    }
    states.set(task.id, result.kind);
    emit('task.finished', { task: task.id, state: result.kind, summary: result.summary });
    if (result.kind === 'failed') skip(plan, states, task.id, emit);
  }
  return states;
}

async function attempt(task: Task, work: (task: Task, signal: AbortSignal) => Promise<TaskResult>, emit: Emit, signal: AbortSignal): Promise<TaskResult> {
  try {
    return await work(task, signal);
  } catch (error) {
    emit('task.finished', { task: task.id, state: signal.aborted ? 'stopped' : 'failed', summary: error instanceof Error ? error.message : String(error) });
    throw error;
  }
}

function skip(plan: Plan, states: Map<string, TaskState>, failed: string, emit: Emit): void {
  for (const id of dependants(plan, failed)) {
    if ((states.get(id) ?? 'waiting') !== 'waiting') continue;
    states.set(id, 'skipped');
    emit('task.finished', { task: id, state: 'skipped', summary: `"${failed}" failed.` });
  }
}
