/** Decides what a text is once one hunk of a change is taken into it, or out of it. */

/** As the editor's gutter gives it: lines count from 1; an end of 0 means that there are none on that side. */
export interface Hunk {
  readonly originalStartLineNumber: number;
  readonly originalEndLineNumber: number;
  readonly modifiedStartLineNumber: number;
  readonly modifiedEndLineNumber: number;
}

/** `original` with this hunk of `modified`. */
export function takeHunk(original: string, modified: string, hunk: Hunk): string {
  const lines = original.split('\n');
  const taken = hunk.modifiedEndLineNumber === 0 ? [] : modified.split('\n').slice(hunk.modifiedStartLineNumber - 1, hunk.modifiedEndLineNumber);
  const isInsertion = hunk.originalEndLineNumber === 0;
  const from = isInsertion ? hunk.originalStartLineNumber : hunk.originalStartLineNumber - 1;
  const removed = isInsertion ? 0 : hunk.originalEndLineNumber - hunk.originalStartLineNumber + 1;
  return [...lines.slice(0, from), ...taken, ...lines.slice(from + removed)].join('\n');
}

/** `modified` without this hunk. */
export function dropHunk(original: string, modified: string, hunk: Hunk): string {
  return takeHunk(modified, original, {
    originalStartLineNumber: hunk.modifiedStartLineNumber, originalEndLineNumber: hunk.modifiedEndLineNumber,
    modifiedStartLineNumber: hunk.originalStartLineNumber, modifiedEndLineNumber: hunk.originalEndLineNumber,
  });
}

/** What the gutter hands to its buttons: the address, all hunks, and which of them. undefined: it is something else. */
export function hunkIn(hunks: unknown, index: unknown): Hunk | undefined {
  const found: unknown = Array.isArray(hunks) && typeof index === 'number' ? hunks[index] : undefined;
  return isHunk(found) ? found : undefined;
}

const FIELDS = ['originalStartLineNumber', 'originalEndLineNumber', 'modifiedStartLineNumber', 'modifiedEndLineNumber'] as const;

function isHunk(value: unknown): value is Hunk {
  return typeof value === 'object' && value !== null && FIELDS.every((field) => Number.isSafeInteger(Object.entries(value).find(([name]) => name === field)?.[1]));
}
