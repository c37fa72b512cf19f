/** Decides how a role moves a file: to a place where nothing stands. */
import * as z from 'zod';
import { FileRefused } from '../../domain/fileErrors.ts';
import { Sha256 } from '../../domain/patch.ts';
import { defineTool } from '../tool.ts';
import { current, requireVersion } from './versions.ts';

export const moveFile = defineTool({
  name: 'move_file',
  category: 'files',
  permission: 'write',
  description: 'Move or rename one file.',
  input: z.strictObject({
    from: z.string().min(1),
    to: z.string().min(1).describe('Must not exist.'),
    baseSha256: Sha256.optional().describe('Version that it moves. Left out: what this role last read.'),
  }),
  output: z.object({ from: z.string(), to: z.string() }),
  callsPerMinuteMax: 120,
  cacheable: false,
  codeOnly: ['baseSha256'],
  touches: ({ from, to }) => ({ paths: [from, to] }),

  async preview({ from, to }, host) {
    const text = (await current(from, host))?.text ?? null;
    return [{ path: from, before: text, after: null }, { path: to, before: null, after: text }];
  },

  async run({ from, to, baseSha256 }, host) {
    const found = await current(from, host);
    if (found === undefined) throw new FileRefused(from, 'absent', 'there is no such file');
    // Its text stays what it is, so that it need not be known; a version that was seen or named still binds.
    requireVersion(from, found, { named: baseSha256 ?? host.seen?.of(found.path) ?? found.sha256, host });
    await host.files.move(from, to, found.sha256);
    host.seen?.saw(found.path, undefined);
    host.seen?.saw(to, found.sha256);
    return { from: found.path, to };
  },

  show: ({ from, to }) => `${from} is now ${to}.`,
});
