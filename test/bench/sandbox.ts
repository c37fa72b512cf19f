/** Decides what the sandbox costs: one start of a program that does nothing, confined, against the same started bare, in turn. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClock } from '../../src/node/clock.ts';
import { createProcesses } from '../../src/node/processes.ts';
import { median } from './fixTable.ts';
import { atMost, plain, type Bench } from './row.ts';

const STARTS = 60;
const OVERHEAD_MS_MAX = 10;
const LIMITS = { wallMs: 20_000, silenceMs: 20_000, outputBytes: 1_000_000, memoryBytes: 1_000_000_000, processes: 64 };

export const bench: Bench = async (_options, signal) => {
  const folder = mkdtempSync(join(tmpdir(), 'groundcrew-bench-'));
  try {
    const at = (name: string): string => join(folder, name);
    for (const name of ['ws', 'home']) mkdirSync(at(name));
    const processes = createProcesses({ root: at('ws'), tmpFolder: at('tmp'), cacheFolder: at('cache'), env: { ...process.env, HOME: at('home') }, clock: createClock() });
    const confinement = await processes.confinement();
    if (confinement.kind !== 'bubblewrap') throw new Error('There is no sandbox here whose start could be measured.');
    await using snapshot = await processes.snapshot({ slots: 1 }, signal);
    const samples = { bare: [] as number[], confined: [] as number[] };
    for (let start = 0; start < STARTS; start++) {
      samples.bare.push(await timed(async () => await once(spawn('/bin/true', { stdio: ['ignore', 'pipe', 'pipe'] }), 'close')));
      samples.confined.push(await timed(async () => await snapshot.run({ argv: ['/bin/true'], cwd: '', env: {}, overlay: [], kit: {}, collect: [], limits: LIMITS, confined: true }, signal)));
    }
    const overhead = samples.confined.map((ms, index) => ms - (samples.bare[index] ?? Number.NaN));
    return [plain('start of a program, bare', median(samples.bare), 'ms'), plain('start of a program, confined, in a copy put back after', median(samples.confined), 'ms'), atMost('what the sandbox adds', median(overhead), 'ms', OVERHEAD_MS_MAX)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
