/** Decides how a role learns which files there are: not ignored, sorted, at most so many. */
import * as z from 'zod';
import { defineTool } from '../tool.ts';

const PATHS_DEFAULT = 200;
const PATHS_MAX = 100_000;

export const listFiles = defineTool({
  name: 'list_files',
  category: 'files',
  permission: 'read',
  description: 'List the files of the workspace or of one folder.',
  input: z.object({
    under: z.string().default('').describe('Folder; empty for all.'),
    max: z.int().min(1).max(PATHS_MAX).default(PATHS_DEFAULT),
  }),
  output: z.object({ paths: z.array(z.string()), truncated: z.boolean() }),
  callsPerMinuteMax: 600,
  cacheable: false,
  codeOnly: ['max'],
  touches: ({ under }) => ({ paths: [under] }),

  async run({ under, max }, { files }, signal) {
    const { paths, truncated } = await files.list({ under, max }, signal);
    return { paths: [...paths], truncated };
  },

  show: ({ paths, truncated }) => `${paths.join('\n') || 'no files'}${truncated ? '\n… and more: name a folder' : ''}`,
});
