/** Decides how `trace` is run: the outcome in the terminal, everything in one HTML file. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Store } from '../../core/ports.ts';
import { foldRun, type RunView } from '../../core/run/view.ts';
import { stateFolder } from '../../node/stateFolder.ts';
import { openStore } from '../../node/store.ts';
import { workspaceRoot } from '../../node/workspaceRoot.ts';
import { type Invocation, UsageError } from '../args.ts';
import { plainStyle, renderGraph } from '../liveGraph.ts';
import { renderOutcome } from '../summary.ts';
import { renderTrace } from '../traceHtml.ts';

/** @throws UsageError for a run that this workspace does not have. */
export async function trace({ common, run, html }: Extract<Invocation, { kind: 'trace' }>): Promise<number> {
  await using store = await openStore(stateFolder(workspaceRoot(common.cwd)));
  const events = await store.read(run);
  if (events.length === 0) throw new UsageError(`There is no run "${run}" in this workspace. List them with: groundcrew runs`);
  const view = foldRun(events);
  if (html !== undefined) {
    const file = path.resolve(html);
    await writeFile(file, renderTrace(view, events, await basesOf(store, view)));
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

/** Texts that candidates were made from, as far as the store has them. */
async function basesOf(store: Store, view: RunView): Promise<(sha256: string) => string | undefined> {
  const texts = new Map<string, string>();
  for (const candidate of view.candidates.values()) {
    for (const { baseSha256 } of candidate.patch.edits) {
      const bytes = baseSha256 === null || texts.has(baseSha256) ? undefined : await store.getBlob(baseSha256);
      if (baseSha256 !== null && bytes !== undefined) texts.set(baseSha256, new TextDecoder().decode(bytes));
    }
  }
  return (sha256) => texts.get(sha256);
}
