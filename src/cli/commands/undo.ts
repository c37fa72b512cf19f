/** Decides how `undo` is run, and what it says of files that somebody changed since. */
import { createCrew } from '../../core/crew.ts';
import { createNodeHost } from '../../node/host.ts';
import type { Invocation } from '../args.ts';
import { nobody } from '../ask.ts';

/** Exit 1 when a file was left alone because it is no longer what the run wrote. */
export async function undo({ common, run }: Extract<Invocation, { kind: 'resume' | 'undo' }>): Promise<number> {
  await using host = await createNodeHost({ cwd: common.cwd, model: common.model, hosts: common.hosts, env: process.env, prompt: nobody.approve });
  const before = (await host.ports.store.read(run)).length;
  const { restored, conflicts } = await createCrew({ ...host.ports, confirm: nobody.confirm }).undo(run, AbortSignal.timeout(UNDO_MS));
  if (common.json) for (const event of (await host.ports.store.read(run)).slice(before)) process.stdout.write(`${JSON.stringify(event)}\n`);
  else tell(run, restored, conflicts);
  return conflicts.length > 0 ? 1 : 0;
}

function tell(run: string, restored: readonly string[], conflicts: readonly string[]): void {
  for (const path of restored) process.stdout.write(`restored ${path}\n`);
  for (const path of conflicts) process.stdout.write(`left alone ${path}: it is not what the run wrote; the version before the run is in the trace\n`);
  if (restored.length + conflicts.length === 0) process.stdout.write(`Run ${run} has changed nothing that is not already restored.\n`);
}

const UNDO_MS = 60_000;
