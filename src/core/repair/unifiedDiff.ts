/** Decides how a patch is shown and saved: a unified diff that git and patch can read. */
import { createTwoFilesPatch } from 'diff';
import type { Patch, TextFile } from '../domain/patch.ts';

const CONTEXT_LINES = 3;

/** Paths carry a/ and b/; an added or deleted file has /dev/null on its other side. */
export function unifiedDiff(patch: Patch, base: ReadonlyMap<string, TextFile>): string {
  return patch.edits
    .map((edit) => {
      const before = edit.baseSha256 === null ? '/dev/null' : `a/${edit.path}`;
      const after = edit.text === null ? '/dev/null' : `b/${edit.path}`;
      const text = createTwoFilesPatch(before, after, base.get(edit.path)?.text ?? '', edit.text ?? '', undefined, undefined, { context: CONTEXT_LINES });
      return text.replace(/^=+\n/u, '').replaceAll(/^(---|\+\+\+) ([^\t\n]+)\t?$/gmu, '$1 $2');
    })
    .join('');
}
