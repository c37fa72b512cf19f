/** Decides how long and how often a model call may try; each can be set, null means: from what was measured. */
import * as z from 'zod';

const MINUTE_MS = 60_000;

export const ModelLimits = z.object({
  headerMs: z.int().min(1).nullable().default(null).describe('Until the response headers; Ollama sends them with the first token, so null: as firstTokenMs.'),
  firstTokenMs: z.int().min(1).nullable().default(null).describe('Until the first token; null: from prompt size and measured rate × 3, more while the model loads.'),
  idleMs: z.int().min(1).nullable().default(null).describe('Between two pieces of a reply; null: one minute, more where the server holds a reply back.'),
  stepMs: z.int().min(1).default(30 * MINUTE_MS).describe('One call with all its retries, once it left the queue.'),
  retryMax: z.int().min(0).max(20).default(3).describe('Attempts after the first.'),
  backoffMs: z.int().min(0).default(500).describe('Before the first retry; doubles, with jitter, up to 30 s.'),
  slotsMax: z.int().min(1).max(16).nullable().default(null).describe('Calls at once; null: 1 on a CPU, up to 4 where the model is on a GPU.'),
  windowTokens: z.int().min(512).nullable().default(null).describe('Window of the model; null: chosen from model and memory.'),
});
export type ModelLimits = z.infer<typeof ModelLimits>;
