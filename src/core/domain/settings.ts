/** Decides what the user can set for a run; a run pins these when it starts. */
import * as z from 'zod';
import { Source } from './candidate.ts';

export const RunSettings = z.object({
  approve: z.enum(['ask', 'safe', 'never']).default('ask').describe('What happens to a question: design 05, issue section "Command line".'),
  apply: z.enum(['ask', 'yes', 'no']).default('ask').describe('Whether a verified change is written to the working tree.'),
  unconfined: z.boolean().default(false).describe('Checks may run without a sandbox. The user says so, never a model.'),
  planFirst: z.boolean().default(false),
  sources: z.array(Source).min(1).default(['mechanical', 'cloze', 'rewrite']),
  samples: z.int().min(1).max(64).nullable().default(null).describe('Rewrites asked for; null: by the size of the model.'),
  seed: z.int().min(0).default(7),
  budgetMs: z.int().min(1_000).default(15 * 60_000).describe('Wall time of the whole run.'),
  budgetTokens: z.int().min(0).default(200_000).describe('Prompt and reply together.'),
  checkWallMs: z.int().min(100).default(120_000).describe('One check on the base tree; candidates get a multiple of what the base took.'),
  allowTestEdits: z.boolean().default(false).describe('The coder may write test files.'),
  review: z.boolean().default(true),
  debate: z.enum(['executed', 'judged']).default('executed').describe('judged: where what was run does not decide between two changes, the model is asked, in both orders.'),
});
export type RunSettings = z.infer<typeof RunSettings>;
