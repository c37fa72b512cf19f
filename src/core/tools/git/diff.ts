/** Decides what a role sees of changes since a commit. */
import * as z from 'zod';
import { defineTool } from '../tool.ts';
import { Reference, RepositoryPath, touchedPath } from './arguments.ts';

export const gitDiff = defineTool({
  name: 'git_diff',
  category: 'git',
  permission: 'git-read',
  description: 'Show how the working tree differs from a commit (HEAD when none is named).',
  input: z.strictObject({ ref: Reference.optional(), path: RepositoryPath.optional() }),
  output: z.string(),
  callsPerMinuteMax: 60,
  cacheable: false,
  touches: ({ path }) => touchedPath(path),
  show: (diff) => (diff === '' ? 'No difference.' : diff),
  run: ({ ref, path }, { git }, signal) => git.diff({ ...(ref === undefined ? {} : { ref }), ...(path === undefined ? {} : { path }) }, signal),
});
