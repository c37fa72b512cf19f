/** Decides what a role sees of who changed which line. */
import * as z from 'zod';
import { defineTool } from '../tool.ts';
import { RepositoryPath, touchedPath } from './arguments.ts';

export const gitBlame = defineTool({
  name: 'git_blame',
  category: 'git',
  permission: 'git-read',
  description: 'Show commit, author and date of each line of a file.',
  label: 'X',
  input: z.strictObject({ path: RepositoryPath }),
  output: z.string(),
  callsPerMinuteMax: 60,
  cacheable: false,
  touches: ({ path }) => touchedPath(path),
  show: (text) => text,
  run: ({ path }, { git }, signal) => git.blame(path, signal),
});
