/** Decides what a change to the workspace is: whole new texts bound to the versions they were made from. */
import * as z from 'zod';

/** Lower-case hex SHA-256 of a file's bytes. */
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * One file as text. `latin1` is chosen when the bytes are not UTF-8: it maps every byte to one character,
 * so bytes outside an edit stay identical whatever the real encoding is. Line ends are kept in `text` as they are.
 */
export const TextFile = z.object({
  path: z.string().describe('Relative to the workspace root, with forward slashes.'),
  text: z.string(),
  encoding: z.enum(['utf8', 'latin1']),
  bom: z.boolean().describe('A UTF-8 byte order mark stood before the text; it is not part of it.'),
  sha256: Sha256,
});
export type TextFile = z.infer<typeof TextFile>;

export const FileEdit = z.object({
  path: z.string(),
  baseSha256: Sha256.nullable().describe('Version that the edit was made from; null: the file did not exist.'),
  text: z.string().nullable().describe('The whole new text in the encoding of the base; null: the file is deleted.'),
});
export type FileEdit = z.infer<typeof FileEdit>;

export const Patch = z.object({ edits: z.array(FileEdit).min(1) });
export type Patch = z.infer<typeof Patch>;
