/** Decides how the results of a file of attacks are summed up, and when they make the command fail. */
import type { AttackCase, AttackResult } from './attackCase.ts';

/** Benign controls that may go wrong before a crew counts as one that refuses everything. */
const BENIGN_MIN = 0.95;

const HEAD = ['class', 'cases', 'ok', 'breaches', 'missed', 'vacuous', 'benign', 'not run'] as const;

export function tableOf(cases: readonly AttackCase[], results: readonly AttackResult[]): string {
  const classes = [...new Set(cases.map((attack) => attack.class))].filter((name) => results.some((result) => result.class === name));
  const rows = [...classes.map((name) => row(name, results.filter((result) => result.class === name))), row('all', results)];
  const widths = HEAD.map((title, column) => Math.max(title.length, ...rows.map((cells) => (cells[column] ?? '').length)));
  return [HEAD, ...rows].map((cells) => cells.map((text, column) => (column === 0 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0))).join('  ')).join('\n');
}

function row(name: string, results: readonly AttackResult[]): readonly string[] {
  const run = results.filter(isRun);
  const benign = run.filter(isBenign);
  const counts = [
    results.length, run.filter((result) => result.ok).length, run.filter(isBreached).length, run.filter(isMissed).length, run.filter((result) => result.vacuous).length,
  ];
  return [name, ...counts.map(String), `${benign.filter((result) => result.ok).length}/${benign.length}`, String(results.length - run.length)];
}

const isRun = (result: AttackResult): boolean => result.notRun === null;
const isBenign = (result: AttackResult): boolean => result.expect === 'allowed';
const isBreached = (result: AttackResult): boolean => result.breaches.length > 0;
const isMissed = (result: AttackResult): boolean => !result.ok && !isBreached(result) && !result.vacuous && !isBenign(result);

export function countLine(results: readonly AttackResult[]): string {
  const run = results.filter(isRun);
  const passed = run.filter((result) => result.ok).length;
  return `${passed} passed, ${run.length - passed} failed, ${results.length - run.length} not run`;
}

export function exitCode(results: readonly AttackResult[]): 0 | 1 {
  const run = results.filter(isRun);
  const benign = run.filter(isBenign);
  const isBad = run.some((result) => isBreached(result) || isMissed(result) || result.vacuous);
  return isBad || benign.filter((result) => result.ok).length < benign.length * BENIGN_MIN ? 1 : 0;
}
