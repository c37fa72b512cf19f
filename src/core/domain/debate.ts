/** Decides what is kept of a debate: both sides, what was run, who voted how, and whether it changed anything. */
import * as z from 'zod';
import { Ballot } from './ballot.ts';

export const Position = z.enum(['affirmative', 'negative']);
export type Position = z.infer<typeof Position>;

export const DebateSide = z.object({
  position: Position,
  candidates: z.array(z.string()).describe('That behave alike; the first speaks for them. Empty: the position is about a finding.'),
  opening: z.string(),
  rebuttal: z.string().nullable().describe('null: none was asked for.'),
});
export type DebateSide = z.infer<typeof DebateSide>;

export const Exhibit = z.object({
  call: z.string().describe('What was run.'),
  affirmative: z.string().describe('What it gives under this position; "" when it could not be run.'),
  negative: z.string(),
  base: z.string().describe('What the unchanged code gives.'),
});
export type Exhibit = z.infer<typeof Exhibit>;

export const Debate = z.object({
  id: z.string(),
  about: z.enum(['survivors', 'finding']),
  question: z.string(),
  state: z.enum(['held', 'skipped']),
  rule: z.string().describe('What called for it, or what made it needless, with figures.'),
  sides: z.array(DebateSide).max(2),
  exhibits: z.array(Exhibit).describe('Run before anyone judged.'),
  ballots: z.array(Ballot),
  verdict: z.enum(['affirmative', 'negative', 'inconclusive']).nullable().describe('null: skipped.'),
  decidedBy: z.enum(['exhibits', 'rules', 'opinion', 'nobody']).describe('exhibits: what ran; rules: what the changes look like and where they come from; opinion: the judge alone.'),
  confidence: z.number().min(0).max(1).nullable().describe('Share of the ballots cast that agree with the verdict; null where nobody voted.'),
  tokens: z.object({ prompt: z.int().min(0), reply: z.int().min(0) }),
  durationMs: z.number().min(0),
  changedOutcome: z.boolean(),
});
export type Debate = z.infer<typeof Debate>;
