/** Decides how the results of a file of faults are summed up, and when they make the command fail. */
import type { FaultResult } from './faultPlay.ts';

const HEAD = ['class', 'cases', 'ok', 'breaches', 'not run'] as const;

export function tableOf(results: readonly FaultResult[]): string {
  const classes = [...new Set(results.map((result) => result.class))].sort();
  const rows = [...classes.map((name) => row(name, results.filter((result) => result.class === name))), row('all', results)];
  const widths = HEAD.map((title, column) => Math.max(title.length, ...rows.map((cells) => (cells[column] ?? '').length)));
  return [HEAD, ...rows].map((cells) => cells.map((text, column) => (column === 0 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0))).join('  ')).join('\n');
}

function row(name: string, results: readonly FaultResult[]): readonly string[] {
  const run = results.filter((result) => result.notRun === null);
  return [name, results.length, run.filter((result) => result.ok).length, run.filter((result) => result.breaches.length > 0).length, results.length - run.length].map(String);
}

export function countLine(results: readonly FaultResult[]): string {
  const run = results.filter((result) => result.notRun === null);
  const passed = run.filter((result) => result.ok).length;
  return `${passed} passed, ${run.length - passed} failed, ${results.length - run.length} not run`;
}

export function exitCode(results: readonly FaultResult[]): 0 | 1 {
  return results.some((result) => result.notRun === null && !result.ok) ? 1 : 0;
}
