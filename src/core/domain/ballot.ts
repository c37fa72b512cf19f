/** Decides what one vote is. */
import * as z from 'zod';

export const Ballot = z.object({
  voter: z.string().describe('A role and how it was asked ("judge, first order"), or a rule by its name.'),
  choice: z.string().nullable().describe('null: abstains.'),
  confidence: z.number().min(0).max(1).describe('As the voter says; 1 for a rule.'),
  reason: z.string(),
});
export type Ballot = z.infer<typeof Ballot>;
