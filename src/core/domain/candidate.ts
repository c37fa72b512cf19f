/** Decides what a candidate is: a patch that one source offered, and how far it came. */
import * as z from 'zod';
import { Patch } from './patch.ts';

export const Source = z.enum(['mechanical', 'cloze', 'rewrite']);
export type Source = z.infer<typeof Source>;

/** In order of cost; the first failure ends the candidate. `review` and `selection` come after all tests. */
export const Gate = z.enum(['applies', 'guards', 'parses', 'target', 'types', 'affected', 'all', 'selection', 'review']);
export type Gate = z.infer<typeof Gate>;

export const Candidate = z.object({
  id: z.string(),
  source: Source,
  patch: Patch,
  note: z.string().describe('What it changes in a few words: "operator < to <= at cart.js:14".'),
  task: z.string().nullable(),
  call: z.string().nullable().describe('The model call that wrote it; null for mechanical ones.'),
  rank: z.number().describe('Prior plausibility within its source: lower is tried earlier.'),
});
export type Candidate = z.infer<typeof Candidate>;

export const Verdict = z.object({
  gate: Gate,
  passed: z.boolean(),
  reason: z.string().describe('Why it fell, for a person; "" when it passed.'),
  receipt: z.string().nullable(),
});
export type Verdict = z.infer<typeof Verdict>;
