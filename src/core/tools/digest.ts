/** Decides what an approval is bound to: one digest over all that gives the approved call its meaning. */
import type { Role } from '../domain/role.ts';
import type { Hashing } from '../ports.ts';
import { canonicalJson } from '../util/canonicalJson.ts';
import type { Preview, Touches } from './tool.ts';

/** What the machine makes of an argv; a yes for one meaning is no yes for another. */
export interface CommandIdentity {
  /** Absolute path that argv[0] resolves to; "" when it was not found. */
  readonly executable: string;
  /** Hash of an executable that lies in the workspace; "" for others. */
  readonly executableSha256: string;
  /** Hash of what defines it: a package.json script, a Makefile. "" where nothing does. */
  readonly definedBy: string;
  /** Sandbox profile by name and version; "none" outside. */
  readonly sandbox: string;
  /** Hash of the difference to a clean environment. */
  readonly environment: string;
}

export const noIdentity: CommandIdentity = { executable: '', executableSha256: '', definedBy: '', sandbox: '', environment: '' };

export interface Approvable {
  /** Real path of the workspace: an approval holds in no other. */
  readonly workspace: string;
  readonly role: Role;
  readonly tool: string;
  readonly touches: Touches;
  /** Each with the real path that it led to. */
  readonly paths: readonly (readonly [path: string, real: string])[];
  readonly previews: readonly Preview[];
  readonly input: unknown;
  readonly identity: CommandIdentity;
  /** false: a yes to this path is a yes to whatever is written there, for as far as it reaches. */
  readonly bindsContent: boolean;
}

/**
 * A check that code runs is approved with its narrower forms: the same runner, defined by the same words, on fewer tests.
 * Everything else is approved word for word; a write with the bytes before and after.
 */
export function approvalDigest(call: Approvable, hashing: Hashing): string {
  const { check } = call.touches;
  const content = call.bindsContent ? { input: call.input, previews: call.previews } : {};
  const meaning = check === undefined ? { argv: call.touches.argv, cwd: call.touches.cwd, paths: call.paths, ...content } : checkFamily(check);
  return hashing.sha256(canonicalJson({ v: 1, workspace: call.workspace, role: call.role, tool: call.tool, identity: call.identity, confined: call.touches.confined ?? true, ...meaning }));
}

/** Runners that take names of files and tests; an unknown script is approved with all of its words. */
function checkFamily(check: NonNullable<Touches['check']>): Record<string, unknown> {
  const isNarrowable = check.runner !== 'script' && check.runner !== 'make';
  return { runner: check.runner, definedBy: check.definedBy, checkCwd: check.cwd, argv: isNarrowable && check.origin !== 'user' ? [check.argv[0]] : check.argv };
}
