/** Decides what a tool is: a schema, a permission, what it touches, and one function. Policy is not here: policy.ts. */
import type * as z from 'zod';
import type { Files, Git, Snapshot, Syntax } from '../ports.ts';

export type Permission = 'read' | 'write' | 'delete' | 'git-read' | 'git-write' | 'check' | 'command';

/** What a call would touch; the policy sees this and never the raw input. */
export interface Touches {
  readonly paths?: readonly string[];
  readonly argv?: readonly string[];
  readonly cwd?: string;
}

export interface ToolHost {
  readonly files: Files;
  readonly git: Git;
  readonly syntax: Syntax;
  /** The run's snapshot, made at the first call that needs it. */
  snapshot(signal: AbortSignal): Promise<Snapshot>;
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
  /** What a model sees of the output; fenced and redacted by the registry. */
  show(output: O): string;
  run(input: I, host: ToolHost, signal: AbortSignal): Promise<O>;
}

/** Frozen; I and O are inferred from the two schemas. */
export function defineTool<I, O>(tool: Tool<I, O>): Tool<I, O> {
  return Object.freeze(tool);
}
