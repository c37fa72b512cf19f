/** Decides how `runs` is run: the newest first, one line each, or one JSON object a line. */
import { stateFolder } from '../../node/stateFolder.ts';
import { openStore } from '../../node/store.ts';
import { workspaceRoot } from '../../node/workspaceRoot.ts';
import type { Invocation } from '../args.ts';
import { renderRuns } from '../runsList.ts';

const RUNS_MAX = 100;

export async function runs({ common }: Extract<Invocation, { kind: 'runs' | 'doctor' | 'models' }>): Promise<number> {
  await using store = await openStore(stateFolder(workspaceRoot(common.cwd)));
  const rows = await store.runs(RUNS_MAX);
  if (common.json) for (const row of rows) process.stdout.write(`${JSON.stringify(row)}\n`);
  else process.stdout.write(renderRuns(rows, { now: Date.now(), columns: process.stdout.columns ?? 100 }));
  return 0;
}
