/** Decides how roles speak to each other: only by these envelopes, kept in the event log. */
import * as z from 'zod';
import { Role } from './role.ts';

export const Message = z.object({
  id: z.string(),
  type: z.enum(['request', 'response', 'notification', 'error']),
  intent: z.enum(['ask', 'inform', 'delegate', 'escalate']),
  sender: Role,
  receiver: Role,
  correlation: z.string().describe('The conversation that it belongs to.'),
  replyTo: z.string().nullable().describe('The message that it answers.'),
  priority: z.enum(['low', 'normal', 'high', 'critical']),
  expects: z.enum(['nothing', 'candidate', 'finding', 'plan', 'receipt', 'answer']),
  expiresAt: z.int().nullable().describe('Milliseconds since 1970; null: never.'),
  body: z.string(),
});
export type Message = z.infer<typeof Message>;
