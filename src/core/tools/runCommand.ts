/** Decides how a role runs one program: argv without a shell, in the sandbox, in a disposable copy. Its changes to files are not kept. */
import * as z from 'zod';
import type { ProcessLimits } from '../ports.ts';
import { hiddenFrom, labelOfCommands, pathsOfCommand } from './commandClass.ts';
import { CommandOutcome, showOutcome } from './runCheck.ts';
import { defineTool } from './tool.ts';

/** One answer of a model waits for it: shorter than a check. */
export const COMMAND_LIMITS: ProcessLimits = { wallMs: 60_000, silenceMs: 30_000, outputBytes: 10 * 1024 * 1024, memoryBytes: 2 * 1024 * 1024 * 1024, processes: 256 };

export const runCommand = defineTool({
  name: 'run_command',
  category: 'terminal',
  permission: 'command',
  description: 'Run one program without a shell in a copy of the workspace; its changes to files are thrown away.',
  codeOnly: ['confined', 'wallMs'],
  input: z.object({
    argv: z.array(z.string()).min(1).max(1_000).describe('Program and arguments, each a word of its own.'),
    cwd: z.string().default('').describe('Folder relative to the workspace root.'),
    confined: z.boolean().default(true),
    wallMs: z.number().positive().max(600_000).default(COMMAND_LIMITS.wallMs),
  }),
  output: CommandOutcome,
  callsPerMinuteMax: 30,
  cacheable: false,
  touches: ({ argv, cwd, confined }) => ({ argv, cwd, confined, paths: pathsOfCommand(argv).map((path) => (cwd === '' || /^[/~]/u.test(path) ? path : `${cwd}/${path}`)) }),
  labelOf: ({ argv }) => labelOfCommands([argv]),
  show: showOutcome,
  async run({ argv, cwd, confined, wallMs }, host, signal) {
    const snapshot = await host.snapshot(signal);
    const hide = hiddenFrom([argv]);
    return await snapshot.run({ ...(hide === undefined ? {} : { hide }), argv, cwd, confined, env: {}, overlay: [], kit: {}, collect: [], limits: { ...COMMAND_LIMITS, wallMs, silenceMs: Math.min(COMMAND_LIMITS.silenceMs, wallMs) } }, signal);
  },
});
