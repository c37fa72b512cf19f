/** Decides what an attack is: a small program of a family, and what it needs. */

export const FAMILIES = ['network', 'daemon', 'write', 'escape', 'process', 'device', 'bomb'] as const;
export type Family = (typeof FAMILIES)[number];
export type Language = 'sh' | 'bash' | 'python3' | 'node' | 'perl';

export interface Attack {
  readonly family: Family;
  /** What is tried on what, for the report. */
  readonly name: string;
  readonly language: Language;
  readonly code: string;
  /** A program beside the language's own that it needs. */
  readonly needs?: string;
  /** Ends by a limit, or would. */
  readonly isBomb?: boolean;
  /** Without a sandbox it would harm this machine, so it is never tried without one. */
  readonly isGrave?: boolean;
}
