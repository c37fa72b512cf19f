/** Decides what fails now: finds the check, runs it twice on the unchanged tree, and narrows it to the nearest failing tests. */
import { checkFromArgv, discoverChecks } from '../checks/discover.ts';
import { narrowCheck } from '../checks/narrow.ts';
import type { Check, CheckOutcome, EnvironmentFault, TestResult } from '../domain/check.ts';
import type { RunContext } from './runContext.ts';

export interface Failure {
  /** The nearest check that fails: what a candidate must pass first. */
  readonly target: Check;
  /** The check that `target` was narrowed from, and every other test of the project where one was found. */
  readonly wider: readonly Check[];
  readonly outcome: CheckOutcome;
  /** Failing tests of the target; empty when the runner does not say single tests. */
  readonly failing: readonly TestResult[];
  /** Passing tests that the first run named: for the spectrum and against regressions. */
  readonly passing: readonly TestResult[];
  /** `words`: nothing fails; what the user reports is all there is, so a candidate can only be proposed. */
  readonly shownBy: 'check' | 'words';
  /** One candidate's wall limit: a multiple of what the base took. */
  readonly wallMs: number;
}

export type Baseline =
  | { readonly kind: 'reproduced'; readonly failure: Failure }
  | { readonly kind: 'not-reproduced'; readonly reason: string }
  | { readonly kind: 'environment'; readonly check: Check; readonly fault: EnvironmentFault; readonly output: string }
  | { readonly kind: 'no-check' };

/** Checks tried on the base tree before "not reproduced" is said. */
const CHECKS_MAX = 6;
/** A candidate may take so many times what the base took, plus a floor for a loaded machine. */
const WALL_FACTOR = 4;
const WALL_FLOOR_MS = 3_000;

export async function findFailure(context: RunContext, signal: AbortSignal): Promise<Baseline> {
  const checks = await findChecks(context, signal);
  if (checks.length === 0) return { kind: 'no-check' };
  const ran: string[] = [];
  let fault: Extract<Baseline, { kind: 'environment' }> | undefined;
  for (const [index, check] of checks.slice(0, CHECKS_MAX).entries()) {
    const first = await run(context, check, 'reproduce', signal);
    ran.push(check.argv.join(' '));
    if (first.environment !== undefined) {
      fault ??= { kind: 'environment', check, fault: first.environment, output: first.failure };
      continue;
    }
    if (first.passed) continue;
    context.emit('check.found', { checks: [...checks], chosen: index });
    return await confirm(context, check, checks, first, signal);
  }
  context.emit('check.found', { checks: [...checks], chosen: null });
  return fault ?? { kind: 'not-reproduced', reason: `Every check passes on the unchanged code: ${ran.join('; ')}.` };
}

async function findChecks(context: RunContext, signal: AbortSignal): Promise<readonly Check[]> {
  const { request, project } = context;
  if (request.test !== null) return [await checkFromArgv(request.test, project, signal)];
  const found = (await discoverChecks(project, signal)).filter((check) => check.scope !== 'types');
  if (request.file === null) return found;
  const near = found.flatMap((check) => narrowCheck(check, { path: request.file ?? '' }) ?? []);
  return [...near, ...found];
}

/** A failing check must fail twice in the same way: a flip is a flaky test, and no fix can be proven by it. */
async function confirm(context: RunContext, check: Check, checks: readonly Check[], first: CheckOutcome, signal: AbortSignal): Promise<Baseline> {
  const nearest = nearestFailing(check, first);
  const second = await run(context, nearest, 'reproduce again', signal, nearest === check ? 1 : 0);
  const target = second.passed ? check : nearest;
  const again = second.passed && nearest !== check ? await run(context, check, 'reproduce again', signal, 1) : second;
  if (again.passed) return { kind: 'not-reproduced', reason: `"${check.argv.join(' ')}" failed once and then passed on the same code: the test is flaky, so no fix could be proven.` };
  const outcome = await withOperands(context, target, target === check && nearest === check ? first : again, signal);
  const tests = first.tests ?? [];
  const failing = (outcome.tests ?? []).filter((test) => test.state === 'failed');
  return {
    kind: 'reproduced',
    failure: {
      shownBy: 'check',
      target,
      wider: widen(target, check, checks),
      outcome,
      failing,
      passing: tests.filter((test) => test.state === 'passed'),
      wallMs: Math.max(WALL_FLOOR_MS, WALL_FACTOR * Math.max(first.durationMs, again.durationMs)),
    },
  };
}

function nearestFailing(check: Check, outcome: CheckOutcome): Check {
  const failed = outcome.tests?.find((test) => test.state === 'failed');
  if (failed?.path === undefined) return check;
  return narrowCheck(check, { path: failed.path }) ?? check;
}

/** From near to far, without the target and without what is the same command. */
function widen(target: Check, check: Check, checks: readonly Check[]): readonly Check[] {
  const seen = new Set([key(target)]);
  return [check, ...checks.filter((other) => other.scope === 'all')].filter((other) => !seen.has(key(other)) && seen.add(key(other)));
}

const key = (check: Check): string => JSON.stringify([check.argv, check.cwd]);

/** Where the runner prints no values, the failing check is run once more with the assertion's operands printed. */
async function withOperands(context: RunContext, check: Check, outcome: CheckOutcome, signal: AbortSignal): Promise<CheckOutcome> {
  const failed = outcome.tests?.find((test) => test.state === 'failed');
  if (failed === undefined || failed.actual !== undefined) return outcome;
  const { outcome: richer } = await context.verifier.verify({ check, purpose: 'print the values', wallMs: context.settings.checkWallMs, operands: true }, signal);
  return richer.passed || richer.environment !== undefined ? outcome : richer;
}

async function run(context: RunContext, check: Check, purpose: string, signal: AbortSignal, again = 0): Promise<CheckOutcome> {
  return (await context.verifier.verify({ check, purpose, wallMs: context.settings.checkWallMs, again }, signal)).outcome;
}
