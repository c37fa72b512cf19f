/** Decides whether a reported crash can be had again without a model: the tests' own calls, a little changed, until one crashes in the same way. */
import type { Check } from '../domain/check.ts';
import { readThrown, watchTests } from '../repair/behaviour.ts';
import { type Crash, isSameCrash, likeness } from '../repair/crash.ts';
import { crashProbes, reportedValues } from '../repair/crashInputs.ts';
import { reachable } from '../repair/imports.ts';
import type { Probe } from '../repair/inputs.ts';
import { isAccident, testOfCalls, type WrittenTest } from '../repair/reproduction.ts';
import { isTestFile } from '../checks/testFiles.ts';
import { pythonOf, runProbes } from './behave.ts';
import type { RunContext } from './runContext.ts';

/** Test files tried, nearest to the crash first. */
const FILES_MAX = 6;
/** Calls in one reproduction. */
const CALLS_MAX = 3;
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
    const result = await runProbes(context, { check: near, plan, over: [] }, signal);
    const found = readThrown(plan, result).flatMap((thrown, index) => {
      const probe = plan.set.probes[index];
      return probe !== undefined && thrown !== undefined && isSameCrash(crash, thrown) ? [{ probe, likeness: likeness(crash, thrown) }] : [];
    });
    const most = Math.max(...found.map((one) => one.likeness));
    // What no code means to throw is wrong on every input; what it throws on purpose, only where the report says so.
    const alike = isAccident(crash.error) ? found.toSorted((a, b) => b.likeness - a.likeness) : found.filter((one) => one.likeness === most);
    const probes = unlike(alike.map((one) => one.probe));
    const test = testOfCalls({ path, set: plan.set }, { probes, error: crash.error, near });
    if (test !== undefined) return test;
  }
  return undefined;
}

/** A few that differ in call and setup: a guard that fits one of them alone is no fix. */
function unlike(probes: readonly Probe[]): readonly Probe[] {
  const chosen: Probe[] = [];
  const isOther = { call: (a: Probe, b: Probe) => a.observe !== b.observe, setup: (a: Probe, b: Probe) => a.setup.join('\n') !== b.setup.join('\n') };
  const rounds = [(a: Probe, b: Probe) => isOther.call(a, b) && isOther.setup(a, b), isOther.setup, isOther.call];
  for (const differs of rounds) {
    for (const probe of probes) if (chosen.length < CALLS_MAX && chosen.every((other) => differs(probe, other))) chosen.push(probe);
  }
  return chosen;
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
