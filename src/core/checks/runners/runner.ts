/** Decides what one runner's module knows: how to narrow its command, make it report, and read its report. */
import type { Check, TestResult } from '../../domain/check.ts';
import type { CommandResult, ProcessLimits } from '../../ports.ts';

export interface Target {
  /** Relative to the workspace root. */
  readonly path?: string;
  /** Full name as in TestResult, or a part that the runner's filter understands. */
  readonly testName?: string;
}

export interface PrepareOptions {
  /** Bare assertions carry their values: reruns only, since code is rewritten in memory. */
  readonly operands?: boolean;
  readonly coverage?: boolean;
  /** Runs this one test, where the runner can select by name. */
  readonly testOnly?: string;
}

export interface Prepared {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly kit: Readonly<Record<string, string>>;
  readonly collect: readonly string[];
  readonly limits?: Partial<ProcessLimits>;
}

/** One test as a runner told it, before paths are made relative and texts trimmed. */
export interface RawTest extends Omit<TestResult, 'frames'> {
  /** Stack or traceback text, or frames that the kit found itself. */
  readonly trace?: string;
  readonly frames?: readonly RawFrame[];
  /** "path:line" as the trace names it → the code there. */
  readonly codeAt?: ReadonlyMap<string, string>;
}

export interface RawFrame {
  readonly path: string;
  readonly line: number;
  readonly column?: number;
  readonly symbol?: string;
  /** The code at that line, when the kit could read it. */
  readonly code?: string;
}

export interface RunnerModule {
  /** A narrower check, or undefined where the runner cannot select so. `argv` is the plain command without wrapper. */
  narrow(check: Check, argv: readonly string[], target: Target): readonly string[] | undefined;
  /** The command for the whole of the check's folder, from a narrowed one. */
  broaden(argv: readonly string[]): readonly string[] | undefined;
  prepare(check: Check, call: Invocation, options: PrepareOptions): Prepared;
  /** null: this output says nothing about single tests. */
  read(check: Check, result: CommandResult): readonly RawTest[] | null;
}

/** A command split where options for its runner can be put. */
export interface Invocation {
  /** Up to and with the runner's own name: ["npx", "mocha"], ["python", "-m", "pytest"], ["npm", "test", "--"]. */
  readonly launcher: readonly string[];
  readonly args: readonly string[];
  /** The runner is started by a script: options before its own arguments cannot be given. */
  readonly wrapped: boolean;
}

export const KIT = '$GROUNDCREW_KIT';
export const OUT = '$GROUNDCREW_OUT';

export const escapePattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/** The last suite-joined part is the test's own title. */
export const ownTitle = (name: string): string => name.split(' > ').at(-1) ?? name;
