/** Decides how code runs a check: with which files changed, which helpers, and what is read back. Models run commands (runCommand.ts). */
import * as z from 'zod';
import { Check } from '../domain/check.ts';
import { Sha256 } from '../domain/patch.ts';
import { defineTool } from './tool.ts';

/** As CommandResult in ports.ts. */
export const CommandOutcome = z.object({
  ended: z.enum(['exited', 'signalled', 'wall-limit', 'silence-limit', 'output-limit', 'stopped', 'unstarted']),
  exit: z.int().nullable(),
  stdout: z.string(),
  stderr: z.string(),
  outputSha256: Sha256,
  collected: z.record(z.string(), z.string()),
  durationMs: z.number(),
  confined: z.boolean(),
  environmentSha256: Sha256,
});
export type CommandOutcome = z.infer<typeof CommandOutcome>;

const Limits = z.object({
  wallMs: z.number().positive(),
  silenceMs: z.number().positive(),
  outputBytes: z.number().positive(),
  memoryBytes: z.number().positive(),
  processes: z.int().positive(),
});

const ChangedFile = z.object({
  path: z.string().min(1),
  text: z.string().nullable().describe('null: deleted.'),
  encoding: z.enum(['utf8', 'latin1']).default('utf8'),
  bom: z.boolean().default(false),
});

/** A function is no argument: the log leaves it out, and no digest covers it. */
const OnLine = z.custom<(line: string) => void>((value) => typeof value === 'function', 'a function');

export const runCheck = defineTool({
  name: 'run_check',
  category: 'terminal',
  permission: 'check',
  description: 'Run a check of the project in a disposable copy.',
  notForModels: true,
  input: z.object({
    check: Check,
    argv: z.array(z.string()).min(1).optional().describe("What is run for the check; left out: the check's own argv."),
    overlay: z.array(ChangedFile).default([]),
    kit: z.record(z.string(), z.string()).default({}),
    env: z.record(z.string(), z.string()).default({}),
    collect: z.array(z.string()).default([]),
    limits: Limits,
    confined: z.boolean().default(true),
    onLine: OnLine.optional(),
  }),
  output: CommandOutcome,
  // Candidates are many: hundreds of mechanical ones a minute.
  callsPerMinuteMax: 6_000,
  cacheable: false,
  touches: ({ check, argv, confined }) => ({ argv: argv ?? check.argv, cwd: check.cwd, check, confined }),
  show: showOutcome,
  async run({ check, argv, onLine, ...rest }, host, signal) {
    const snapshot = await host.snapshot(signal);
    return await snapshot.run({ ...rest, argv: argv ?? check.argv, cwd: check.cwd, ...(onLine ? { onLine } : {}) }, signal);
  },
});

/** How it ended, then what it wrote. */
export function showOutcome({ ended, exit, stdout, stderr }: CommandOutcome): string {
  const end = exit === null ? ended : `exit ${exit}`;
  return [end, stdout.trimEnd(), stderr.trimEnd()].filter((part) => part !== '').join('\n');
}
