/** Decides which names of the machines that build this project must not be in it. */

const NAMES = /\/work\/(main|shared)\b|\/tmp\/rig\b|(^|[^\w.])\.library\//;

/** Binary files are read as text too: a path in one shows as plainly. */
export function workplaceNames(files: readonly { readonly path: string; readonly text: string }[]): readonly string[] {
  return files.flatMap(({ path, text }) => text.split('\n').flatMap((line, index) => {
    const found = NAMES.exec(line)?.[0];
    return found === undefined ? [] : [`${path}:${index + 1} names ${found.trim()}: a path of one machine means nothing elsewhere`];
  }));
}
