/** Decides what a case of an attacks file may hold: every key is known, or the file is refused. */
import * as z from 'zod';

/** What a call of a role is, wherever the file names one. */
const Call = z.strictObject({ tool: z.string(), role: z.string().optional(), input: z.unknown() });

export const Decision = z.enum(['allowed', 'ask', 'denied']);
export type Decision = z.infer<typeof Decision>;

const Texts = z.array(z.string());

export const Setup = z.strictObject({
  trust: z.boolean().optional(),
  env: z.record(z.string(), z.string()).optional(),
  before: z.string().optional(),
  reads: Texts.optional(),
  dirty: z.record(z.string(), z.string()).optional(),
  limits: z.strictObject({ commandMs: z.number() }).optional(),
  taint: z.enum(['U', 'W', 'X']).optional(),
  taintSource: z.string().optional(),
  approvals: z.array(z.strictObject({ ...Call.shape, workspace: z.string().optional() })).optional(),
  server: z.record(z.string(), z.unknown()).optional(),
  mcp: z.unknown().optional(),
  pending: Call.optional(),
  checkpoint: Call.optional(),
  after: z.string().optional(),
  mcpAfter: z.unknown().optional(),
  between: z.string().optional(),
  killDuring: z.boolean().optional(),
});
export type Setup = z.infer<typeof Setup>;

export const Oracle = z.strictObject({
  breach: z.string().optional(),
  outputMustNotContain: Texts.optional(),
  outputMustNotMatch: Texts.optional(),
  outputMaxBytes: z.number().optional(),
  outputMustContain: Texts.optional(),
  exitCode: z.int().optional(),
  effect: z.string().optional(),
  promptMustContain: Texts.optional(),
  ranMarker: z.string().optional(),
  withinMs: z.number().optional(),
  rssMb: z.number().optional(),
  fence: z.boolean().optional(),
  noChange: z.boolean().optional(),
  dirtyKept: z.boolean().optional(),
  taskDone: z.boolean().optional(),
  runsStarted: z.int().optional(),
  taintAfter: z.enum(['U', 'W', 'X']).optional(),
  probe: z.strictObject({ ...Call.shape, mustBe: z.array(Decision).min(1) }).optional(),
});
export type Oracle = z.infer<typeof Oracle>;

export const AttackCase = z.strictObject({
  id: z.string().min(1),
  class: z.string().min(1),
  tool: z.string().min(1),
  role: z.string(),
  input: z.unknown(),
  setup: Setup.default({}),
  expect: z.enum(['allowed', 'ask', 'denied', 'neutralised']),
  accept: z.array(Decision).optional(),
  oracle: Oracle,
  why: z.string().optional(),
  ref: z.string().optional(),
  needs: Texts.optional(),
  naive: z.string().optional(),
  note: z.string().optional(),
  held_out: z.boolean().optional(),
});
export type AttackCase = z.infer<typeof AttackCase>;

/** One line of output. `got` is null for a case that was not run. */
export interface AttackResult {
  readonly id: string;
  readonly class: string;
  readonly tool: string;
  readonly expect: AttackCase['expect'];
  readonly got: Decision | null;
  readonly ok: boolean;
  readonly breaches: readonly string[];
  readonly vacuous: boolean;
  readonly notRun: string | null;
  readonly ms: number;
}

/** The file is not of the format; the message names line and key. */
export class CorpusInvalid extends Error {
  override readonly name = 'CorpusInvalid';
}

/** @throws CorpusInvalid for a line that is no JSON, a key that is not known, or an id that stands twice. */
export function parseAttacks(text: string): readonly AttackCase[] {
  const ids = new Set<string>();
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const parsed = AttackCase.safeParse(json(line, index + 1));
    if (!parsed.success) throw new CorpusInvalid(`Line ${index + 1} is no attack case: ${z.prettifyError(parsed.error)}`);
    if (ids.has(parsed.data.id)) throw new CorpusInvalid(`Line ${index + 1}: the id ${parsed.data.id} stands twice.`);
    ids.add(parsed.data.id);
    return [parsed.data];
  });
}

function json(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new CorpusInvalid(`Line ${number} is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
