import { editsBetween } from './edits.js';
import { formatHunk, hunksOf } from './hunk.js';
import { splitLines } from './lines.js';

const NOTHING = '/dev/null';

/**
 * A unified diff that `patch` understands; empty when nothing differs.
 * @param {{ path: string, before: string | null, after: string | null, context?: number }} change null: there is no such file.
 */
export function unifiedDiff({ path, before, after, context = 3 }) {
  if (!Number.isInteger(context) || context < 0) throw new RangeError('Context is a number of lines.');
  const edits = editsBetween(splitLines(before ?? ''), splitLines(after ?? ''));
  const hunks = hunksOf(edits, context);
  if (hunks.length === 0) return '';
  const head = [`--- ${before === null ? NOTHING : `a/${path}`}`, `+++ ${after === null ? NOTHING : `b/${path}`}`];
  return `${[...head, ...hunks.flatMap(formatHunk)].join('\n')}\n`;
}

/** How many lines were added and removed. */
export function diffStat(before, after) {
  const edits = editsBetween(splitLines(before), splitLines(after));
  return {
    added: edits.filter(({ kind }) => kind === 'add').length,
    removed: edits.filter(({ kind }) => kind === 'remove').length,
  };
}
