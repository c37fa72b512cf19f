/** Decides how tests are run and counted: mocha in a child process, its closing lines read. */
import { spawn } from 'node:child_process';
import { glob, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const MOCHA = fileURLToPath(new URL('../../node_modules/mocha/bin/mocha.js', import.meta.url));
const EVERY_TEST = fileURLToPath(new URL('./everyTest.ts', import.meta.url));
const OUTPUT_TAIL_CHARS = 100_000;

/** Relative to the project, sorted. */
export async function testFiles(patterns: readonly string[]): Promise<readonly string[]> {
  const files: string[] = [];
  for await (const file of glob([...patterns], { cwd: ROOT, exclude: ['test/fixtures/**', 'test/bench/bugs/**', 'test/bench/reviews/**'] })) files.push(file);
  return files.sort();
}

/**
 * Output goes to our own as it comes. A run without its closing line (a crash, a syntax error, no file) counts as one
 * failed test; so does one that the limit ends, with the tests named that were running.
 */
export async function runMocha(
  run: { readonly files: readonly string[]; readonly jobs: number; readonly limitMs: number; readonly timeoutMs?: number; readonly quiet?: boolean; readonly env?: Readonly<Record<string, string>> },
  signal: AbortSignal,
): Promise<Counts> {
  if (run.files.length === 0) {
    console.log('There is no test file: this counts as a failure, since nothing was tested.');
    return { passed: 0, failed: 1 };
  }
  const running = await mkdtemp(join(tmpdir(), 'groundcrew-running-'));
  const args = [MOCHA, '--reporter', 'dot', '--require', EVERY_TEST, ...(run.timeoutMs === undefined ? [] : ['--timeout', String(run.timeoutMs)]), ...(run.jobs > 1 ? ['--parallel', '--jobs', String(run.jobs)] : []), ...run.files];
  // Its own group: a worker in an endless loop does not hear that its parent has gone.
  const child = spawn(process.execPath, args, { cwd: ROOT, env: { ...process.env, ...run.env, GROUNDCREW_RUNNING: running }, stdio: ['ignore', 'pipe', run.quiet ? 'ignore' : 'inherit'], detached: true });
  const kill = (): void => killGroup(child.pid);
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    kill();
  }, run.limitMs);
  signal.addEventListener('abort', kill, { once: true });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (!run.quiet) process.stdout.write(text);
    output = (output + text).slice(-OUTPUT_TAIL_CHARS);
  });
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  clearTimeout(timer);
  kill();
  const late = isLate ? await Promise.all((await readdir(running)).map((name) => readFile(join(running, name), 'utf8'))) : [];
  await rm(running, { recursive: true, force: true });
  signal.throwIfAborted();
  if (isLate) console.log(`\nStopped after ${run.limitMs / 1000} s. Each process was last in:\n  ${late.join('\n  ')}`);
  return parseCounts(output, code);
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // The group has ended: what was wanted.
  }
}

/** Mocha's "12 passing (3s)" and "1 failing". An exit that they do not explain is a failure. */
export function parseCounts(output: string, exit: number | null): Counts {
  const passing = /^ {2}(\d+) passing/m.exec(output)?.[1];
  const failed = Number(/^ {2}(\d+) failing/m.exec(output)?.[1] ?? 0);
  const isExplained = passing !== undefined && (exit === 0) === (failed === 0);
  return { passed: Number(passing ?? 0), failed: isExplained ? failed : Math.max(1, failed) };
}

/** The closing line of every command of ours that checks something. */
export function printCounts({ passed, failed }: Counts): void {
  console.log(`${passed} passed, ${failed} failed`);
}
