/** Decides what every check sees of the machine: PATH with what stands behind it, and the needs of each language, in one answer. */
import { lstatSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isInside, tryRealpath } from '../userPath.ts';
import { go } from './go.ts';
import { java } from './java.ts';
import { node } from './node.ts';
import { python } from './python.ts';
import { rust } from './rust.ts';
import type { Needs, Site, Toolchain } from './toolchain.ts';

const TOOLCHAINS: readonly Toolchain[] = [node, python, go, rust, java];

/** Always there in the sandbox, so never bound again. */
const SYSTEM = ['/usr', '/bin', '/sbin', '/lib', '/lib64'];

/** Variables of the user that pass: nothing that can hold a token, nothing that loads code into a program. */
const PASSED = /^(?:LANG|LANGUAGE|LC_[A-Z]+|TZ|USER|LOGNAME)$/u;

export function collectNeeds(site: Site): Needs {
  const all = TOOLCHAINS.map((toolchain) => toolchain(site));
  const folders = [...site.path.flatMap((folder) => prefixOf(folder, site)), ...all.flatMap((needs) => needs.readOnly)];
  return {
    readOnly: outermost(folders.flatMap((folder) => withTarget(folder)).filter((folder) => isHarmless(folder, site))),
    writable: all.flatMap((needs) => needs.writable),
    homeFiles: Object.assign({}, ...all.map((needs) => needs.homeFiles)),
    env: {
      ...passed(site),
      ...Object.assign({}, ...all.map((needs) => needs.env)),
      PATH: [...activated(site), ...site.path].join(':'),
      HOME: site.home,
      SHELL: '/bin/sh',
      TERM: 'dumb',
      NO_COLOR: '1',
      // vitest and react-scripts watch for ever outside CI.
      CI: 'true',
    },
  };
}

/** A virtual environment inside the workspace that the user has activated comes first, as it does for them. */
export function activated(site: Pick<Site, 'root' | 'env'>): readonly string[] {
  const environment = site.env['VIRTUAL_ENV'];
  return environment !== undefined && isInside(environment, site.root) ? [join(environment, 'bin')] : [];
}

/** A program needs what stands beside its `bin`; but of ~/bin, ~/.local/bin and ~/.cargo/bin only the folder itself. */
function prefixOf(folder: string, { home }: Site): readonly string[] {
  const prefix = dirname(folder);
  const alone = prefix === home || prefix === join(home, '.local') || prefix === join(home, '.cargo') || prefix === '/';
  return /^(?:bin|sbin|shims|Scripts)$/u.test(basename(folder)) && !alone ? [prefix] : [folder];
}

/** The path as it is named and, where a link leads elsewhere, that place too. Absent paths give none. */
function withTarget(path: string): readonly string[] {
  const real = tryRealpath(path);
  if (real === undefined) return [];
  return lstatSync(path).isSymbolicLink() || real !== path ? [path, real] : [path];
}

/** Never home itself or above it, never the workspace or a part of it: those are shown by the profile alone. */
function isHarmless(path: string, { home, root }: Site): boolean {
  return !isInside(home, path) && !isInside(root, path) && !isInside(path, root) && !SYSTEM.some((folder) => isInside(path, folder));
}

function outermost(paths: readonly string[]): readonly string[] {
  const sorted = [...new Set(paths)].sort();
  return sorted.filter((path) => !sorted.some((other) => other !== path && isInside(path, other)));
}

function passed({ env }: Site): Record<string, string> {
  const kept: Record<string, string> = { LANG: 'C.UTF-8' };
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && PASSED.test(name)) kept[name] = value;
  }
  return kept;
}
