/** Decides what `npm run demo` shows: a real bug in a small project, fixed by a real local model, with the proof that each role worked. */
import { execFile, spawn } from 'node:child_process';
import { cp, mkdtemp, writeFile } from 'node:fs/promises';
import { realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parseEvent, type RunEvent } from '../../src/core/domain/event.ts';
import { foldRun, type RunView } from '../../src/core/run/view.ts';
import { runCommand } from './command.ts';
import { createRealOllama, type RealOllama } from './ollama.ts';
import { createProgressPrinter } from './progress.ts';
import { tryWhich } from './which.ts';

const exec = promisify(execFile);
const SAMPLE = fileURLToPath(new URL('../../media/sample', import.meta.url));
const CLI = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const LOG_BYTES_MAX = 256 * 1024 * 1024;
const NO_MODEL = 2;

await runCommand(main);

async function main(signal: AbortSignal): Promise<number> {
  const onProgress = createProgressPrinter(process.stderr);
  const ollama = await createRealOllama({ onProgress }, signal);
  onProgress.end();
  if (ollama.kind === 'unavailable') {
    console.error(`not run: the demo needs a model: ${ollama.reason}. ${ollama.remedy}.`);
    const isExcused = process.env['CI'] === 'true' && process.env['GROUNDCREW_REQUIRE_MODEL'] !== '1';
    return isExcused ? 0 : NO_MODEL;
  }
  await using made = ollama;
  const workspace = await laySample();
  console.log(`A room booking library with a failing test stands in ${workspace}. The crew fixes it with ${made.model} on ${made.url}.\n`);
  const confined = (await tryWhich('bwrap', process.env)) !== undefined;
  if (!confined) console.log('bubblewrap is missing, so the checks of this sample run without a sandbox. Install it with: sudo apt-get install bubblewrap\n');
  await groundcrew(['fix', '--cwd', workspace, '--plan-first', '--approve', 'safe', '--apply', '--model', made.model, '--host', made.url, ...(confined ? [] : ['--unconfined'])], signal);
  return await report(workspace, made, signal);
}

async function laySample(): Promise<string> {
  const folder = path.join(realpathSync(await mkdtemp(path.join(tmpdir(), 'groundcrew-demo-'))), 'rooms');
  await cp(SAMPLE, folder, { recursive: true });
  for (const args of [['init', '-q', '-b', 'main'], ['add', '-A'], ['-c', 'user.name=demo', '-c', 'user.email=demo@localhost', 'commit', '-qm', 'Sample']]) await exec('git', args, { cwd: folder });
  return folder;
}

/** In this terminal, so that the live graph is seen. Resolves with the exit code. */
async function groundcrew(args: readonly string[], signal: AbortSignal): Promise<number | null> {
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'inherit', 'inherit'], signal, killSignal: 'SIGINT' });
  return await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
}

/** The plan and the trace, and whether each role really did its part: asked of the log, not of the summary. */
async function report(workspace: string, ollama: RealOllama, signal: AbortSignal): Promise<number> {
  const events = await lastRun(workspace, signal);
  const view = foldRun(events);
  console.log(`Plan     ${[...view.tasks.values()].map((task) => `${task.title} (${task.role})`).join(' → ')}`);
  const planned = view.messages.find((message) => message.sender === 'planner');
  if (planned !== undefined) console.log(`Planner  ${planned.body}`);
  const html = path.join(path.dirname(workspace), 'trace.html');
  await exec(process.execPath, [CLI, 'trace', view.run, '--cwd', workspace, '--html', html], { signal });
  console.log(`Open     ${html} in a browser: every message, prompt, reply, check and candidate`);
  const missing = missingProof(view);
  if (missing.length === 0) return 0;
  await writeFile(path.join(path.dirname(workspace), 'events.jsonl'), events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  console.error(`\nThe demo failed (${ollama.model}): ${missing.join('; ')}. Its log: ${path.dirname(workspace)}/events.jsonl`);
  return 1;
}

function missingProof(view: RunView): readonly string[] {
  const completed = (role: string): boolean => [...view.calls.values()].some((call) => call.role === role && call.state === 'completed');
  const proof = view.outcome?.receipt;
  return [
    ...(['planner', 'coder', 'reviewer'] as const).filter((role) => !completed(role)).map((role) => `no completed model call by the ${role}`),
    ...(view.receipts.some((receipt) => receipt.id === proof?.id && receipt.passed) ? [] : ['no receipt by the verifier that the tests pass']),
    ...(view.outcome?.kind === 'fixed' && view.outcome.applied ? [] : [`the run ended ${view.outcome?.kind ?? 'without an outcome'}: ${view.outcome?.reason ?? ''}`]),
  ];
}

async function lastRun(workspace: string, signal: AbortSignal): Promise<readonly RunEvent[]> {
  const rows = (await exec(process.execPath, [CLI, 'runs', '--json', '--cwd', workspace], { signal, maxBuffer: LOG_BYTES_MAX })).stdout.trim().split('\n');
  const first: unknown = JSON.parse(rows[0] ?? '{}');
  const run = first !== null && typeof first === 'object' && 'run' in first ? String(first.run) : '';
  const { stdout } = await exec(process.execPath, [CLI, 'trace', run, '--json', '--cwd', workspace], { signal, maxBuffer: LOG_BYTES_MAX });
  return stdout.trim().split('\n').map((line) => parseEvent(JSON.parse(line)));
}
