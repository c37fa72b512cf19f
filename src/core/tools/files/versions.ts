/** Decides which version of a file a change is made from: the one that code names, else the one that the role last saw. */
import { FileChanged, FileRefused } from '../../domain/fileErrors.ts';
import type { TextFile } from '../../domain/patch.ts';
import type { ToolHost } from '../tool.ts';

/** undefined: there is no such file. @throws FileRefused for what cannot be read as text. */
export async function current(path: string, { files }: ToolHost): Promise<TextFile | undefined> {
  try {
    return await files.read(path);
  } catch (error) {
    if (error instanceof FileRefused && error.rule === 'absent') return undefined;
    throw error;
  }
}

/**
 * @throws FileChanged when `named`, or without it what this role saw, is not what the file holds;
 *   FileRefused when the role never read it: it would overwrite what it does not know.
 */
export function requireVersion(path: string, found: TextFile | undefined, { named, host }: { readonly named: string | null | undefined; readonly host: ToolHost }): void {
  const foundSha256 = found?.sha256 ?? null;
  const seen = host.seen?.of(found?.path ?? path);
  if (named === undefined && found !== undefined && seen === undefined) throw new FileRefused(path, 'unread', 'read the file before changing it');
  const expected = named === undefined ? (seen ?? null) : named;
  if (expected !== foundSha256) throw new FileChanged(path, expected, foundSha256);
}
