/** Decides how large a change is, and whether it only takes behaviour away: deletes a branch, hard-codes a result, empties a loop. */
import { diffArrays } from 'diff';

export interface ChangeShape {
  /** Words and signs added or removed. */
  readonly size: number;
  /** Nothing computed was put in the place of what went. */
  readonly removes: boolean;
}

const TOKEN = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[A-Za-z_$][\w$]*|\d+(?:\.\d+)?|[^\s\w]/g;
/** Words that compute nothing. */
const EMPTY_WORDS: ReadonlySet<string> = new Set(['true', 'false', 'null', 'undefined', 'None', 'True', 'False', 'nil', 'pass', 'return', 'continue', 'break', 'if', 'not']);

export function shapeOf(edits: readonly { readonly before: string; readonly after: string }[]): ChangeShape {
  const added: string[] = [];
  const removed: string[] = [];
  for (const edit of edits) {
    for (const part of diffArrays(tokens(edit.before), tokens(edit.after))) {
      if (part.added) added.push(...part.value);
      else if (part.removed) removed.push(...part.value);
    }
  }
  const computes = (list: readonly string[]): number => list.filter((token) => /^[A-Za-z_$]/.test(token) && !EMPTY_WORDS.has(token)).length;
  const hardCodes = computes(added) === 0 && added.some((token) => /^(?:\d{2,}|["'])/.test(token)) && computes(removed) > 0;
  return { size: added.length + removed.length, removes: (computes(added) === 0 && computes(removed) > 0 && removed.length > added.length) || hardCodes };
}

function tokens(text: string): string[] {
  return text.split(/\r?\n/).map((line) => line.replace(/(?:^|\s)(?:\/\/|#).*$/, '')).join('\n').match(TOKEN) ?? [];
}
