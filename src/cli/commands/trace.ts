/** Decides how `trace` is run: the outcome in the terminal, everything in one HTML file. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { foldRun } from '../../core/run/view.ts';
import { basesOf } from '../../core/trace/bases.ts';
import { renderTrace } from '../../core/trace/traceHtml.ts';
import { hashing } from '../../node/hashing.ts';
import { stateFolder } from '../../node/stateFolder.ts';
import { openStore } from '../../node/store.ts';
import { workspaceRoot } from '../../node/workspaceRoot.ts';
import { type Invocation, UsageError } from '../args.ts';
import { plainStyle, renderGraph } from '../liveGraph.ts';
import { renderOutcome } from '../summary.ts';

/** @throws UsageError for a run that this workspace does not have. */
export async function trace({ common, run, html }: Extract<Invocation, { kind: 'trace' }>): Promise<number> {
  await using store = await openStore(stateFolder(workspaceRoot(common.cwd)));
  const events = await store.read(run);
  if (events.length === 0) throw new UsageError(`There is no run "${run}" in this workspace. List them with: groundcrew runs`);
  const view = foldRun(events);
  if (html !== undefined) {
    const file = path.resolve(html);
    await writeFile(file, renderTrace({ view, events, hashing, baseOf: await basesOf(store, view) }));
    process.stdout.write(common.json ? `${JSON.stringify({ file })}\n` : `Wrote ${file}\n`);
    return 0;
  }
  if (common.json) {
    for (const event of events) process.stdout.write(`${JSON.stringify(event)}\n`);
    return 0;
  }
  process.stdout.write(`${renderGraph(view, view.lastAt, process.stdout.columns ?? 120, plainStyle).join('\n')}\n`);
  if (view.outcome !== null) process.stdout.write(`\n${renderOutcome(view.outcome, run, plainStyle)}`);
  return 0;
}
