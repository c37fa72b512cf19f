/** Decides how far each role's context can be trusted: the highest label of what it read, never lowered within a run. */
import { folded } from './protectedPaths.ts';
import type { Role } from '../domain/role.ts';

/** U the user's words; W files of the trusted workspace; X external: dependencies, downloads, messages of others. Ordered. */
export const labels = ['U', 'W', 'X'] as const;
export type Label = (typeof labels)[number];

export interface Taint {
  of(role: Role): Label;
  /** What raised it to that label; "" while it is U. */
  sourceOf(role: Role): string;
  raise(role: Role, label: Label, source: string): void;
  /** A message, plan, summary or candidate of `from` reaches `to` with all that `from` has read. */
  handOver(from: Role, to: Role): void;
  /** For the log: what a resumed run starts from. */
  all(): Readonly<Partial<Record<Role, { readonly label: Label; readonly source: string }>>>;
}

/** Nothing here lowers a label: text of a model cannot talk its way out. */
export function createTaint(initial: ReturnType<Taint['all']> = {}): Taint {
  const held = new Map<Role, { readonly label: Label; readonly source: string }>();
  const raise = (role: Role, label: Label, source: string): void => {
    if (labels.indexOf(label) > labels.indexOf(held.get(role)?.label ?? 'U')) held.set(role, { label, source });
  };
  for (const role of ['planner', 'coder', 'reviewer', 'verifier', 'judge', 'orchestrator'] as const) {
    const before = initial[role];
    if (before !== undefined) raise(role, before.label, before.source);
  }
  return {
    of: (role) => held.get(role)?.label ?? 'U',
    sourceOf: (role) => held.get(role)?.source ?? '',
    raise,
    handOver: (from, to) => raise(to, held.get(from)?.label ?? 'U', `${from}: ${held.get(from)?.source ?? ''}`),
    all: () => Object.fromEntries(held),
  };
}

const EXTERNAL_FOLDERS = /(?:^|\/)(?:node_modules|bower_components|jspm_packages|vendor|third_party|site-packages|dist-packages|\.venv|venv|\.tox|\.nox|\.yarn|\.pnpm-store|\.m2|\.gradle|\.cargo|downloads?|tmp|temp)\//;

const SOURCE_NAMES = /\.(?:[cm]?[jt]sx?|py|go|rs|java|kt|c|h|cc|cpp|hpp|cs|rb|php|swift|scala|vue|svelte)$/i;

/**
 * The label of a file of a trusted workspace. An untracked file that is no source code is external, since downloads land there;
 * `isTree`: of everything below a folder. Untracked source is taken for the user's own new work, and so is what the user named.
 */
export function labelOfPath(path: string, facts: { readonly untracked: ReadonlySet<string>; readonly named: ReadonlySet<string> }, isTree = false): Label {
  if (isTree && [...facts.untracked].some((file) => (path === '' || file.startsWith(`${path}/`)) && labelOfPath(file, facts) === 'X')) return 'X';
  if (facts.named.has(path)) return 'W';
  if (EXTERNAL_FOLDERS.test(`${folded(path)}/`)) return 'X';
  return facts.untracked.has(path) && !SOURCE_NAMES.test(path) ? 'X' : 'W';
}
