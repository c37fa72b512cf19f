/** Decides whether each benchmark bug is one: its checks fail on base for the bug's sake, and pass with the reference fix. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layOut, layOver, readBugs, type Bug } from './bugSet.ts';
import { MISSING_PROGRAM, runInTree } from './runInTree.ts';
import type { Bench, Row } from './row.ts';

/** Every bug, whatever the sample; two runs of each check tell a flaky one. */
export const bench: Bench = async (_options, signal) => {
  const rows: Row[] = [];
  for (const bug of await readBugs()) {
    const faults = await bugFaults(bug, signal);
    for (const fault of faults) console.log(`${bug.name}: ${fault}`);
    rows.push({ name: bug.name, value: faults.length, unit: 'faults', aim: '0', ok: faults.length === 0 });
  }
  return rows;
};

/** Sentences for what keeps this from being a fair bug. */
export async function bugFaults(bug: Bug, signal: AbortSignal): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'groundcrew-bug-'));
  const trees = { base: join(folder, 'base'), right: join(folder, 'right'), hidden: join(folder, 'hidden') };
  const faults: string[] = [];
  const expect = async (what: string, argv: readonly string[], tree: string, passes: boolean): Promise<void> => {
    for (let time = 1; time <= 2; time++) {
      const { passed, exit, output } = await runInTree(argv, tree, signal);
      if (exit === MISSING_PROGRAM) faults.push(`${what} could not be run: ${output.trim().split('\n').at(-1)}`);
      else if (passed !== passes) faults.push(`${what} ${passed ? 'passes' : 'fails'} (run ${time})${passed ? '' : `:\n${output.trim().slice(-1_500)}`}`);
      if (faults.length > 0) return;
    }
  };
  try {
    for (const tree of Object.values(trees)) await layOut(bug, tree);
    await layOver(bug, 'right', trees.right);
    await layOver(bug, 'hidden', trees.hidden);
    if (bug.test !== null) await expect('the visible check on base', bug.test, trees.base, false);
    await expect('the hidden check on base', bug.hidden, trees.hidden, false);
    if (bug.test !== null) await expect('the visible check with the reference fix', bug.test, trees.right, true);
    await layOver(bug, 'hidden', trees.right);
    await expect('the hidden check with the reference fix', bug.hidden, trees.right, true);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return faults;
}
