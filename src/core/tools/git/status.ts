/** Decides what a role sees of the working tree's state. */
import * as z from 'zod';
import { defineTool } from '../tool.ts';

const Changed = z.object({ path: z.string(), state: z.enum(['added', 'modified', 'deleted', 'renamed', 'untracked', 'conflicted']) });

export const gitStatus = defineTool({
  name: 'git_status',
  category: 'git',
  permission: 'git-read',
  description: 'List the files that differ from the last commit.',
  input: z.strictObject({}),
  output: z.object({ branch: z.string().nullable(), head: z.string().nullable(), changed: z.array(Changed), filtered: z.array(z.string()) }).nullable().describe('null: no work tree here.'),
  callsPerMinuteMax: 60,
  cacheable: false,
  touches: () => ({}),
  show(status) {
    if (status === null) return 'This folder is not in a git work tree.';
    const lines = status.changed.map(({ path, state }) => `${state}\t${path}`);
    const filtered = status.filtered.map((path) => `filtered, not compared\t${path}`);
    return [`branch ${status.branch ?? '(detached)'} at ${status.head ?? '(no commit)'}`, ...lines, ...filtered].join('\n');
  },
  async run(_input, { git }, signal) {
    const status = await git.status(signal);
    return status === undefined ? null : { ...status, changed: status.changed.map((file) => ({ ...file })), filtered: [...status.filtered] };
  },
});
