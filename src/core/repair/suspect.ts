/** Decides what a suspect is: lines that may hold the bug, with the evidence that points there. */
export interface Suspect {
  readonly path: string;
  readonly line: number;
  readonly endLine: number;
  /** Enclosing function or class member, "" at the top level. */
  readonly symbol: string;
  /** Higher is more suspicious; comparable only within one ranking. */
  readonly score: number;
  /** For a person: "frame 1 of the failure; 1.00 by spectrum (Ochiai)". */
  readonly evidence: string;
}
