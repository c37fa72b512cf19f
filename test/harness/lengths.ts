/** Decides how long functions and files may be, and tells how long they are. */
import type { SourceFile } from './sources.ts';

export const FUNCTION_LINES_MAX = 70;
export const FILE_LINES_MAX = 400;
const PERCENTILE = 0.95;

/** Sentences for what is longer than a screen or a file may be. */
export function lengthFaults(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap((file) => [
    ...(file.lines > FILE_LINES_MAX ? [`${file.path} has ${file.lines} lines; ${FILE_LINES_MAX} is the limit: split it`] : []),
    ...file.functions
      .filter(({ lines }) => lines > FUNCTION_LINES_MAX)
      .map(({ name, line, lines }) => `${file.path}:${line} ${name} has ${lines} lines; ${FUNCTION_LINES_MAX} is the limit: take a step out`),
  ]);
}

export interface Lengths {
  readonly count: number;
  readonly p95: number;
  readonly max: number;
}

export function lengthsOf(lines: readonly number[]): Lengths {
  const sorted = lines.toSorted((a, b) => a - b);
  const p95 = sorted[Math.max(0, Math.ceil(sorted.length * PERCENTILE) - 1)] ?? 0;
  return { count: sorted.length, p95, max: sorted.at(-1) ?? 0 };
}

export function lengthsText(files: readonly SourceFile[]): string {
  const text = ({ count, p95, max }: Lengths): string => `${count}, p95 ${p95} lines, max ${max}`;
  return `functions ${text(lengthsOf(files.flatMap((file) => file.functions.map(({ lines }) => lines))))}; files ${text(lengthsOf(files.map(({ lines }) => lines)))}`;
}
