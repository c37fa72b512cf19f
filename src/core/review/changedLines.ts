/** Decides which lines of a file a unified diff changes, counted in the file as it is now. */
import { applyPatch, parsePatch, reversePatch } from 'diff';

export interface LineRange {
  readonly from: number;
  readonly to: number;
}

/** Lines added or changed, hunk by hunk; where lines were only taken away, the two around the gap. */
export function changedRanges(diff: string): readonly LineRange[] {
  const found: LineRange[] = [];
  let at = 0;
  let from = 0;
  let gap = false;
  const close = (): void => {
    if (from > 0) found.push({ from, to: at - 1 });
    else if (gap) found.push({ from: Math.max(1, at - 1), to: Math.max(1, at) });
    from = 0;
    gap = false;
  };
  for (const line of diff.split('\n')) {
    const hunk = /^@@ -\d+(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(line);
    if (hunk !== null) {
      close();
      at = Number(hunk[1]);
    } else if (at > 0 && line.startsWith('+')) {
      if (from === 0) from = at;
      at++;
    } else if (at > 0 && line.startsWith('-')) gap = true;
    else if (at > 0 && line.startsWith(' ')) {
      close();
      at++;
    } else if (at > 0 && line.startsWith('diff ')) {
      close();
      at = 0;
    }
  }
  close();
  return found;
}

export function touches(ranges: readonly LineRange[], line: number, endLine: number): boolean {
  return ranges.some((range) => line <= range.to && endLine >= range.from);
}

/** The text that the diff began with; undefined where it does not fit (another encoding, a filter). */
export function textBefore(text: string, diff: string): string | undefined {
  if (diff === '') return undefined;
  try {
    const [patch, more] = parsePatch(diff);
    if (patch === undefined || more !== undefined || patch.hunks.length === 0) return undefined;
    const before = applyPatch(text, reversePatch(patch));
    return before === false ? undefined : before;
  } catch {
    return undefined; // no patch at all: the parser throws for it
  }
}
