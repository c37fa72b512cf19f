/** Decides how a role deletes: one file of a known version, never a folder. */
import * as z from 'zod';
import { FileRefused } from '../../domain/fileErrors.ts';
import { Sha256 } from '../../domain/patch.ts';
import { defineTool } from '../tool.ts';
import { current, requireVersion } from './versions.ts';

export const deleteFile = defineTool({
  name: 'delete_file',
  category: 'files',
  permission: 'delete',
  description: 'Delete one file.',
  input: z.strictObject({
    path: z.string().describe('A file; folders are not deleted.'),
    baseSha256: Sha256.optional().describe('Version that it deletes. Left out: what this role last read.'),
  }),
  output: z.object({ path: z.string() }),
  callsPerMinuteMax: 120,
  cacheable: false,
  codeOnly: ['baseSha256'],
  touches: ({ path }) => ({ paths: [path] }),

  async preview({ path }, host) {
    return [{ path, before: (await current(path, host))?.text ?? null, after: null }];
  },

  async run({ path, baseSha256 }, host) {
    const found = await current(path, host);
    if (found === undefined) throw new FileRefused(path, 'absent', 'there is no such file');
    requireVersion(path, found, { named: baseSha256, host });
    await host.files.remove(path, found.sha256);
    host.seen?.saw(found.path, undefined);
    return { path: found.path };
  },

  show: ({ path }) => `${path} is deleted.`,
});
