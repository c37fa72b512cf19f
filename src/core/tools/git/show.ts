/** Decides what a role sees of one commit, or of one file as a commit has it. */
import * as z from 'zod';
import { defineTool } from '../tool.ts';
import { Reference, RepositoryPath, touchedPath } from './arguments.ts';

export const gitShow = defineTool({
  name: 'git_show',
  category: 'git',
  permission: 'git-read',
  description: 'Show a commit with its changes, or one file as it was in that commit.',
  label: 'X',
  input: z.strictObject({ ref: Reference, path: RepositoryPath.optional() }),
  output: z.string(),
  callsPerMinuteMax: 60,
  cacheable: false,
  touches: ({ path }) => touchedPath(path),
  show: (text) => text,
  run: ({ ref, path }, { git }, signal) => git.show({ ref, ...(path === undefined ? {} : { path }) }, signal),
});
