/** Decides what a check is (a command whose exit decides), and what one run of it told about single tests. */
import * as z from 'zod';

export const Runner = z.enum([
  'node-test', 'mocha', 'jest', 'vitest', 'pytest', 'unittest', 'go', 'cargo', 'maven', 'gradle', 'make', 'script',
]);
export type Runner = z.infer<typeof Runner>;

export const Language = z.enum(['javascript', 'typescript', 'tsx', 'python', 'go', 'rust', 'java', 'other']);
export type Language = z.infer<typeof Language>;

export const Check = z.object({
  argv: z.array(z.string()).min(1).describe('As the user would type it; never a shell line.'),
  cwd: z.string().describe('Relative to the workspace root; "" is the root.'),
  runner: Runner.describe('How its output is read; script: by the exit code alone.'),
  origin: z.enum(['user', 'discovered', 'reproduction']),
  scope: z.enum(['test', 'file', 'all', 'types']).describe('How much of the project it runs; types: a typecheck.'),
  definedBy: z.string().describe('What gives argv its meaning, word for word (a package.json script, a Makefile target) or its file\'s hash; "" where nothing does.'),
  plain: z.array(z.string()).min(1).optional().describe('What a script wrapper such as npm test comes to, when that is one plain command: narrowing starts from it.'),
});
export type Check = z.infer<typeof Check>;

export const Frame = z.object({
  path: z.string().describe('Relative to the workspace root.'),
  line: z.int().min(1),
  column: z.int().min(1).optional(),
  symbol: z.string().optional(),
});
export type Frame = z.infer<typeof Frame>;

export const TestResult = z.object({
  name: z.string().describe('Full name, suites joined by " > ".'),
  state: z.enum(['passed', 'failed', 'skipped']),
  path: z.string().optional(),
  line: z.int().min(1).optional(),
  message: z.string().optional(),
  expected: z.string().optional().describe('As the runner or the verifier printed it.'),
  actual: z.string().optional(),
  frames: z.array(Frame).default([]).describe('Inside the workspace, innermost first.'),
  durationMs: z.number().optional(),
});
export type TestResult = z.infer<typeof TestResult>;

/** Why a check said nothing about the code: design 05, "What a check needs to run". */
export const EnvironmentFault = z.object({
  kind: z.enum(['missing-tool', 'network', 'read-only', 'permission', 'hang', 'flood', 'resources']),
  evidence: z.string().describe('The line of output or the limit that shows it.'),
});
export type EnvironmentFault = z.infer<typeof EnvironmentFault>;

export const CheckOutcome = z.object({
  passed: z.boolean().describe('Exit 0 and no failed test.'),
  exit: z.int().nullable().describe('null: it was killed.'),
  tests: z.array(TestResult).nullable().describe('null: the runner does not say single tests.'),
  failure: z.string().describe('Trimmed text of what failed, for people and models; "" when it passed.'),
  environment: EnvironmentFault.optional(),
  durationMs: z.number(),
});
export type CheckOutcome = z.infer<typeof CheckOutcome>;
