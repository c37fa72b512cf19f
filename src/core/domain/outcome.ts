/** Decides the ways a run can end, and the exit code of each. */
import * as z from 'zod';
import { Gate, Source } from './candidate.ts';
import { Finding } from './finding.ts';
import { TaskState } from './plan.ts';
import { Role } from './role.ts';

export const OutcomeKind = z.enum([
  'fixed', 'proposed', 'partial', 'undecided', 'not-reproduced', 'gave-up', 'conflict', 'needs-approval',
  'environment', 'stopped', 'reviewed', 'error',
]);
export type OutcomeKind = z.infer<typeof OutcomeKind>;

/** Data of `run.finished`, the last line under --json: other programs rely on it. */
export const Outcome = z.object({
  command: z.string(),
  kind: OutcomeKind,
  patch: z.string().nullable().describe('Unified diff.'),
  applied: z.boolean(),
  receipt: z.object({ id: z.string(), hash: z.string(), argv: z.array(z.string()), exit: z.int().nullable() }).nullable(),
  tasks: z.array(z.object({ id: z.string(), role: Role, state: TaskState })),
  candidates: z.array(z.object({ source: Source, gate: Gate, verdict: z.enum(['passed', 'failed', 'chosen']) })),
  findings: z.array(Finding),
  refused: z.array(z.object({ role: Role, tool: z.string(), rule: z.string(), what: z.string() })),
  degraded: z.array(z.string()),
  attempts: z.int().min(0),
  tokens: z.object({ prompt: z.int(), reply: z.int() }),
  modelMs: z.number(),
  durationMs: z.number(),
  reason: z.string(),
});
export type Outcome = z.infer<typeof Outcome>;

/** Exit codes of the command line: 0 done · 1 not done · 2 cannot · 3 not reproduced · 4 needs approval · 130 stopped. */
export function exitCode(outcome: Pick<Outcome, 'kind' | 'findings'>): number {
  switch (outcome.kind) {
    case 'fixed': return 0;
    case 'reviewed': return outcome.findings.some((finding) => finding.severity === 'error') ? 1 : 0;
    case 'proposed': case 'partial': case 'undecided': case 'conflict': case 'gave-up': return 1;
    case 'error': case 'environment': return 2;
    case 'not-reproduced': return 3;
    case 'needs-approval': return 4;
    case 'stopped': return 130;
  }
}
