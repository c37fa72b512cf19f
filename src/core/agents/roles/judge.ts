/** Decides what the judge is told and may answer: which of two changes, whose authors it does not know, the code asks for. */
import * as z from 'zod';
import { defineRole } from '../role.ts';

export const JudgeReply = z.object({
  verdict: z.enum(['first', 'second', 'inconclusive']),
  criterion: z.enum(['evidence', 'consistency', 'completeness']).describe('What weighs most: the results, the names and documentation, or the cases covered.'),
  confidence: z.number().min(0).max(1),
  reason: z.string().max(240).describe('One sentence that names the result which decides.'),
});
export type JudgeReply = z.infer<typeof JudgeReply>;

export const judge = defineRole({
  name: 'judge',
  version: '1',
  does: 'Decides between two changes that pass every test and behave differently, by what was run and what the code says of itself.',
  cannot: 'Sees no author and runs nothing. A verdict that turns with the order of the two counts as none.',
  limits: { turnsMax: 1, replyTokensMax: 120 },
  quality: '',
  prompt: [
    'You are the judge. Both changes pass all tests. The results above were run, not claimed.',
    'Say which change gives what the names, the comments and the tests ask for. Say inconclusive when they do not tell.',
  ].join('\n'),
  reply: JudgeReply,
});
