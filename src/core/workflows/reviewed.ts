/** Decides what every step of a review is given of one file. */
import type { TextFile } from '../domain/patch.ts';
import type { LineRange } from '../review/changedLines.ts';
import type { Source } from '../review/source.ts';

export interface Reviewed {
  readonly file: TextFile;
  /** undefined: no grammar, or it does not parse. */
  readonly source: Source | undefined;
  /** Lines in question; undefined: the whole file. */
  readonly ranges: readonly LineRange[] | undefined;
  /** The text at HEAD; undefined: there was none, or the whole file is read. */
  readonly before: string | undefined;
}
