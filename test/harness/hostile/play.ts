/** Decides how one hostile command is played, in the product's sandbox or bare, and what its own end says against the sandbox. */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, statfsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock, ProcessLimits } from '../../../src/core/ports.ts';
import { createProcesses } from '../../../src/node/processes.ts';
import { type Hostile, TRIED } from './generate.ts';
import type { Aim, Scene } from './scene.ts';

export interface Result {
  readonly ended: string;
  readonly output: string;
  readonly ms: number;
  /** The most that free memory and free disk fell meanwhile. */
  readonly memoryBytes: number;
  readonly diskBytes: number;
}

export interface Player extends AsyncDisposable {
  play(hostile: Hostile): Promise<Result>;
}

const QUIET: ProcessLimits = { wallMs: 8_000, silenceMs: 8_000, outputBytes: 8_000_000, memoryBytes: 1_000_000_000, processes: 64 };
const BOMB: ProcessLimits = { wallMs: 2_000, silenceMs: 1_500, outputBytes: 2_000_000, memoryBytes: 300_000_000, processes: 40 };
/** Between the limit and the end of the last process: the kernel gives back what was taken. */
const END_MS = 4_000;
/** What a bomb may take beyond its limit between two looks of the watcher, and what else this machine does meanwhile. */
const SLACK_BYTES = 1_500_000_000;
const SAMPLE_MS = 25;

/** @throws Error where the sandbox does not work: then nothing can be said of it. */
export async function confined(scene: Scene): Promise<Player> {
  mkdirSync(scene.tmp, { recursive: true });
  const clock: Clock = { now: () => Date.now(), elapsedMs: () => performance.now(), delay: async (ms, signal) => void (await delay(ms, undefined, { signal })) };
  const processes = createProcesses({ root: scene.aim.ws, tmpFolder: scene.tmp, cacheFolder: scene.cache, env: { ...process.env, HOME: scene.aim.home }, clock });
  const confinement = await processes.confinement();
  if (confinement.kind === 'none') throw new Error(`There is no sandbox to try: ${confinement.reason} ${confinement.remedy}`);
  const never = new AbortController().signal;
  const snapshot = await processes.snapshot({ slots: 1 }, never);
  let isOpen = true;
  return {
    async play({ argv, attack }) {
      const sampler = sample(scene.aim.ws);
      const limits = attack.isBomb === true ? BOMB : QUIET;
      const { ended, stdout, stderr, durationMs } = await snapshot.run({ argv, cwd: '', env: {}, overlay: [], kit: {}, collect: [], limits, confined: true }, never);
      return { ended, output: `${stdout}\n${stderr}`, ms: durationMs, ...sampler.end() };
    },
    async [Symbol.asyncDispose]() {
      if (isOpen) await snapshot[Symbol.asyncDispose]();
      isOpen = false;
    },
  };
}

/** Without a sandbox: shows that the oracles see what they are there to see. */
export function bare({ aim }: Scene): Player {
  return {
    async play({ argv: [program = '', ...args] }) {
      const child = spawn(program, args, { cwd: aim.ws, stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env['PATH'], HOME: aim.home } });
      let output = '';
      for (const pipe of [child.stdout, child.stderr]) pipe.on('data', (chunk: Buffer) => (output += chunk.toString()));
      const started = performance.now();
      await Promise.race([new Promise((resolve) => child.once('exit', resolve)), delay(QUIET.wallMs, undefined, { ref: false })]);
      return { ended: 'exited', output, ms: performance.now() - started, memoryBytes: 0, diskBytes: 0 };
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/** Sentences on what the command itself shows; what it did outside, the scene knows. */
export function faultsOf({ attack }: Hostile, { ended, output, ms, memoryBytes }: Result, aim: Aim): readonly string[] {
  const limits = attack.isBomb === true ? BOMB : QUIET;
  const said = /^BREACH.*$/mu.exec(output)?.[0];
  return [
    ...(output.includes(TRIED) ? [] : [`vacuous: it ${ended} before its attack: ${output.trim().slice(0, 200)}`]),
    ...(said === undefined ? [] : [`it says ${said}`]),
    ...(output.includes(aim.secret) ? ['it read a file that it must not see'] : []),
    ...(ms > limits.wallMs + END_MS ? [`it took ${ms.toFixed(0)} ms, ${limits.wallMs} allowed`] : []),
    // A number of a process outside may be its own shell's here, and then it stops itself.
    ...(attack.isBomb !== true && attack.family !== 'process' && ended === 'wall-limit' ? ['an attack that should end by itself was ended by its limit'] : []),
    ...(memoryBytes > limits.memoryBytes + SLACK_BYTES ? [`free memory fell by ${Math.round(memoryBytes / 1e6)} MB, ${Math.round(limits.memoryBytes / 1e6)} MB allowed`] : []),
  ];
}

function sample(folder: string): { end(): Pick<Result, 'memoryBytes' | 'diskBytes'> } {
  const first = { memory: freeMemory(), disk: freeDisk(folder) };
  const least = { ...first };
  const look = (): void => {
    least.memory = Math.min(least.memory, freeMemory());
    least.disk = Math.min(least.disk, freeDisk(folder));
  };
  const timer = setInterval(look, SAMPLE_MS);
  return {
    end() {
      clearInterval(timer);
      look();
      return { memoryBytes: first.memory - least.memory, diskBytes: first.disk - least.disk };
    },
  };
}

function freeMemory(): number {
  return Number(/^MemAvailable:\s+(\d+)/mu.exec(readFileSync('/proc/meminfo', 'latin1'))?.[1] ?? 0) * 1024;
}

function freeDisk(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
