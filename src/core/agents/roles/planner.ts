/** Decides what the planner is told and may answer: it picks suspects from evidence, and writes the steps of the change. */
import * as z from 'zod';
import { defineRole } from '../role.ts';

export const PlanReply = z.object({
  cause: z.string().max(400).describe('One sentence: what is wrong.'),
  steps: z
    .array(z.object({ suspect: z.int().min(1).describe('Number of the suspect to change.'), change: z.string().max(200).describe('What to change there.') }))
    .min(1)
    .max(4),
});
export type PlanReply = z.infer<typeof PlanReply>;

export const planner = defineRole({
  name: 'planner',
  version: '2',
  does: 'Picks suspects from the evidence and writes the plan.',
  cannot: 'Edits nothing and runs nothing; its plan orders the work, tests decide what is right.',
  limits: { turnsMax: 3, replyTokensMax: 160 },
  quality: '',
  prompt: [
    'You are the planner. A test fails. Choose which suspect holds the bug and say what to change.',
    'List 1 step, or more only when several places must change. Never change the test.',
  ].join('\n'),
  reply: PlanReply,
});
