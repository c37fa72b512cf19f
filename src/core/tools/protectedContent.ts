/** Decides when a change of an ordinary-looking file changes what runs: package.json's running parts, a remote $schema. */
import * as z from 'zod';
import type { Preview } from './tool.ts';
import { folded } from './protectedPaths.ts';

const RUNNING_PARTS = [
  'scripts', 'bin', 'dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies', 'bundledDependencies', 'bundleDependencies',
  'overrides', 'resolutions', 'packageManager', 'workspaces', 'pnpm', 'publishConfig', 'config', 'gypfile', 'lint-staged', 'husky', 'pre-commit', 'simple-git-hooks', 'nodemonConfig',
] as const;

/** What the change would do that the user must see, in words; undefined: nothing of the kind. */
export function protectedChange(preview: Preview): string | undefined {
  const name = folded(preview.path).split('/').at(-1) ?? '';
  if (name === 'package.json') return packageChange(preview);
  if (/\.jsonc?$/.test(name) && !hasRemoteSchema(preview.before) && hasRemoteSchema(preview.after)) return 'adds a remote $schema, which editors fetch';
  return undefined;
}

function packageChange({ before, after }: Preview): string | undefined {
  if (after === null) return 'removes package.json';
  const next = tryObject(after);
  if (next === undefined) return 'leaves package.json no valid JSON object';
  const previous = tryObject(before ?? '{}') ?? {};
  const changed = RUNNING_PARTS.filter((part) => JSON.stringify(previous[part]) !== JSON.stringify(next[part]));
  if (changed.length > 0) return `changes ${changed.join(', ')} of package.json`;
  return !hasRemoteSchema(before) && hasRemoteSchema(after) ? 'adds a remote $schema, which editors fetch' : undefined;
}

/** On the text, so that comments, broken JSON and escapes of the key's letters cannot hide it. */
function hasRemoteSchema(text: string | null): boolean {
  if (text === null) return false;
  const unescaped = text.replace(/\\u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))).replace(/\\\//g, '/');
  return /"\$schema"\s*:\s*"\s*(?:[a-z][a-z0-9+.-]*:)?\/\//i.test(unescaped);
}

function tryObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return z.record(z.string(), z.unknown()).safeParse(JSON.parse(text.replace(/^\uFEFF/, ''))).data;
  } catch {
    return undefined;
  }
}
