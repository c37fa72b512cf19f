/** Decides how code is watched: the unchanged tree and each survivor run the same inputs in the sandbox, and what they give is compared. */
import type { Check } from '../domain/check.ts';
import type { CommandResult } from '../ports.ts';
import { type Behaviour, type BehaviourPlan, prepareBehaviour, readBehaviour } from '../repair/behaviour.ts';
import type { Probe } from '../repair/inputs.ts';
import { runCheck } from '../tools/runCheck.ts';
import type { Failure } from './baseline.ts';
import type { Gates } from './gates.ts';
import type { RunContext } from './runContext.ts';
import type { Survivor } from './searchBoard.ts';
import { checkLimits, toOverlay } from './verifier.ts';

export interface Watched {
  readonly plan: BehaviourPlan;
  readonly base: Behaviour;
  /** By candidate id. */
  readonly outputs: ReadonlyMap<string, Behaviour>;
}

/** undefined: nothing of this failure can be watched. `probes`: watched before those that the tests give. */
export async function watch(context: RunContext, input: { readonly failure: Failure; readonly gates: Gates; readonly survivors: readonly Survivor[]; readonly probes?: readonly Probe[] }, signal: AbortSignal): Promise<Watched | undefined> {
  const python = input.failure.target.runner === 'pytest' || input.failure.target.runner === 'unittest' ? pythonOf(input.failure.target.argv) : undefined;
  const plan = await prepareBehaviour(input.failure.outcome, context.project, { ...(python === undefined ? {} : { python }), first: input.probes ?? [] });
  if (plan === undefined) return undefined;
  const run = async (survivor: Survivor | undefined): Promise<Behaviour> =>
    readBehaviour(plan, await runProbes(context, { check: input.failure.target, plan, over: toOverlay(survivor?.candidate.patch, input.gates.base) }, signal));
  const [base, ...own] = await Promise.all([run(undefined), ...input.survivors.map(run)]);
  return { plan, base, outputs: new Map(input.survivors.map((survivor, index) => [survivor.candidate.id, own[index] ?? []])) };
}

/** One sandboxed process for all probes of a plan. `over`: files that it sees changed. */
export async function runProbes(context: RunContext, { check, plan, over }: { readonly check: Check; readonly plan: BehaviourPlan; readonly over: ReturnType<typeof toOverlay> }, signal: AbortSignal): Promise<CommandResult> {
  return await context.tools('verifier').call(runCheck, {
    check, argv: [...plan.argv], env: {}, kit: {}, collect: [], confined: context.confined, limits: checkLimits(plan.wallMs),
    overlay: [...context.verifier.supporting, ...over, ...plan.overlay.map((file) => ({ ...file, encoding: 'utf8' as const, bom: false }))],
  }, signal);
}

/** The interpreter that the check names, so that a virtual environment is the same for both. */
export function pythonOf(argv: readonly string[]): string | undefined {
  return argv.find((word) => /(?:^|\/)python[\d.]*$/u.test(word));
}
