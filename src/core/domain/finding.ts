/** Decides what a reviewer may say: a place, a claim, and how far it was proven. */
import * as z from 'zod';

export const Finding = z.object({
  id: z.string(),
  path: z.string(),
  line: z.int().min(1),
  endLine: z.int().min(1),
  column: z.int().min(1),
  category: z.enum(['bug', 'security', 'concurrency', 'resource', 'api-misuse', 'performance', 'clarity', 'test-coverage']),
  severity: z.enum(['error', 'warning', 'info']).describe('error needs proof "shown".'),
  claim: z.string(),
  evidence: z.string().describe('The quoted line, or what the executed counter-example printed.'),
  proof: z.enum(['shown', 'agreed', 'opinion']),
});
export type Finding = z.infer<typeof Finding>;
