/** Decides how a branch is made: a new name at the present commit; the working tree stays as it is. */
import * as z from 'zod';
import { defineTool } from '../tool.ts';
import { Reference } from './arguments.ts';

export const gitBranch = defineTool({
  name: 'git_branch',
  category: 'git',
  permission: 'git-write',
  description: 'Make a branch at the present commit and switch to it; files do not change.',
  input: z.strictObject({ name: Reference }),
  output: z.object({ name: z.string() }),
  callsPerMinuteMax: 6,
  cacheable: false,
  touches: () => ({}),
  show: ({ name }) => `On branch ${name}.`,
  async run({ name }, { git }, signal) {
    await git.branch(name, signal);
    return { name };
  },
});
