/** Decides how the planner's answer becomes a plan: its chosen suspects first, a coder's task for each file, the rest as it was. */
import { planner, PlanReply } from '../agents/roles/planner.ts';
import { asData, layOut } from '../agents/prompt.ts';
import { runTurn } from '../agents/turn.ts';
import { Plan, type Task } from '../domain/plan.ts';
import { repairPlan, type States } from '../plan/graph.ts';
import { suspectText } from '../repair/suspectText.ts';
import type { Suspect } from '../repair/suspect.ts';
import type { RunView } from '../run/view.ts';
import type { Failure } from './baseline.ts';
import { missing } from './modelMissing.ts';
import { type RunContext, send } from './runContext.ts';

export interface Planned {
  readonly cause: string;
  /** The chosen ones first. */
  readonly suspects: readonly Suspect[];
  /** The plan with the planner's steps in place of `fix`, from the states of that moment. */
  readonly replan: (view: RunView) => { readonly plan: Plan; readonly states: States };
}

/** Suspects shown to the planner, and lines of each: what a small model reads in seconds. */
const SHOWN_MAX = 4;
const SHOWN_TOKENS = 140;

export async function makePlan(context: RunContext, failure: Failure, suspects: readonly Suspect[], signal: AbortSignal): Promise<Planned | undefined> {
  const { model } = context;
  if (model === undefined) return undefined;
  const request = send(context, { sender: 'orchestrator', receiver: 'planner', intent: 'delegate', type: 'request', expects: 'plan', body: `Plan the change: ${suspects.length} suspects.` });
  const shown = suspects.slice(0, SHOWN_MAX);
  const texts = await Promise.all(shown.map(async (suspect, index) => `${index + 1}. ${suspect.path}:${suspect.line} ${suspect.symbol}\n${await suspectText(context.project, suspect, model, SHOWN_TOKENS)}`));
  const records = [asData('failing test', failure.outcome.failure), asData('suspects', texts.join('\n\n'))];
  const answer = await missing(context, 'planner', async () => await runTurn({
    model,
    messages: layOut({ records }, planner, context.request.words === '' ? 'Plan the change.' : `The user says: ${context.request.words}`),
    toolbox: context.turnTools('planner'),
    label: { role: 'planner', task: 'plan', purpose: 'plan', priority: 'interactive' },
    sampling: { temperature: 0, seed: context.settings.seed, replyTokensMax: planner.limits.replyTokensMax },
    schema: PlanReply,
    turnsMax: planner.limits.turnsMax,
  }, signal));
  if (answer === undefined) return undefined;
  const steps = answer.value.steps.filter((step) => step.suspect <= shown.length);
  send(context, { sender: 'planner', receiver: 'orchestrator', intent: 'inform', type: 'response', replyTo: request, body: answer.value.cause });
  const chosen = steps.flatMap((step) => shown[step.suspect - 1] ?? []);
  const ordered = [...new Set([...chosen, ...suspects])];
  return { cause: answer.value.cause, suspects: ordered, replan: (view) => withSteps(view, [...new Set(chosen.map((suspect) => suspect.path))], suspects.map((suspect) => suspect.path)) };
}

/** The coder's task begins with the chosen files; the other suspects stay behind them, for when the planner is wrong. */
function withSteps(view: RunView, paths: readonly string[], all: readonly string[]): { readonly plan: Plan; readonly states: States } {
  const states: States = new Map([...view.tasks.values()].map((task) => [task.id, task.state]));
  const plan = Plan.parse(view.plan);
  const fix = plan.tasks.find((task) => task.id === 'fix');
  if (fix === undefined || paths.length === 0) return { plan, states };
  const chosen: Task = { ...fix, id: 'fix-planned', title: `Fix ${paths.join(', ')}`.slice(0, 60), files: [...new Set([...paths, ...all])] };
  return repairPlan(plan, states, 'fix', [chosen]);
}
