/** Decides how the JSON lines of our own reporters are believed: each line must fit, a forged or broken one is dropped. */
import * as z from 'zod';
import type { RawTest } from './runner.ts';

const Line = z.object({
  name: z.string(),
  state: z.enum(['passed', 'failed', 'skipped']),
  path: z.string().nullish(),
  line: z.int().min(1).nullish(),
  ms: z.number().nullish(),
  error: z
    .object({
      name: z.string(),
      message: z.string(),
      stack: z.string().optional(),
      actual: z.string().optional(),
      expected: z.string().optional(),
      operator: z.string().optional(),
      generated: z.boolean().optional(),
      code: z.array(z.object({ path: z.string(), line: z.int(), text: z.string() })).optional(),
      frames: z.array(z.object({ path: z.string(), line: z.int().min(1), symbol: z.string(), text: z.string() })).optional(),
    })
    .optional(),
});
type Line = z.infer<typeof Line>;

export const TESTS_FILE = 'tests.jsonl';
/** More tests than this tell nothing new to a person or a model. */
const TESTS_MAX = 20_000;

/** null: no report was written, so nothing is known about single tests. */
export function readKitReport(text: string | undefined): readonly RawTest[] | null {
  if (text === undefined || text.trim() === '') return null;
  const tests: RawTest[] = [];
  for (const line of text.split('\n').slice(0, TESTS_MAX)) {
    const parsed = Line.safeParse(tryJson(line));
    if (parsed.success) tests.push(toRawTest(parsed.data));
  }
  return tests;
}

export function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a line cut short by a kill, or other output
  }
}

function toRawTest(line: Line): RawTest {
  const { error } = line;
  const shown = error === undefined ? undefined : describe(error);
  const codes = new Map((error?.code ?? []).map((one) => [`${one.path}:${one.line}`, one.text]));
  return {
    name: line.name,
    state: line.state,
    ...(line.path == null ? {} : { path: line.path }),
    ...(line.line == null ? {} : { line: line.line }),
    ...(line.ms == null ? {} : { durationMs: line.ms }),
    ...(shown === undefined ? {} : { message: shown }),
    ...(error?.expected === undefined ? {} : { expected: error.expected }),
    ...(error?.actual === undefined ? {} : { actual: error.actual }),
    ...(error?.stack === undefined ? {} : { trace: error.stack }),
    ...(error?.frames === undefined ? {} : { frames: error.frames.map(({ text, ...frame }) => ({ ...frame, code: text })) }),
    ...(codes.size === 0 ? {} : { codeAt: codes }),
  };
}

/** A message that the assertion made from the two values says them again: its first line is enough. */
function describe(error: NonNullable<Line['error']>): string {
  const text = error.generated === true && error.actual !== undefined ? (error.message.split('\n')[0] ?? '') : error.message;
  return error.name === '' || text.startsWith(error.name) ? text : `${error.name}: ${text}`;
}
