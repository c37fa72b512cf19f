/** Decides what the guards look at: one file before and after, with what the failing tests hold. */
import type { SyntaxNode } from '../ports.ts';

/** Literals of the failing tests, without quotes. */
export type TestLiterals = ReadonlySet<string>;

export interface Change {
  readonly path: string;
  readonly before: string;
  readonly after: string;
  readonly old: SyntaxNode;
  readonly now: SyntaxNode;
  readonly literals: TestLiterals;
}
