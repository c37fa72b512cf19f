/** Decides how a role writes a whole file: over the version it knows, or where nothing stands. */
import * as z from 'zod';
import { Sha256 } from '../../domain/patch.ts';
import { defineTool } from '../tool.ts';
import { current, requireVersion } from './versions.ts';

/** Characters; the port refuses more than 8 MB of bytes anyway. */
const TEXT_MAX = 8_000_000;

export const writeFile = defineTool({
  name: 'write_file',
  category: 'files',
  permission: 'write',
  description: 'Write a whole text file.',
  input: z.strictObject({
    path: z.string().min(1),
    text: z.string().max(TEXT_MAX),
    baseSha256: Sha256.nullable().optional().describe('Version that it replaces; null: the file must not exist. Left out: what this role last read.'),
    encoding: z.enum(['utf8', 'latin1']).optional(),
    bom: z.boolean().optional(),
  }),
  output: z.object({ path: z.string(), sha256: Sha256 }),
  callsPerMinuteMax: 600,
  cacheable: false,
  codeOnly: ['baseSha256', 'encoding', 'bom'],
  touches: ({ path }) => ({ paths: [path] }),

  async preview({ path, text }, host) {
    return [{ path, before: (await current(path, host))?.text ?? null, after: text }];
  },

  async run({ path, text, baseSha256, encoding, bom }, host) {
    const found = await current(path, host);
    requireVersion(path, found, { named: baseSha256, host });
    const { sha256 } = await host.files.write({
      path, text, baseSha256: found?.sha256 ?? null, encoding: encoding ?? found?.encoding ?? 'utf8', bom: bom ?? found?.bom ?? false,
    });
    host.seen?.saw(found?.path ?? path, sha256);
    return { path, sha256 };
  },

  show: ({ path }) => `${path} is written.`,
});
