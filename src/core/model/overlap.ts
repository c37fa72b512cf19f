/** Decides how many slots a host really has: the most calls that were seen writing at the same moment. */

export interface Overlap {
  /** Shown so far; 1 until two calls overlapped. */
  readonly shown: number;
  began(): void;
  ended(): void;
}

/** More calls than slots only wait in the server's own queue, so trying costs nothing but their order. `settle` is told once. */
export function createOverlap(slotsTried: number, settle: (slots: number) => void): Overlap {
  let writing = 0;
  let shown = 1;
  let calls = 0;
  return {
    get shown() {
      return shown;
    },
    began() {
      writing++;
      shown = Math.max(shown, Math.min(writing, slotsTried));
    },
    ended() {
      writing--;
      calls++;
      if (calls === slotsTried * 3) settle(shown);
    },
  };
}
