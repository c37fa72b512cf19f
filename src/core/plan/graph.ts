/** Decides which plans are sound, which tasks may start, and how a plan is repaired without being rewritten. */
import { Plan, type Task, type TaskState } from '../domain/plan.ts';

export class PlanInvalid extends Error {
  override readonly name = 'PlanInvalid';
}

export type States = ReadonlyMap<string, TaskState>;

/** @throws PlanInvalid naming the duplicate, the unknown dependency or the cycle; or zod's error for more than twelve tasks. */
export function parsePlan(value: unknown): Plan {
  const plan = Plan.parse(value);
  const ids = new Set<string>();
  for (const task of plan.tasks) {
    if (ids.has(task.id)) throw new PlanInvalid(`Two tasks are called "${task.id}": give each its own id.`);
    ids.add(task.id);
  }
  for (const task of plan.tasks) {
    const unknown = task.dependsOn.find((id) => !ids.has(id));
    if (unknown !== undefined) throw new PlanInvalid(`Task "${task.id}" depends on "${unknown}", which the plan does not hold.`);
  }
  const cycle = findCycle(plan);
  if (cycle.length > 0) throw new PlanInvalid(`These tasks wait for one another: ${cycle.join(' → ')}.`);
  return plan;
}

/** Waiting tasks whose dependencies are all done or skipped, in the plan's order. */
export function readyTasks(plan: Plan, states: States): readonly Task[] {
  const settled = (id: string): boolean => {
    const state = states.get(id);
    return state === 'done' || state === 'skipped';
  };
  return plan.tasks.filter((task) => (states.get(task.id) ?? 'waiting') === 'waiting' && task.dependsOn.every(settled));
}

/** Every task that waits, directly or not, for `id`. */
export function dependants(plan: Plan, id: string): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [id];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const task of plan.tasks) {
      if (!task.dependsOn.includes(next) || found.has(task.id)) continue;
      found.add(task.id);
      open.push(task.id);
    }
  }
  return found;
}

/**
 * Replaces a failed task by others that stand in its place: they inherit what it waited for, and whatever waited for it
 * waits for the last of them and starts again. Every other task keeps its state.
 * @throws PlanInvalid when the result is no sound plan.
 */
export function repairPlan(plan: Plan, states: States, failed: string, replacement: readonly Task[]): { readonly plan: Plan; readonly states: States } {
  const old = plan.tasks.find((task) => task.id === failed);
  const last = replacement.at(-1);
  if (old === undefined || last === undefined) throw new PlanInvalid(`Cannot replace "${failed}": it is not in the plan, or nothing was given for it.`);
  const tasks = plan.tasks.flatMap((task): readonly Task[] => {
    if (task.id === failed) return replacement.map((part, index) => (index === 0 ? { ...part, dependsOn: [...new Set([...old.dependsOn, ...part.dependsOn])] } : part));
    return [{ ...task, dependsOn: task.dependsOn.map((id) => (id === failed ? last.id : id)) }];
  });
  const reset = dependants(plan, failed);
  // A resumed run still knows the tasks that its last process put in here; they are to be done again.
  const kept = [...states].filter(([id]) => id !== failed && !reset.has(id) && plan.tasks.some((task) => task.id === id));
  return { plan: parsePlan({ tasks }), states: new Map(kept) };
}

/** Tasks on a cycle in order, the first one repeated at the end; empty when there is none. */
function findCycle(plan: Plan): readonly string[] {
  const byId = new Map(plan.tasks.map((task) => [task.id, task]));
  const finished = new Set<string>();
  const walk = (id: string, path: readonly string[]): readonly string[] => {
    if (finished.has(id)) return [];
    if (path.includes(id)) return [...path.slice(path.indexOf(id)), id];
    for (const next of byId.get(id)?.dependsOn ?? []) {
      const cycle = walk(next, [...path, id]);
      if (cycle.length > 0) return cycle;
    }
    finished.add(id);
    return [];
  };
  for (const task of plan.tasks) {
    const cycle = walk(task.id, []);
    if (cycle.length > 0) return cycle;
  }
  return [];
}
