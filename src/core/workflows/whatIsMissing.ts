/** Decides what a run that a missing model or the sandbox ended says about it: what to install, or how to run without. */
import type { EnvironmentFault } from '../domain/check.ts';
import type { RunContext } from './runContext.ts';

const SANDBOX_MAY_BE_WHY: readonly EnvironmentFault['kind'][] = ['network', 'read-only', 'permission'];

/** "" where a model is there. The reason that it could not be had tells what to install. */
export function withoutModel(context: Pick<RunContext, 'model' | 'view'>, wantedFor: string): string {
  if (context.model !== undefined) return '';
  const said = context.view().degraded.find((what) => what.startsWith('no model: '))?.slice('no model: '.length) ?? '';
  return ` There was no model ${wantedFor}. ${said}`.trimEnd();
}

/** What the sandbox takes away may be all that a check lacks; only the person can say that it may have it. */
export function withoutSandbox(context: Pick<RunContext, 'confined'>, kind: EnvironmentFault['kind']): string {
  if (!context.confined || !SANDBOX_MAY_BE_WHY.includes(kind)) return '';
  return '\nChecks run in a sandbox: no network, and nothing to write to but a copy of the workspace. Where you trust this one, run it with all your rights: --unconfined or groundcrew.checks.unconfined';
}
