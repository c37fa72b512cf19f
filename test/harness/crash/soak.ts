/** Decides whether a long life leaves anything behind: npm run soak -- --minutes n; runs, stops, goes on, takes back and reloads at random in one process. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createCrew, NotResumable } from '../../../src/core/crew.ts';
import { RunSettings } from '../../../src/core/domain/settings.ts';
import { createNodeHost, type NodeHost } from '../../../src/node/host.ts';
import { BEFORE, build, filesOf } from './scene.ts';
import { scriptedRun } from './script.ts';

/** Between the medians of the second and the last quarter; the first quarter warms up. */
const RSS_GROWTH_MB = 24;
const HANDLES_GROWTH = 2;
const MINUTE_MS = 60_000;
const CYCLES_MIN = 8;

interface Sample {
  readonly rssMb: number;
  readonly files: number;
  readonly resources: number;
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { minutes: { type: 'string', default: '0.5' } } });
  const until = Date.now() + Number(values.minutes) * MINUTE_MS;
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'groundcrew-soak-')));
  const root = path.join(folder, 'ws');
  build(root);
  for (const args of [['init', '-q'], ['add', '-A'], ['-c', 'user.email=a@b.c', '-c', 'user.name=n', 'commit', '-qm', 'start']]) execFileSync('git', args, { cwd: root });
  const env = { ...process.env, XDG_STATE_HOME: path.join(folder, 'state'), HOME: folder };
  const open = (): Promise<NodeHost> => createNodeHost({ cwd: root, model: 'none', hosts: ['http://127.0.0.1:1'], env, prompt: () => Promise.resolve('once') });
  const counts = { runs: 0, stopped: 0, resumed: 0, undone: 0, reloads: 0 };
  const samples: Sample[] = [];
  const wrong: string[] = [];
  let host = await open();
  try {
    while (Date.now() < until || samples.length < CYCLES_MIN) {
      await cycle(host, counts);
      await host[Symbol.asyncDispose]();
      counts.reloads++;
      samples.push(measure());
      host = await open();
    }
  } finally {
    await host[Symbol.asyncDispose]();
  }
  wrong.push(...judge(samples), ...leftovers(folder, root));
  rmSync(folder, { recursive: true, force: true });
  const last = samples.at(-1);
  console.log(`${samples.length} cycles: ${JSON.stringify(counts)}; resident ${quarter(samples, 1, 'rssMb')} → ${quarter(samples, 3, 'rssMb')} MB, ${last?.files ?? 0} open files, ${last?.resources ?? 0} resources`);
  for (const what of wrong) console.log(`✗ ${what}`);
  console.log(`${wrong.length === 0 ? 1 : 0} passed, ${wrong.length} failed`);
  return wrong.length === 0 ? 0 : 1;
}

let state = 42;
function random(): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0; // Numerical Recipes' generator
  return state / 2 ** 32;
}

type Counts = Record<'runs' | 'stopped' | 'resumed' | 'undone', number>;

async function cycle(host: NodeHost, counts: Counts): Promise<void> {
  const ports = { ...host.ports, confirm: () => Promise.resolve('nobody' as const) };
  const crew = createCrew(ports, { fix: scriptedRun('soak'), review: scriptedRun('soak') });
  const stop = new AbortController();
  const timer = random() < 0.5 ? setTimeout(() => stop.abort(new Error('stopped')), random() * 400) : undefined;
  const ended = await crew.start({ command: 'fix', words: 'soak', test: null, file: null, line: null, paths: [] }, RunSettings.parse({ approve: 'ask', apply: 'yes' }), () => undefined, stop.signal);
  clearTimeout(timer);
  counts.runs++;
  const never = new AbortController().signal;
  if (ended.outcome.kind === 'stopped') {
    counts.stopped++;
    try {
      await crew.resume(ended.run, () => undefined, never);
      counts.resumed++;
    } catch (error) {
      if (!(error instanceof NotResumable)) throw error; // it had written all: only undo is left
    }
  }
  await crew.undo(ended.run, never);
  counts.undone++;
}

setFlagsFromString('--expose-gc');
const collect: unknown = runInNewContext('gc');

function measure(): Sample {
  if (typeof collect === 'function') collect();
  return { rssMb: process.memoryUsage.rss() / 2 ** 20, files: readdirSync('/proc/self/fd').length, resources: process.getActiveResourcesInfo().length };
}

function quarter(samples: readonly Sample[], index: number, key: keyof Sample): number {
  const size = Math.max(1, Math.floor(samples.length / 4));
  const values = samples.slice(index * size, index === 3 ? undefined : (index + 1) * size).map((sample) => sample[key]).toSorted((a, b) => a - b);
  return Math.round(values[Math.floor(values.length / 2)] ?? 0);
}

function judge(samples: readonly Sample[]): readonly string[] {
  const growth = (key: keyof Sample): number => quarter(samples, 3, key) - quarter(samples, 1, key);
  return [
    ...(growth('rssMb') > RSS_GROWTH_MB ? [`memory grew by ${growth('rssMb')} MB`] : []),
    ...(growth('files') > HANDLES_GROWTH ? [`${growth('files')} more open files`] : []),
    ...(growth('resources') > HANDLES_GROWTH ? [`${growth('resources')} more timers, sockets or threads`] : []),
  ];
}

function leftovers(folder: string, root: string): readonly string[] {
  const files = filesOf(root);
  const differ = [...new Set([...files.keys(), ...Object.keys(BEFORE)])].filter((file) => BEFORE[file] === undefined || files.get(file)?.equals(BEFORE[file]) !== true);
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim();
  const snapshots = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /snapshots\/.+|\.tmp$/.test(name));
  return [
    ...(differ.length > 0 ? [`not as before: ${differ.join(', ')}`] : []),
    ...(children === '' ? [] : [`processes are left: ${children}`]),
    ...(snapshots.length > 0 ? [`${snapshots.length} temporary files are left: ${snapshots.slice(0, 5).join(', ')}`] : []),
  ];
}

process.exitCode = await main();
