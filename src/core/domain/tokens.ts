/** Decides how model work is counted: only from Ollama's final records, or from the stream and then marked so. */
import * as z from 'zod';

export const Tokens = z.object({
  prompt: z.int().min(0),
  reply: z.int().min(0),
  estimated: z.boolean().describe('The call ended without a final record; counted from its stream.'),
});
export type Tokens = z.infer<typeof Tokens>;

/** Milliseconds, Ollama's own split. `queueMs` is what remains of the total. */
export const Timings = z.object({
  totalMs: z.number(),
  queueMs: z.number(),
  loadMs: z.number(),
  promptMs: z.number(),
  replyMs: z.number(),
  firstTokenMs: z.number().nullable(),
});
export type Timings = z.infer<typeof Timings>;
