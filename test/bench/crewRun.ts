/** Decides how the crew is put to a bug: by its command line, as a user would, its events read from --json. */
import { execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parseEvent, type RunEvent } from '../../src/core/domain/event.ts';
import type { Outcome } from '../../src/core/domain/outcome.ts';
import type { Patch } from '../../src/core/domain/patch.ts';
import type { Bug } from './bugSet.ts';
import { userPath } from './runInTree.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** The bundle: what a user has. */
const MAIN = join(ROOT, 'dist', 'groundcrew.js');
const BUDGET_MINUTES = 15;

export interface CrewRun {
  readonly outcome: Outcome;
  readonly events: readonly RunEvent[];
  readonly seconds: number;
  /** Of the command line's own process; null where the system does not say. */
  readonly peakMemoryBytes: number | null;
}

/** Builds dist/ from the sources as they are now. */
export async function buildCommandLine(signal: AbortSignal): Promise<void> {
  await promisify(execFile)(process.execPath, ['esbuild.ts'], { cwd: ROOT, signal });
}

/** @throws Error with the last lines of stderr when the run ends without run.finished. */
export async function runCrew(
  { bug, tree, state, url, model, sources }: { readonly bug: Bug; readonly tree: string; readonly state: string; readonly url: string; readonly model: string; readonly sources: readonly string[] },
  signal: AbortSignal,
): Promise<CrewRun> {
  const asked = [...(bug.test === null ? [] : ['--test', quoted(bug.test)]), ...(bug.words === null ? [] : [bug.words])];
  const args = ['fix', ...asked, '--json', '--no-apply', '--approve', 'safe', '--cwd', tree, '--host', url, '--model', model, '--sources', sources.join(','), '--budget-minutes', String(BUDGET_MINUTES)];
  const startedAt = performance.now();
  const child = spawn(process.execPath, [MAIN, ...args], { cwd: tree, env: { ...process.env, PATH: userPath(process.env['PATH'] ?? ''), XDG_STATE_HOME: state }, stdio: ['ignore', 'pipe', 'pipe'], signal, killSignal: 'SIGINT' });
  const events: RunEvent[] = [];
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(-2_000)));
  let peakMemoryBytes: number | null = null;
  createInterface({ input: child.stdout }).on('line', (line) => {
    events.push(parseEvent(JSON.parse(line)));
    peakMemoryBytes = peakMemory(child.pid) ?? peakMemoryBytes;
  });
  const exit = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  const last = events.at(-1);
  if (last?.type !== 'run.finished') throw new Error(`${bug.name}: the run ended with ${exit} and without run.finished: ${errors.trim()}`);
  return { outcome: last.data, events, seconds: (performance.now() - startedAt) / 1000, peakMemoryBytes };
}

/** The kernel keeps the high-water mark of a process while it lives. */
function peakMemory(pid: number | undefined): number | undefined {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}

/** Writes a candidate's whole texts over a tree. */
export async function applyPatch(patch: Patch, tree: string): Promise<void> {
  for (const { path, text } of patch.edits) {
    const target = join(tree, path);
    if (!target.startsWith(tree)) throw new Error(`A candidate writes ${path}, which is outside of its tree.`);
    await mkdir(dirname(target), { recursive: true });
    if (text === null) await rm(target, { force: true });
    else await writeFile(target, text);
  }
}

/** An argv as one POSIX word list. */
export function quoted(argv: readonly string[]): string {
  return argv.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
}
