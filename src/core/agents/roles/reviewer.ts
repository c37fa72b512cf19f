/** Decides what the reviewer is told and may answer: an objection counts only with a call that shows it. */
import * as z from 'zod';
import { defineRole } from '../role.ts';

export const ReviewReply = z.object({
  correct: z.boolean().describe('true when the change fixes the cause and breaks nothing.'),
  claim: z.string().max(300).describe('One sentence: why.'),
  counterExample: z
    .object({
      call: z.string().max(300).describe('One expression as in that test, with other literal arguments.'),
      expected: z.string().max(200).describe('The value it should return, as a literal.'),
    })
    .nullable()
    .describe('null when correct.'),
});
export type ReviewReply = z.infer<typeof ReviewReply>;

export const reviewer = defineRole({
  name: 'reviewer',
  version: '2',
  does: 'Reads the surviving change in a fresh context and looks for an input on which it is wrong.',
  cannot: 'Cannot veto by opinion: only a counter-example that the verifier reproduces rejects a change.',
  limits: { turnsMax: 3, replyTokensMax: 140 },
  quality: '',
  prompt: [
    'You are the reviewer. All tests pass with this change. Is it correct for other inputs too?',
    'Object only with one concrete call whose result is wrong after the change.',
  ].join('\n'),
  reply: ReviewReply,
});
