/** Decides how paths in commands and reports become paths relative to the workspace root. */

export function joinPath(...parts: readonly string[]): string {
  const kept: string[] = [];
  for (const part of parts.join('/').split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && kept.length > 0 && kept.at(-1) !== '..') kept.pop();
    else kept.push(part);
  }
  return kept.join('/');
}

export function folderOf(path: string): string {
  const at = path.lastIndexOf('/');
  return at < 0 ? '' : path.slice(0, at);
}

/** `path` as seen from `folder`; both relative to the workspace root. */
export function relativeTo(folder: string, path: string): string {
  const from = folder.split('/').filter((part) => part !== '');
  const to = path.split('/').filter((part) => part !== '');
  let same = 0;
  while (same < from.length && same < to.length && from[same] === to[same]) same++;
  return [...from.slice(same).map(() => '..'), ...to.slice(same)].join('/');
}

const OUTSIDE = /(?:^|\/)(?:node_modules|site-packages|\.venv|venv|\.tox)\//;

/** undefined: outside the workspace, a dependency, or not a file of anybody (node:internal, <frozen importlib>). */
export function insideRoot(raw: string, root: string, cwd: string): string | undefined {
  let path = raw.trim().replace(/^file:\/\//, '').replaceAll('\\', '/').split('?')[0] ?? '';
  if (raw.startsWith('file://')) path = tryDecode(path);
  if (path === '' || /^(?:node:|internal\/|<|\[eval)/.test(path)) return undefined;
  const base = root.replaceAll('\\', '/').replace(/\/$/, '');
  if (/^(?:\/|[A-Za-z]:\/)/.test(path)) {
    if (!path.startsWith(`${base}/`)) return undefined;
    path = joinPath(path.slice(base.length + 1));
  } else {
    path = joinPath(cwd, path);
  }
  return path === '' || path.startsWith('..') || OUTSIDE.test(path) ? undefined : path;
}

function tryDecode(text: string): string {
  try {
    return decodeURI(text);
  } catch {
    return text; // a % that encodes nothing is part of the name
  }
}

/**
 * The known path that ends like `raw` by most whole segments: runners of compiled languages name files by package.
 * undefined: none, or two are equally good.
 */
export function bySuffix(raw: string, known: readonly string[]): string | undefined {
  const parts = raw.split('/').filter((part) => part !== '' && part !== '.').reverse();
  let best: string | undefined;
  let most = 0;
  for (const path of known) {
    const own = path.split('/').reverse();
    let same = 0;
    while (same < parts.length && same < own.length && parts[same] === own[same]) same++;
    if (same > most) {
      most = same;
      best = path;
    } else if (same === most && best !== undefined && own.length < best.split('/').length && same === own.length) {
      best = path;
    }
  }
  return most === 0 ? undefined : best;
}
