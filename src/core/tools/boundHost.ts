/** Decides what one tool call can reach: the paths that its permission was given for, and what it read on the way, for the cache. */
import { FileRefused } from '../domain/fileErrors.ts';
import type { Files } from '../ports.ts';
import { lexicalPath } from './lexicalPath.ts';
import { sensitivityOf } from './protectedPaths.ts';
import type { SeenVersions, ToolHost } from './tool.ts';

/** path → version of what was read there; undefined when something was read that has no version (a listing, git, a process). */
export type Reads = ReadonlyMap<string, string> | undefined;

export interface BoundHost {
  readonly host: ToolHost;
  readonly reads: () => Reads;
  /** Files whose text was given out, beyond those that the call names: hits of a search. */
  readonly quoted: () => readonly string[];
}

/** `checkCopy` throws where the copy is not what was approved. `decided`: normalised path → real path that the policy saw. Writes reach nothing else; reads nothing else that is sensitive. */
export function bindHost(host: ToolHost, decided: ReadonlyMap<string, string>, seen: SeenVersions, checkCopy: (place: string) => Promise<void>): BoundHost {
  const reads = new Map<string, string>();
  let isVersioned = true;
  const unversioned = (): void => {
    isVersioned = false;
  };
  const quoted = new Set<string>();
  const files = bindFiles(host.files, decided, { reads, unversioned, quoted });
  return {
    reads: () => (isVersioned ? reads : undefined),
    quoted: () => [...quoted],
    host: {
      files,
      syntax: host.syntax,
      seen,
      get git() {
        unversioned();
        return host.git;
      },
      async snapshot(signal) {
        unversioned();
        const snapshot = await host.snapshot(signal);
        if (snapshot.place !== undefined) await checkCopy(snapshot.place);
        return snapshot;
      },
    },
  };
}

/** Version of a path as a cache key; undefined when it cannot be told yet. */
export async function versionOf(files: Files, path: string): Promise<string | undefined> {
  const found = await files.resolve(path);
  if (found.kind === 'refused') return undefined;
  return found.kind === 'absent' ? 'absent' : found.version === undefined ? undefined : `${found.real}:${found.version}`;
}

interface Record {
  readonly reads: Map<string, string>;
  readonly unversioned: () => void;
  readonly quoted: Set<string>;
}

function bindFiles(files: Files, decided: ReadonlyMap<string, string>, record: Record): Files {
  const granted = (path: string): string => {
    const real = decided.get(normal(files, path));
    if (real === undefined) throw new FileRefused(path, 'undeclared', 'the tool did not say that it writes this, so no permission covers it');
    return real;
  };
  return {
    root: files.root,
    resolve: (path) => files.resolve(path),
    async read(path) {
      const real = decided.get(normal(files, path)) ?? (await ordinaryReal(files, path));
      const version = await versionOf(files, path);
      if (version === undefined) record.unversioned();
      else record.reads.set(path, version);
      return await files.read(path, real);
    },
    async list(options, signal) {
      record.unversioned();
      return await files.list(options, signal);
    },
    async search(query, signal) {
      record.unversioned();
      const hits = await files.search(query, signal);
      for (const { path } of hits) record.quoted.add(path);
      return hits;
    },
    write: async (edit) => await files.write({ ...edit, real: granted(edit.path) }),
    remove: async (path, baseSha256) => await files.remove(path, baseSha256, granted(path)),
    move: async (from, to, baseSha256) => await files.move(from, to, baseSha256, { from: granted(from), to: granted(to) }),
  };
}

async function ordinaryReal(files: Files, path: string): Promise<string> {
  const found = await files.resolve(path);
  if (found.kind === 'refused') throw new FileRefused(path, found.rule, found.reason);
  if (sensitivityOf(found.path, found.real) === 'secret') throw new FileRefused(path, 'undeclared', 'it is named like a file that holds credentials, and no permission covers it');
  return found.real;
}

function normal(files: Files, path: string): string {
  const lexical = lexicalPath(path, files.root);
  if (lexical.kind === 'refused') throw new FileRefused(path, lexical.rule, lexical.reason);
  return lexical.path;
}
