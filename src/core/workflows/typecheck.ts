/** Decides whether candidates must pass a typecheck: only one that the project has and that passes now. */
import { discoverChecks } from '../checks/discover.ts';
import type { Check } from '../domain/check.ts';
import type { Failure } from './baseline.ts';
import type { RunContext } from './runContext.ts';

/** undefined: the language has no separate typecheck here, or it fails already on the unchanged code. */
export async function findTypecheck(context: RunContext, failure: Failure, signal: AbortSignal): Promise<Check | undefined> {
  const near = failure.target.cwd;
  const checks = (await discoverChecks(context.project, signal)).filter((check) => check.scope === 'types');
  return checks.find((check) => check.cwd === near) ?? checks[0];
}
