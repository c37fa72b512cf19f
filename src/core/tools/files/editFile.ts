/** Decides how a role changes a part of a file: one exact text for another, everything else byte for byte as it was. */
import * as z from 'zod';
import { FileRefused } from '../../domain/fileErrors.ts';
import { Sha256 } from '../../domain/patch.ts';
import type { TextFile } from '../../domain/patch.ts';
import { unbroken } from '../sanitize.ts';
import { defineTool } from '../tool.ts';
import { requireVersion } from './versions.ts';

const TEXT_MAX = 1_000_000;

export const editFile = defineTool({
  name: 'edit_file',
  category: 'files',
  permission: 'write',
  description: 'Replace one exact text in a file.',
  input: z.strictObject({
    path: z.string().min(1),
    old: z.string().min(1).max(TEXT_MAX).describe('Must occur exactly once, without line numbers.'),
    new: z.string().max(TEXT_MAX),
    baseSha256: Sha256.optional().describe('Version that it changes. Left out: what this role last read.'),
  }),
  output: z.object({ path: z.string(), sha256: Sha256, line: z.int() }),
  callsPerMinuteMax: 600,
  cacheable: false,
  codeOnly: ['baseSha256'],
  touches: ({ path }) => ({ paths: [path] }),

  async preview({ path, old, new: text }, { files }) {
    const file = await files.read(path);
    return [{ path, before: file.text, after: replaced(file, old, text).text }];
  },

  async run({ path, old, new: text, baseSha256 }, host) {
    const file = await host.files.read(path);
    requireVersion(path, file, { named: baseSha256, host });
    const edited = replaced(file, old, text);
    const { sha256 } = await host.files.write({ path, text: edited.text, baseSha256: file.sha256, encoding: file.encoding, bom: file.bom });
    host.seen?.saw(file.path, sha256);
    return { path: file.path, sha256, line: edited.line };
  },

  show: ({ path, line }) => `${path} is changed at line ${line}.`,
});

/** Models write "\n" whatever the file has, and quote control tokens as they were shown: both are mapped back to the file's own. */
function replaced(file: TextFile, old: string, text: string): { readonly text: string; readonly line: number } {
  const isCrlf = file.text.includes('\r\n') && !/(?<!\r)\n/.test(file.text);
  const own = (part: string): string => (isCrlf ? part.replace(/\r?\n/g, '\r\n') : part);
  for (const form of [(part: string) => part, own, (part: string) => own(unbroken(part))]) {
    const wanted = form(old);
    const at = file.text.indexOf(wanted);
    if (at < 0) continue;
    if (file.text.indexOf(wanted, at + 1) >= 0) throw new FileRefused(file.path, 'ambiguous', 'the old text occurs more than once; add the lines around it until it occurs once');
    return { text: file.text.slice(0, at) + own(form(text)) + file.text.slice(at + wanted.length), line: file.text.slice(0, at).split('\n').length };
  }
  throw new FileRefused(file.path, 'not-found', 'the old text does not occur in it; copy it exactly as read_file showed it, without line numbers');
}
