/** Decides what a role sees of the history. */
import * as z from 'zod';
import { defineTool } from '../tool.ts';
import { RepositoryPath, touchedPath } from './arguments.ts';

export const gitLog = defineTool({
  name: 'git_log',
  category: 'git',
  permission: 'git-read',
  description: 'List the newest commits, of one file where a path is given.',
  // Subjects and names are words of whoever wrote the commits.
  label: 'X',
  input: z.strictObject({ max: z.int().min(1).max(200).default(20), path: RepositoryPath.optional() }),
  output: z.array(z.object({ id: z.string(), author: z.string(), at: z.string(), subject: z.string() })),
  callsPerMinuteMax: 60,
  cacheable: false,
  touches: ({ path }) => touchedPath(path),
  show: (commits) => (commits.length === 0 ? 'No commits.' : commits.map(({ id, author, at, subject }) => `${id.slice(0, 12)} ${at} ${author}: ${subject}`).join('\n')),
  async run({ max, path }, { git }, signal) {
    const commits = await git.log({ max, ...(path === undefined ? {} : { path }) }, signal);
    return commits.map((commit) => ({ ...commit }));
  },
});
