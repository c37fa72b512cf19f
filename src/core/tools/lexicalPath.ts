/** Decides which texts can be a path in the workspace, before anything is looked up: the first half of the path broker. */

export type LexicalPath = { readonly kind: 'path'; readonly path: string } | { readonly kind: 'refused'; readonly rule: string; readonly reason: string };

/** PATH_MAX of Linux. */
const PATH_BYTES_MAX = 4_096;
/** NAME_MAX of ext4, APFS and NTFS. */
const NAME_BYTES_MAX = 255;

const SCHEME = /^[a-z][a-z0-9+.-]+:\/|^(?:file|data|blob|http|https|ftp|ssh|git|javascript|command|untitled|view-source|vscode[a-z-]*):/i;
const DRIVE = /^[a-z]:/i;

/**
 * `root` is the workspace's own absolute path with forward slashes: a path below it is made relative, any other absolute one is refused.
 * The result has no ".", "..", empty segments or trailing slash; "" is the workspace itself.
 */
export function lexicalPath(named: string, root: string): LexicalPath {
  if (named.includes('\0')) return refused('nul', 'a path cannot hold a NUL byte');
  if (new TextEncoder().encode(named).length > PATH_BYTES_MAX) return refused('too-long', `a path has at most ${PATH_BYTES_MAX} bytes`);
  if (/\p{Cc}/u.test(named)) return refused('control', 'a path cannot hold control characters');
  if (!named.isWellFormed()) return refused('encoding', 'this is not well-formed Unicode');
  if (named.startsWith('~')) return refused('home', '"~" is not expanded; give a path relative to the workspace');
  if (/^[\\/]{2}/.test(named)) return refused('unc', 'network paths are refused; give a path relative to the workspace');
  if (named.includes('\\')) return refused('backslash', 'separate folders by "/"');
  if (SCHEME.test(named)) return refused('uri', 'this is a URI; give a path relative to the workspace');
  if (DRIVE.test(named) && !DRIVE.test(root)) return refused('drive', 'drive letters are refused; give a path relative to the workspace');
  return normalise(named, root);
}

/** True when `path` is `folder` or below it; both normalised, compared by segment ("ws-evil" is not in "ws"). */
export function isWithin(folder: string, path: string): boolean {
  return folder === '' || path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}

/** `path` below `folder`, without a slash in front. Only when isWithin holds. */
export function below(folder: string, path: string): string {
  return path.slice(folder.length).replace(/^\/+/, '');
}

function normalise(named: string, root: string): LexicalPath {
  const isAbsolute = named.startsWith('/') || DRIVE.test(named);
  const segments: string[] = [];
  const start = isAbsolute ? named : `${root}/${named}`;
  for (const segment of start.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..') {
      segments.pop();
      continue;
    }
    if (new TextEncoder().encode(segment).length > NAME_BYTES_MAX) return refused('too-long', `a name has at most ${NAME_BYTES_MAX} bytes`);
    segments.push(segment);
  }
  const whole = DRIVE.test(start) ? segments.join('/') : `/${segments.join('/')}`;
  if (!isWithin(root, whole)) return refused('outside', 'it leads out of the workspace');
  return { kind: 'path', path: below(root, whole) };
}

function refused(rule: string, reason: string): LexicalPath {
  return { kind: 'refused', rule, reason };
}
