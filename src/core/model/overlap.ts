/** Decides how many slots a host really has: the most calls that were seen writing at the same moment. */

export interface Overlap {
  /** Shown so far; 1 until two calls overlapped. */
  readonly shown: number;
  /** `running`: calls sent and not ended, this one included. */
  began(running: number): void;
  ended(): void;
}

/** Calls begun beside another, for each slot tried, until what was seen counts as all there is. */
const TRIALS_PER_SLOT = 3;

/** More calls than slots only wait in the server's own queue, so trying costs nothing but their order. `settle` is told once. */
export function createOverlap(slotsTried: number, settle: (slots: number) => void): Overlap {
  let writing = 0;
  let shown = 1;
  let trials = 0;
  return {
    get shown() {
      return shown;
    },
    began(running) {
      writing++;
      shown = Math.max(shown, Math.min(writing, slotsTried));
      if (running > 1 && ++trials === slotsTried * TRIALS_PER_SLOT) settle(shown);
    },
    ended() {
      writing--;
    },
  };
}
