/** Decides what a tool is: a schema, a permission, what it touches, and one function. Policy is not here: policy.ts. */
import type * as z from 'zod';
import type { Check } from '../domain/check.ts';
import type { Files, Git, Snapshot, Syntax } from '../ports.ts';

export type Permission = 'read' | 'write' | 'delete' | 'git-read' | 'git-write' | 'check' | 'command';

/** What a call would touch; the policy sees this and never the raw input. */
export interface Touches {
  readonly paths?: readonly string[];
  readonly argv?: readonly string[];
  readonly cwd?: string;
  /** A line of shell instead of an argv. */
  readonly script?: string;
  /** The check that argv prepares. Believed from code only: a model's call is judged by its argv. */
  readonly check?: Pick<Check, 'cwd' | 'definedBy' | 'origin' | 'runner'> & { readonly argv: readonly string[] };
  /** false: outside the sandbox. Left out: confined where that is possible. */
  readonly confined?: boolean;
}

/** What a file would hold: rules that depend on content (package.json scripts, remote $schema) look at this. null: no file. */
export interface Preview {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** The version of each file that this role last read or wrote in this run: an edit of any other version is refused. */
export interface SeenVersions {
  of(path: string): string | undefined;
  saw(path: string, sha256: string | undefined): void;
}

export interface ToolHost {
  readonly files: Files;
  readonly git: Git;
  readonly syntax: Syntax;
  /** The run's snapshot, made at the first call that needs it. */
  snapshot(signal: AbortSignal): Promise<Snapshot>;
  /** Given by the registry, one per role; absent outside it. */
  readonly seen?: SeenVersions;
}

export interface Tool<I = unknown, O = unknown> {
  readonly name: string;
  readonly category: 'files' | 'git' | 'terminal' | 'symbols';
  readonly permission: Permission;
  /** One sentence for the model. */
  readonly description: string;
  readonly input: z.ZodType<I>;
  readonly output: z.ZodType<O>;
  readonly callsPerMinuteMax: number;
  touches(input: I): Touches;
  /** Reads only: the cache key is this with the hash of what was read. undefined: never cached. */
  readonly cacheable: boolean;
  /** Input fields that only code may give; models are not shown them and lose them. */
  readonly codeOnly?: readonly string[];
  /** true: models are never shown this tool and cannot call it. */
  readonly notForModels?: boolean;
  /** X: what it returns was written by others whatever the path (commit messages). Left out: by the paths it touches. */
  readonly label?: 'W' | 'X';
  /** As label, where it depends on what is asked for. */
  labelOf?(input: I): 'W' | 'X' | undefined;
  /** Asked after the role was found to have the grant and before any effect. */
  preview?(input: I, host: ToolHost): Promise<readonly Preview[]>;
  /** What a model sees of the output; fenced and redacted by the registry. */
  show(output: O): string;
  run(input: I, host: ToolHost, signal: AbortSignal): Promise<O>;
}

/** Frozen; I and O are inferred from the two schemas. */
export function defineTool<I, O>(tool: Tool<I, O>): Tool<I, O> {
  return Object.freeze(tool);
}
