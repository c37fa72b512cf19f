/** Decides what every source of candidates is given, and how it hands one over. */
import type { Source } from '../domain/candidate.ts';
import type { LineScores } from '../repair/spectrum.ts';
import type { Suspect } from '../repair/suspect.ts';
import type { Failure } from './baseline.ts';
import type { Gates, Proposal, Tried } from './gates.ts';

export interface SearchInput {
  /** Of those that the user allows. */
  readonly sources: readonly Source[];
  readonly failure: Failure;
  readonly suspects: readonly Suspect[];
  readonly gates: Gates;
  /** Path → line → suspicion by spectrum; empty where nothing was covered. */
  readonly lineScores: LineScores;
  readonly task: string | null;
  /** Told to the coder where it writes whole functions. */
  readonly advice: string;
}

/** Resolves with how far the candidate came. */
export type Offer = (proposal: Proposal) => Promise<Tried>;
