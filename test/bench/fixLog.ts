/** Decides what a trial at a bug leaves: one line per candidate and one per finished trial, in .bench/<date>/<bug>.jsonl. */
import { appendFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';

/** `raw`: the model asked once. The sources: the crew with that one alone. `crew`: the crew as a user has it. */
export const Way = z.enum(['raw', 'mechanical', 'cloze', 'rewrite', 'crew']);
export type Way = z.infer<typeof Way>;

const LogLine = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('candidate'),
    way: Way,
    source: z.string(),
    note: z.string(),
    gate: z.string().describe('The last gate it reached.'),
    passed: z.boolean(),
    atMs: z.number().describe('From the start of the trial until its last verdict.'),
    truly: z.boolean().nullable().describe('The hidden verdict; null: it failed the visible check, so it was not asked.'),
    reason: z.string(),
  }),
  z.object({
    kind: z.literal('trial'),
    way: Way,
    outcome: z.string().describe('The kind of run.finished; raw: fixed or gave-up.'),
    claimsFixed: z.boolean(),
    truly: z.boolean().describe('The hidden check passes with its patch.'),
    seconds: z.number().describe('Until the verified fix was there, or until it gave up; the reviewer apart.'),
    reviewSeconds: z.number().default(0),
    promptTokens: z.number(),
    replyTokens: z.number(),
    model: z.string(),
    reloads: z.number().default(0),
    readPerNew: z.number().nullable().default(null).describe('Prompt tokens read ÷ truly new ones.'),
    peakMemoryBytes: z.number().nullable().default(null),
    reason: z.string(),
  }),
]);
export type LogLine = z.infer<typeof LogLine>;
export type CandidateLine = Extract<LogLine, { kind: 'candidate' }>;
export type Trial = Extract<LogLine, { kind: 'trial' }>;

const LOGS = fileURLToPath(new URL('../../.bench/', import.meta.url));

/** Folder of a new log, or of the newest where one is resumed. */
export async function logFolder(resume: boolean): Promise<string> {
  await mkdir(LOGS, { recursive: true });
  const newest = (await readdir(LOGS)).filter((name) => /^\d{4}-/.test(name)).sort().at(-1);
  if (resume && newest !== undefined) return join(LOGS, newest);
  const folder = join(LOGS, new Date().toISOString().slice(0, 19).replaceAll(':', ''));
  await mkdir(folder, { recursive: true });
  return folder;
}

export async function appendLog(folder: string, bug: string, lines: readonly LogLine[]): Promise<void> {
  await appendFile(join(folder, `${bug}.jsonl`), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

/** Every line of one bug; a last line that a kill cut short is left out. */
export async function readLog(folder: string, bug: string): Promise<readonly LogLine[]> {
  const text = await readFile(join(folder, `${bug}.jsonl`), 'utf8').catch(() => '');
  return text.split('\n').slice(0, -1).map((line) => LogLine.parse(JSON.parse(line)));
}
