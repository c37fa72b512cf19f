/** A workspace in memory for tests of the core: path → text, no links, the same errors as the real one. */
import { createHash } from 'node:crypto';
import { FileChanged, FileRefused } from '../../src/core/domain/fileErrors.ts';
import type { TextFile } from '../../src/core/domain/patch.ts';
import type { Files } from '../../src/core/ports.ts';
import { isWithin, lexicalPath } from '../../src/core/tools/lexicalPath.ts';

export interface MemoryFiles extends Files {
  /** What the workspace holds now, sorted by path. */
  readonly texts: () => Readonly<Record<string, string>>;
  /** As if the user changed it. */
  readonly set: (path: string, text: string | null) => void;
  /** Every method call that looked at or changed a file, in order: "read src/a.js". */
  readonly touched: readonly string[];
}

/** `links`: path → where it leads inside the workspace. */
export function memoryWorkspace(initial: Readonly<Record<string, string>>, { links = {} }: { readonly links?: Readonly<Record<string, string>> } = {}): MemoryFiles {
  const root = '/workspace';
  const texts = new Map(Object.entries(initial));
  const versions = new Map<string, number>();
  const touched: string[] = [];
  let version = 0;

  const normal = (path: string): string => {
    const lexical = lexicalPath(path, root);
    if (lexical.kind === 'refused') throw new FileRefused(path, lexical.rule, lexical.reason);
    return lexical.path;
  };
  const realOf = (path: string): string => links[path] ?? path;
  const sha = (path: string): string | null => {
    const text = texts.get(realOf(path));
    return text === undefined ? null : sha256(text);
  };
  const put = (path: string, text: string | null): void => {
    version += 1;
    versions.set(path, version);
    if (text === null) texts.delete(path);
    else texts.set(path, text);
  };
  const requireSha = (path: string, expected: string | null): void => {
    if (sha(path) !== expected) throw new FileChanged(path, expected, sha(path));
  };
  const requireReal = (path: string, real: string | undefined): void => {
    if (real !== undefined && realOf(path) !== real) throw new FileRefused(path, 'swapped', 'it leads elsewhere than when permission was given');
  };
  const paths = (): readonly string[] => [...texts.keys()].toSorted();

  return {
    root,
    touched,
    texts: () => Object.fromEntries(paths().map((path) => [path, texts.get(path) ?? ''])),
    set: put,
    async resolve(named) {
      touched.push(`resolve ${named}`);
      const lexical = lexicalPath(named, root);
      if (lexical.kind === 'refused') return lexical;
      const real = realOf(lexical.path);
      const text = texts.get(real);
      if (text !== undefined) return { kind: 'file', path: lexical.path, real, sizeBytes: text.length, version: String(versions.get(real) ?? 0) };
      const isFolder = real === '' || paths().some((path) => path.startsWith(`${real}/`));
      return { kind: isFolder ? 'folder' : 'absent', path: lexical.path, real, sizeBytes: 0 };
    },
    async read(named, real): Promise<TextFile> {
      const path = normal(named);
      touched.push(`read ${path}`);
      requireReal(path, real);
      const text = texts.get(realOf(path));
      if (text === undefined) throw new FileRefused(path, 'absent', 'there is no such file');
      if (text.includes('\0')) throw new FileRefused(path, 'binary', 'it is not text (it holds NUL bytes)');
      return { path, text, encoding: 'utf8', bom: false, sha256: sha256(text) };
    },
    async list({ under, max }) {
      touched.push(`list ${under}`);
      const found = paths().filter((path) => isWithin(normal(under), path));
      return { paths: found.slice(0, max), truncated: found.length > max };
    },
    async search({ pattern, under, max }) {
      touched.push(`search ${pattern}`);
      const expression = new RegExp(pattern);
      const rows = paths().filter((path) => isWithin(normal(under), path)).flatMap((path) => (texts.get(path) ?? '').split('\n').map((text, i) => ({ path, line: i + 1, text })));
      return rows.filter(({ text }) => expression.test(text)).slice(0, max);
    },
    async write({ path: named, baseSha256, text, real }) {
      const path = normal(named);
      touched.push(`write ${path}`);
      requireReal(path, real);
      requireSha(path, baseSha256);
      put(realOf(path), text);
      return { sha256: sha256(text) };
    },
    async remove(named, baseSha256) {
      const path = normal(named);
      touched.push(`remove ${path}`);
      requireSha(path, baseSha256);
      put(realOf(path), null);
    },
    async move(from, to, baseSha256) {
      touched.push(`move ${from} ${to}`);
      requireSha(normal(from), baseSha256);
      requireSha(normal(to), null);
      put(normal(to), texts.get(realOf(normal(from))) ?? '');
      put(normal(from), null);
    },
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
