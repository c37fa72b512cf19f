/** Decides which files a review reads, and says of the others why not. */
import { isDependency, isGenerated } from '../checks/testFiles.ts';

/** The files of design 03: larger ones are tables and bundles more often than code that somebody reads. */
const LINES_MAX = 2_000;
/** Nobody types lines of this average length: a minified bundle, whatever it is called. */
const LINE_AVERAGE_MAX = 220;
const CONFLICT = /^(?:<{7}|>{7}|\|{7})(?: |$)/m;

/** undefined: it is read. Otherwise why it is not, as a sentence's end. */
export function whyNotRead(path: string, text: string | undefined): string | undefined {
  if (text === undefined) return 'it is absent, refused, or no text';
  const lines = text.split('\n');
  if (lines.length > LINES_MAX) return `it has ${lines.length} lines (at most ${LINES_MAX} are read)`;
  if (isDependency(path)) return 'it belongs to a dependency';
  if (isGenerated(path, text)) return 'it was made by a program';
  if (text.length / lines.length > LINE_AVERAGE_MAX && text.length > 2_000) return 'it is minified';
  return undefined;
}

/** First line of a merge that nobody has finished; the text between the marks is two versions at once. */
export function conflictLine(text: string): number | undefined {
  const match = CONFLICT.exec(text);
  return match === null || !/^={7}$/m.test(text) ? undefined : text.slice(0, match.index).split('\n').length;
}
