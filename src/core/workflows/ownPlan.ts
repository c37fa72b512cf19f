/** Decides what becomes of a plan that a person has edited before it ran: what is done stays, the rest goes in their order, applying comes last. */
import type { Plan, Task } from '../domain/plan.ts';
import { parsePlan, PlanInvalid, type States } from '../plan/graph.ts';
import type { Suspect } from '../repair/suspect.ts';
import { matchesGlobs } from '../tools/grants.ts';

export interface OfferedPlan {
  readonly plan: Plan;
  readonly states: States;
}

/** What the person left of the tasks that wait, in their order. New ones are the coder's. */
export type KeptTasks = readonly Pick<Task, 'id' | 'title' | 'files'>[];

/** Asks until the answer makes a sound plan; `wrong` says what was not. undefined: run it as it is. */
export type EditPlan = (offered: OfferedPlan & { readonly cause: string; readonly wrong: string }, signal: AbortSignal) => Promise<KeptTasks | undefined>;

export async function settlePlan(offered: OfferedPlan, cause: string, edit: EditPlan, signal: AbortSignal): Promise<OfferedPlan & { readonly by: 'user' | 'model' }> {
  for (let wrong = ''; ; ) {
    const kept = await edit({ ...offered, cause, wrong }, signal);
    if (kept === undefined) return { ...offered, by: 'model' };
    try {
      return { ...edited(offered, kept), by: 'user' };
    } catch (error) {
      if (!(error instanceof PlanInvalid)) throw error;
      wrong = error.message;
    }
  }
}

/** @throws PlanInvalid when nobody would write code, or more is asked than a plan can hold. */
function edited({ plan, states }: OfferedPlan, kept: KeptTasks): OfferedPlan {
  const isSettled = ({ id }: Pick<Task, 'id'>): boolean => (states.get(id) ?? 'waiting') !== 'waiting';
  const settled = plan.tasks.filter(isSettled);
  const apply = plan.tasks.find(({ id }) => id === 'apply');
  const chosen: Task[] = [];
  for (const { id, title, files } of kept) {
    const known = plan.tasks.find((task) => task.id === id);
    if (known !== undefined && (isSettled(known) || known === apply)) continue;
    chosen.push(known === undefined ? { id, title, files: [...files], role: 'coder', dependsOn: [], acceptance: 'A candidate passes the failing test and breaks no other.', estimateMs: null } : { ...known, title, files: [...files] });
  }
  if (!chosen.some(({ role }) => role === 'coder')) throw new PlanInvalid('No step is left in which code is changed. Keep at least one of the coder, or stop the run.');
  const review = chosen.findIndex(({ id }) => id === 'review');
  if (review >= 0 && chosen.slice(review).some(({ role }) => role === 'coder')) throw new PlanInvalid('The review stands before a step that changes code. Move it below.');
  let before = settled.at(-1)?.id;
  const chained = [...chosen, ...(apply === undefined ? [] : [apply])].map((task): Task => {
    const next = { ...task, dependsOn: before === undefined ? [] : [before] };
    before = task.id;
    return next;
  });
  try {
    return { plan: parsePlan({ tasks: [...settled, ...chained] }), states: new Map([...states].filter(([id]) => settled.some((task) => task.id === id))) };
  } catch (error) {
    throw error instanceof PlanInvalid ? error : new PlanInvalid('A plan holds at most twelve steps. Delete some.');
  }
}

/** In the order of the files that a step names; all of them where it names none that is suspected. */
export function suspectsOf(task: Pick<Task, 'files'>, suspects: readonly Suspect[]): readonly Suspect[] {
  const place = (suspect: Suspect): number => task.files.findIndex((file) => matchesGlobs([file], suspect.path));
  const named = suspects.filter((suspect) => place(suspect) >= 0);
  return named.length === 0 ? suspects : named.toSorted((a, b) => place(a) - place(b));
}
