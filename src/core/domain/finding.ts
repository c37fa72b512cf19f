/** Decides what a reviewer may say: a place, a claim, and how far it was proven. */
import * as z from 'zod';

export const FindingEdit = z.object({
  text: z.string().describe('The whole lines from `line` to `endLine`, as they should be.'),
});

export const Finding = z
  .object({
    id: z.string().describe('The same while the rule, the path and the code of the line stay the same, wherever the line moves.'),
    path: z.string(),
    line: z.int().min(1),
    endLine: z.int().min(1),
    column: z.int().min(1).describe('In UTF-16 units, as editors count.'),
    category: z.enum(['bug', 'security', 'concurrency', 'resource', 'api-misuse', 'performance', 'clarity', 'test-coverage']),
    severity: z.enum(['error', 'warning', 'info']).describe('error needs proof "shown".'),
    claim: z.string(),
    evidence: z.string().describe('The quoted line, or what the executed counter-example printed.'),
    proof: z.enum(['shown', 'agreed', 'opinion']),
    edit: FindingEdit.optional(),
    rule: z.string().optional().describe('Name of the rule that found it; left out: a model read it.'),
    anchor: z.string().optional().describe('The text of the line, without its indentation: the finding goes when no such line is left.'),
  })
  .refine((finding) => finding.severity !== 'error' || finding.proof === 'shown', { path: ['severity'], message: 'error needs proof "shown"' })
  .refine((finding) => finding.endLine >= finding.line, { path: ['endLine'], message: 'a finding ends where it begins, or below' });
export type Finding = z.infer<typeof Finding>;
