/** Decides how long a property is tried: a fixed seed and few runs in the suite, minutes with GROUNDCREW_FUZZ_MS. */

const RUNS_WITHOUT_END = 1_000_000_000;

export interface Fuzzing {
  readonly numRuns: number;
  readonly seed?: number;
  readonly interruptAfterTimeLimit?: number;
}

export function fuzzing(numRuns: number): Fuzzing {
  const ms = fuzzMs();
  return ms === undefined ? { numRuns, seed: 20_261_121 } : { numRuns: RUNS_WITHOUT_END, interruptAfterTimeLimit: ms };
}

/** For a test's own limit. */
export function fuzzTimeout(usualMs: number): number {
  return usualMs + (fuzzMs() ?? 0) * 2;
}

function fuzzMs(): number | undefined {
  const ms = Number(process.env['GROUNDCREW_FUZZ_MS']);
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}
