/** Decides how fast the log is: events appended in batches, a whole run opened and read for resume, what a durable commit costs. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { SCHEMA_VERSION, type RunEvent } from '../../src/core/domain/event.ts';
import { createRunLog } from '../../src/core/run/log.ts';
import { finishedIn } from '../../src/core/run/resume.ts';
import { foldRun } from '../../src/core/run/view.ts';
import { createClock } from '../../src/node/clock.ts';
import { atLeast, atMost, type Bench, plain, type Row } from './row.ts';

type OpenStore = typeof import('../../src/node/store.ts').openStore;

const APPENDED = 200_000;
const BATCH = 1_000;
const RESUMED = 20_000;
/** The best of so many: a busy machine can only make it slower. */
const ROUNDS = 5;

export const bench: Bench = async (_options, signal) => await benchJournal(signal);

/** Real SQLite in a folder of its own, which is removed; the store bundled as it ships. About five seconds. */
export async function benchJournal(signal: AbortSignal = new AbortController().signal): Promise<Row[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'groundcrew-bench-'));
  try {
    const openStore = await bundledStore(folder);
    const rounds: Measured[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      signal.throwIfAborted();
      rounds.push(await measure(openStore, mkdtempSync(path.join(folder, 'round-'))));
    }
    return [
      atLeast(`append, ${BATCH} events a batch`, Math.max(...rounds.map(({ appendPerSecond }) => appendPerSecond)), 'events/s', 300_000),
      atMost(`resume: open, read and fold a run of ${RESUMED} events`, Math.min(...rounds.map(({ resumeMs }) => resumeMs)), 'ms', 100),
      plain('emit until stored: checked, folded, shown', Math.max(...rounds.map(({ emitPerSecond }) => emitPerSecond)), 'events/s'),
      plain('one durable commit', Math.min(...rounds.map(({ durableMs }) => durableMs)), 'ms'),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function bundledStore(folder: string): Promise<OpenStore> {
  const source = path.join(import.meta.dirname, '..', '..', 'src', 'node');
  await build({ entryPoints: [path.join(source, 'store.ts'), path.join(source, 'storeWorker.ts')], outdir: folder, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' });
  writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}');
  const module: { readonly openStore: OpenStore } = await import(pathToFileURL(path.join(folder, 'store.js')).href);
  return module.openStore;
}

interface Measured {
  readonly appendPerSecond: number;
  readonly emitPerSecond: number;
  readonly resumeMs: number;
  readonly durableMs: number;
}

async function measure(openStore: OpenStore, folder: string): Promise<Measured> {
  let appendPerSecond = 0;
  let emitPerSecond = 0;
  let durableMs = 0;
  {
    await using store = await openStore(folder);
    const lease = await store.lease({ pid: process.pid, run: 'bench' });
    await store.append(lease.epoch, run('resumed', RESUMED), true);

    const events = run('appended', APPENDED);
    let start = performance.now();
    const waiting: Promise<void>[] = [];
    for (let i = 0; i < events.length; i += BATCH) waiting.push(store.append(lease.epoch, events.slice(i, i + BATCH), false));
    await Promise.all(waiting);
    appendPerSecond = (APPENDED / (performance.now() - start)) * 1_000;

    const log = createRunLog({ store, lease, run: 'emitted', clock: createClock() });
    start = performance.now();
    for (let i = 0; i < RESUMED; i += 1) log.emit('model.progressed', { call: 'call-1', phase: 'writing', ratio: null, leftMs: null, tokens: i });
    await log.flush();
    emitPerSecond = (RESUMED / (performance.now() - start)) * 1_000;
    start = performance.now();
    await log.durable();
    durableMs = performance.now() - start;
  }
  const start = performance.now();
  await using store = await openStore(folder);
  finishedIn(foldRun(await store.read('resumed')));
  return { appendPerSecond, emitPerSecond, durableMs, resumeMs: performance.now() - start };
}

/** Mostly progress, as runs are, with calls and tools between. Made beforehand, so that making them is not measured. */
function run(name: string, count: number): RunEvent[] {
  const text = 'export function total(lines) {\n  return lines.reduce((sum, line) => sum + line.price, 0);\n}\n';
  return Array.from({ length: count }, (_, i): RunEvent => {
    const head = { v: SCHEMA_VERSION, seq: i + 1, at: 1_747_042_200_000 + i, run: name } as const;
    const call = `call-${Math.floor(i / 20)}`;
    switch (i % 20) {
      case 0: return { ...head, type: 'model.started', data: { call, role: 'coder', task: 'fix', purpose: 'cloze', model: 'm', host: 'h', endpoint: 'generate', messages: [{ role: 'user', content: text.repeat(4) }], options: { temperature: 0, seed: i }, promptTokens: 120 } };
      case 18: return { ...head, type: 'model.finished', data: { call, state: 'completed', reply: text, toolCalls: [], tokens: { prompt: 120, reply: 20, estimated: false }, timings: { totalMs: 900, queueMs: 0, loadMs: 0, promptMs: 600, replyMs: 300, firstTokenMs: 620 }, done: 'stop', error: null } };
      case 19: return { ...head, type: 'tool.called', data: { call: `tool-${i}`, role: 'verifier', tool: 'run_check', arguments: { argv: ['node', '--test'] }, decision: 'approved', rule: 'typed with --test', durationMs: 140, cached: false, ok: true, result: text } };
      default: return { ...head, type: 'model.progressed', data: { call, phase: 'writing', ratio: null, leftMs: null, tokens: i % 20 } };
    }
  });
}
