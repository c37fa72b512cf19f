/** Decides whether a reported crash can be had again without a model: the tests' own calls, a little changed, until one crashes in the same way. */
import type { Check } from '../domain/check.ts';
import { readThrown, watchTests } from '../repair/behaviour.ts';
import { type Crash, isSameCrash, likeness } from '../repair/crash.ts';
import { crashProbes, reportedValues } from '../repair/crashInputs.ts';
import { reachable } from '../repair/imports.ts';
import { testOfCall, type WrittenTest } from '../repair/reproduction.ts';
import { isTestFile } from '../checks/testFiles.ts';
import { runCheck } from '../tools/runCheck.ts';
import { pythonOf } from './behave.ts';
import type { RunContext } from './runContext.ts';
import { checkLimits } from './verifier.ts';

/** Test files tried, nearest to the crash first. */
const FILES_MAX = 6;
/** Test files whose imports are followed. */
const LOOKED_AT_MAX = 200;

/** undefined: no call was found that crashes so. `near`: how this project runs its tests. */
export async function findCrash(context: RunContext, crash: Crash, near: Check | undefined, signal: AbortSignal): Promise<WrittenTest | undefined> {
  if (near === undefined) return undefined;
  const python = pythonOf(near.argv);
  const reported = reportedValues(context.request.words);
  for (const path of await testsNear(context, crash, signal)) {
    const plan = await watchTests(context.project, { path, failingLines: [], make: (file) => crashProbes(file, reported), ...(python === undefined ? {} : { python }) });
    if (plan === undefined) continue;
    const result = await context.tools('verifier').call(runCheck, {
      check: near, argv: [...plan.argv], env: {}, kit: {}, collect: [], confined: context.confined, limits: checkLimits(plan.wallMs),
      overlay: plan.overlay.map((file) => ({ ...file, encoding: 'utf8' as const, bom: false })),
    }, signal);
    const found = readThrown(plan, result).flatMap((thrown, index) => (thrown !== undefined && isSameCrash(crash, thrown) ? [{ index, likeness: likeness(crash, thrown) }] : []));
    const best = found.reduce((first, one) => (one.likeness > first.likeness ? one : first), found[0] ?? { index: -1, likeness: 0 });
    const probe = plan.set.probes[best.index];
    const test = probe === undefined ? undefined : testOfCall({ path, set: plan.set }, { probe, error: crash.error, near });
    if (test !== undefined) return test;
  }
  return undefined;
}

/** Test files that reach a frame of the crash, those with the innermost frame in the fewest steps first. */
async function testsNear(context: RunContext, crash: Crash, signal: AbortSignal): Promise<readonly string[]> {
  const places = [...new Set(crash.frames.map(({ path }) => path))];
  const ranked: { readonly path: string; readonly cost: number }[] = [];
  for (const path of context.project.paths.filter((one) => isTestFile(one) && /\.(?:[cm]?[jt]s|py)$/u.test(one)).slice(0, LOOKED_AT_MAX)) {
    const distance = await reachable(context.project, [path], signal);
    const costs = places.flatMap((place, index) => (distance.has(place) ? [10 * index + (distance.get(place) ?? 0)] : []));
    if (costs.length > 0) ranked.push({ path, cost: Math.min(...costs) });
  }
  return ranked.sort((a, b) => a.cost - b.cost).slice(0, FILES_MAX).map(({ path }) => path);
}
