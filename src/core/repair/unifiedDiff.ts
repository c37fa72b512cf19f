/** Decides how a patch is shown and saved: a unified diff that git and patch can read. */
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import type { FileEdit, Patch, TextFile } from '../domain/patch.ts';

const CONTEXT_LINES = 3;

/** Paths carry a/ and b/; an added or deleted file has /dev/null on its other side. Files that stay as they are are left out. */
export function unifiedDiff(patch: Patch, base: ReadonlyMap<string, TextFile>): string {
  return patch.edits.map((edit) => fileDiff(edit, base.get(edit.path)?.text ?? '')).join('');
}

function fileDiff(edit: FileEdit, before: string): string {
  const after = edit.text ?? '';
  if (before === after) return emptyFileDiff(edit);
  return between(edit.baseSha256 === null ? '/dev/null' : `a/${edit.path}`, edit.text === null ? '/dev/null' : `b/${edit.path}`, before, after);
}

/** A file without lines has no hunk, so only git's own header can say that it comes or goes. */
function emptyFileDiff({ path, baseSha256, text }: FileEdit): string {
  if ((baseSha256 === null) === (text === null)) return '';
  const state = baseSha256 === null ? 'new' : 'deleted';
  const names = between(`a/${path}`, `b/${path}`, '', '').split('\n').slice(0, 2).map((header) => header.slice('--- '.length).trimEnd());
  return `diff --git ${names.join(' ')}\n${state} file mode 100644\n`;
}

/** The library quotes names as git does; a tab after a name with spaces says where it ends, as git writes it and patch needs it. */
function between(oldName: string, newName: string, before: string, after: string): string {
  const [from = '', to = '', ...hunks] = createTwoFilesPatch(oldName, newName, before, after, undefined, undefined, { context: CONTEXT_LINES, headerOptions: FILE_HEADERS_ONLY }).split('\n');
  const ended = (header: string): string => (header.slice('--- '.length).includes(' ') && !header.endsWith('"') ? `${header}\t` : header);
  return [ended(from), ended(to), ...hunks].join('\n');
}
