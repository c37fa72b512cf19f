/** Decides what a crashed run's log says, read by the product as a fresh process would: whole, in order, each effect once. */
import { stateFolder } from '../../../src/node/stateFolder.ts';
import { openStore } from '../../../src/node/store.ts';

export interface Log {
  readonly runs: number;
  /** The newest run wrote its change and did not take it back. */
  readonly isApplied: boolean;
  /** It was being taken back when the process died: each file is the old or the new one. */
  readonly isUndoing: boolean;
  readonly last: string;
  readonly problems: readonly string[];
}

export async function readLog(root: string, state: string): Promise<Log> {
  const problems: string[] = [];
  await using store = await openStore(stateFolder(root, { platform: process.platform, env: { XDG_STATE_HOME: state }, home: state }));
  const runs = await store.runs(10);
  let isApplied = false;
  let isUndoing = false;
  let last = 'no run';
  for (const { run } of runs.toReversed()) {
    const events = await store.read(run);
    const intended = events.flatMap((event) => (event.type === 'effect.intended' ? [event.data.key] : []));
    const done = events.flatMap((event) => (event.type === 'effect.done' ? [event.data.key] : []));
    for (const keys of [intended, done]) if (new Set(keys).size !== keys.length) problems.push(`an effect stands twice in the log of ${run}: ${keys.join(', ')}`);
    isApplied = events.reduce((applied, event) => (event.type === 'patch.applied' ? true : event.type === 'patch.undone' ? false : applied), false);
    isUndoing = intended.some((key) => key.includes(':undo:') && !done.includes(key));
    last = events.at(-1)?.type ?? 'empty';
  }
  if (runs.length > 1) problems.push(`${runs.length} runs where there was one`);
  return { runs: runs.length, isApplied, isUndoing, last, problems };
}
