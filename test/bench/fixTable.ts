/** Decides what the log of all trials says: truly fixed, falsely "fixed", time and tokens, for each way and each pair of sources. */
import type { Trial, Way } from './fixLog.ts';
import { figure, markdownTable } from './row.ts';

/** Bug → its trials. */
export type Trials = ReadonlyMap<string, readonly Trial[]>;

export interface Summary {
  readonly way: string;
  readonly bugs: number;
  readonly truly: number;
  /** Claimed fixed, hidden check says no. */
  readonly falsely: number;
  /** To a true fix, over the bugs that got one; NaN: none. */
  readonly medianSeconds: number;
  /** Prompt and reply tokens of all bugs over the true fixes. */
  readonly tokensPerFix: number;
  readonly promptTokens: number;
  readonly replyTokens: number;
}

/** Cheapest first: the order in which a pair's sources are tried. */
const SOURCES = ['mechanical', 'cloze', 'rewrite'] as const satisfies readonly Way[];

export function summaries(trials: Trials): readonly Summary[] {
  const single = (way: Way) => (ofBug: readonly Trial[]): Trial | undefined => ofBug.find((trial) => trial.way === way);
  const pairs = SOURCES.flatMap((first, index) => SOURCES.slice(index + 1).map((second) => ({ way: `${first} + ${second}`, pick: (ofBug: readonly Trial[]) => inTurn(single(first)(ofBug), single(second)(ofBug)) })));
  return [
    { way: 'raw model, asked once', pick: single('raw') },
    ...SOURCES.map((way) => ({ way, pick: single(way) })),
    ...pairs,
    { way: 'the crew', pick: single('crew') },
  ].map(({ way, pick }) => summarise(way, [...trials.values()].flatMap((ofBug) => pick(ofBug) ?? [])));
}

/** What the two give when the second is asked only where the first claims nothing. */
export function inTurn(first: Trial | undefined, second: Trial | undefined): Trial | undefined {
  if (first === undefined || second === undefined || first.claimsFixed) return second === undefined ? undefined : first;
  return { ...second, seconds: first.seconds + second.seconds, promptTokens: first.promptTokens + second.promptTokens, replyTokens: first.replyTokens + second.replyTokens };
}

function summarise(way: string, trials: readonly Trial[]): Summary {
  const fixed = trials.filter(({ claimsFixed, truly }) => claimsFixed && truly);
  const sum = (of: (trial: Trial) => number): number => trials.reduce((total, trial) => total + of(trial), 0);
  const promptTokens = sum((trial) => trial.promptTokens);
  const replyTokens = sum((trial) => trial.replyTokens);
  return {
    way,
    bugs: trials.length,
    truly: fixed.length,
    falsely: trials.filter(({ claimsFixed, truly }) => claimsFixed && !truly).length,
    medianSeconds: median(fixed.map(({ seconds }) => seconds)),
    tokensPerFix: fixed.length === 0 ? Number.NaN : (promptTokens + replyTokens) / fixed.length,
    promptTokens,
    replyTokens,
  };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2;
}

export function summaryTable(rows: readonly Summary[]): string {
  return markdownTable(
    ['way', 'bugs', 'truly fixed', 'false "fixed"', 'median s', 'tokens per true fix', 'prompt', 'reply'],
    rows.filter(({ bugs }) => bugs > 0).map((row) => [row.way, String(row.bugs), String(row.truly), String(row.falsely), figure(row.medianSeconds), figure(row.tokensPerFix), figure(row.promptTokens), figure(row.replyTokens)]),
  );
}
