/** Decides how a role runs a line of shell: parsed to commands that are run as parsed, in the sandbox, in a disposable copy. */
import * as z from 'zod';
import { hiddenFrom, labelOfCommands } from './commandClass.ts';
import { CommandOutcome, showOutcome } from './runCheck.ts';
import { COMMAND_LIMITS } from './runCommand.ts';
import { commandsOfScript, pathsOfScript } from './scriptClass.ts';
import { parseShell, quoteSteps } from './shellText.ts';
import { defineTool } from './tool.ts';

export const runScript = defineTool({
  name: 'run_script',
  category: 'terminal',
  permission: 'command',
  description: 'Run a line of shell in a copy of the workspace; plain commands joined by && || ; | need no question when they only read.',
  codeOnly: ['wallMs'],
  input: z.object({
    script: z.string().min(1).max(100_000),
    wallMs: z.number().positive().max(600_000).default(COMMAND_LIMITS.wallMs),
  }),
  output: CommandOutcome,
  callsPerMinuteMax: 30,
  cacheable: false,
  touches: ({ script }) => ({ script, paths: pathsOfScript(script) }),
  labelOf: ({ script }) => labelOfCommands(commandsOfScript(script)),
  show: showOutcome,
  async run({ script, wallMs }, host, signal) {
    const parsed = parseShell(script);
    const argv = parsed.kind === 'plain' ? ['sh', '-c', quoteSteps(parsed.steps)] : ['bash', '-c', script];
    const hide = parsed.kind === 'plain' ? hiddenFrom(parsed.steps.map((step) => step.argv)) : undefined;
    const snapshot = await host.snapshot(signal);
    const limits = { ...COMMAND_LIMITS, wallMs, silenceMs: Math.min(COMMAND_LIMITS.silenceMs, wallMs) };
    return await snapshot.run({ ...(hide === undefined ? {} : { hide }), argv, cwd: parsed.kind === 'plain' ? parsed.cwd : '', confined: true, env: {}, overlay: [], kit: {}, collect: [], limits }, signal);
  },
});
