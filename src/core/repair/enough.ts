/** Decides when the search for candidates may stop: what more would cost against what it would tell. */
import type { Source } from '../domain/candidate.ts';

export interface SearchState {
  /** Sources of each different survivor: one entry per normalised patch. */
  readonly survivors: readonly { readonly sources: readonly Source[] }[];
  /** Those that do nothing now: at their end, or resting until it is their turn again. */
  readonly finished: readonly Source[];
  /** Milliseconds since the first survivor; undefined: none yet. */
  readonly sinceFirstMs: number | undefined;
  /** Milliseconds since the first survivor that a model wrote. */
  readonly sinceModelMs: number | undefined;
  /** Milliseconds since the model had written what it would at the places where the first survivors are. */
  readonly sinceOpinionMs: number | undefined;
  /** Candidates that are being tested. */
  readonly pending: number;
}

/**
 * A filled gap that passes is right 17 times of 18, the first mechanical edit that passes only 10 of 14 (issue 4,
 * measured on 26 bugs with the 1.5B): so a mechanical survivor waits for a second opinion, a model's does not. Four gaps
 * take a 1.5B on two free cores about 15 s; a machine that is busy with other work takes several times that.
 */
export const SECOND_OPINION_MS = 60_000;
/** What a model's survivor, or opinion, waits for rivals: they are cheap for so long, and rarely right when it is not. */
export const RIVALS_MS = 4_000;

export function isEnough(state: SearchState): boolean {
  if (state.sinceFirstMs === undefined) return false;
  const sources = new Set(state.survivors.flatMap((survivor) => survivor.sources));
  if (state.survivors.some((survivor) => survivor.sources.length > 1)) return true;
  const byModel = sources.has('cloze') || sources.has('rewrite');
  if (byModel && state.finished.includes('mechanical')) return true;
  const rivalsHadTheirTime = state.finished.includes('mechanical') || state.sinceFirstMs >= RIVALS_MS;
  if (sources.has('mechanical') && state.finished.includes('cloze') && rivalsHadTheirTime) return true;
  if (state.sinceModelMs !== undefined && state.sinceModelMs >= RIVALS_MS) return true;
  if (state.sinceOpinionMs !== undefined && (state.sinceOpinionMs >= RIVALS_MS || (state.finished.includes('mechanical') && state.pending === 0))) return true;
  return state.sinceFirstMs >= SECOND_OPINION_MS;
}

/**
 * How many mechanical edits are worth trying once the first has passed at `rank`: rivals of about the same plausibility,
 * which selection needs, and not the long tail behind them.
 */
export function mechanicalEnough(rank: number): number {
  return 3 * rank + 150;
}
