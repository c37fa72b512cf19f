/** Decides how tests are run and counted: mocha in a child process, its closing lines read. */
import { spawn } from 'node:child_process';
import { glob } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const MOCHA = fileURLToPath(new URL('../../node_modules/mocha/bin/mocha.js', import.meta.url));
const OUTPUT_TAIL_CHARS = 100_000;

/** Relative to the project, sorted. */
export async function testFiles(patterns: readonly string[]): Promise<readonly string[]> {
  const files: string[] = [];
  for await (const file of glob([...patterns], { cwd: ROOT, exclude: ['test/fixtures/**', 'test/bench/bugs/**'] })) files.push(file);
  return files.sort();
}

/** Output goes to our own as it comes. A run without its closing line (a crash, a syntax error, no file) counts as one failed test. */
export async function runMocha(
  run: { readonly files: readonly string[]; readonly jobs: number; readonly timeoutMs?: number; readonly quiet?: boolean; readonly env?: Readonly<Record<string, string>> },
  signal: AbortSignal,
): Promise<Counts> {
  if (run.files.length === 0) {
    console.log('There is no test file: this counts as a failure, since nothing was tested.');
    return { passed: 0, failed: 1 };
  }
  const args = [MOCHA, '--reporter', 'dot', ...(run.timeoutMs === undefined ? [] : ['--timeout', String(run.timeoutMs)]), ...(run.jobs > 1 ? ['--parallel', '--jobs', String(run.jobs)] : []), ...run.files];
  const child = spawn(process.execPath, args, { cwd: ROOT, env: { ...process.env, ...run.env }, stdio: ['ignore', 'pipe', run.quiet ? 'ignore' : 'inherit'], signal, killSignal: 'SIGTERM' });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (!run.quiet) process.stdout.write(text);
    output = (output + text).slice(-OUTPUT_TAIL_CHARS);
  });
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  return parseCounts(output, code);
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
