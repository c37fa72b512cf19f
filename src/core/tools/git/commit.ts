/** Decides how a change is recorded: exactly the named files, without hooks or signing, after a person agreed. */
import * as z from 'zod';
import { defineTool } from '../tool.ts';
import { RepositoryPath } from './arguments.ts';

export const gitCommit = defineTool({
  name: 'git_commit',
  category: 'git',
  permission: 'git-write',
  description: 'Commit the named files as they are in the working tree; what else is staged stays staged.',
  input: z.strictObject({ message: z.string().trim().min(1).max(10_000), paths: z.array(RepositoryPath).min(1).max(200) }),
  output: z.object({ id: z.string() }),
  callsPerMinuteMax: 6,
  cacheable: false,
  touches: ({ paths }) => ({ paths }),
  show: ({ id }) => `Committed ${id}.`,
  run: ({ message, paths }, { git }, signal) => git.commit({ message, paths }, signal),
});
