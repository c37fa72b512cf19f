/** Decides what a benchmark says: rows of one figure each, with its aim and whether it was met. */

export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** As people read it: "≤ 1.25"; "" where nothing is aimed at. */
  readonly aim: string;
  readonly ok: boolean;
}

export interface BenchOptions {
  /** How many bugs, from a stratified sample that is always the same; Infinity: all. */
  readonly sample: number;
  /** Goes on with the newest log instead of beginning one. */
  readonly resume: boolean;
  /** Ways of `fix` that are tried; empty: all. */
  readonly ways: readonly string[];
}

/** What a file of test/bench exports as `bench`. */
export type Bench = (options: BenchOptions, signal: AbortSignal) => Promise<readonly Row[]>;

/** A row that has an upper bound. */
export function atMost(name: string, value: number, unit: string, bound: number): Row {
  return { name, value, unit, aim: `≤ ${bound.toLocaleString('en')}`, ok: value <= bound };
}

export function atLeast(name: string, value: number, unit: string, bound: number): Row {
  return { name, value, unit, aim: `≥ ${bound.toLocaleString('en')}`, ok: value >= bound };
}

/** A row that only informs. */
export function plain(name: string, value: number, unit: string): Row {
  return { name, value, unit, aim: '', ok: true };
}

/** A Markdown table, ready for the README. */
export function rowsTable(rows: readonly Row[]): string {
  return markdownTable(['what', 'value', 'aim', ''], rows.map(({ name, value, unit, aim, ok }) => [name, `${figure(value)} ${unit}`.trim(), aim, aim === '' ? '' : ok ? 'met' : 'MISSED']));
}

export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, column) => Math.max(3, ...[cell, ...rows.map((row) => row[column] ?? '')].map((text) => [...text].length)));
  const line = (cells: readonly string[]): string => `| ${cells.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - [...cell].length)).join(' | ')} |`;
  return [line(head), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...rows.map(line)].join('\n');
}

/** Three significant digits, thousands apart. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '–';
  return Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
}
