/** Decides that a review reads a file as it was saved, whatever is typed into it meanwhile. */
import type { Files, Hashing } from '../ports.ts';

/** Everything else is as it is. The hash is that of the pinned text, so a write over newer text is refused. */
export function withPinnedFile(files: Files, pinned: { readonly path: string; readonly text: string }, hashing: Hashing): Files {
  return {
    ...files,
    root: files.root,
    async read(path, real) {
      const file = await files.read(path, real);
      return file.path === pinned.path ? { ...file, text: pinned.text, sha256: hashing.sha256(pinned.text) } : file;
    },
  };
}
