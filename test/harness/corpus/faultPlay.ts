/** Decides how one fault is played, in a namespace of its own: the fake server here, the product in processes beside it, judged by the oracle. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { createHash, randomInt } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expand, substitute } from './expand.ts';
import { FaultCase } from './faultCase.ts';
import { judge, type Scene } from './faultOracle.ts';
import type { Played } from './faultRun.ts';
import { freePort, startFaultServer } from './faultServer.ts';
import { startNetwork } from './network.ts';

/** One line of output, as the corpus README says it. */
export interface FaultResult {
  readonly id: string;
  readonly class: string;
  readonly tool: string;
  readonly expect: string;
  readonly got: string | null;
  readonly ok: boolean;
  readonly breaches: readonly string[];
  readonly vacuous: boolean;
  readonly notRun: string | null;
  readonly ms: number;
}

const CASE_MS = 60_000;
/** Past its limit a case still has so long to end and tell what it saw. */
const GRACE_MS = 3_000;
const SAMPLE_MS = 20;

async function playCase(given: unknown): Promise<FaultResult> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'groundcrew-fault-')));
  const places = { WS: join(folder, 'ws'), OUT: join(folder, 'out'), HOME: join(folder, 'home'), MARK: join(folder, 'out', 'MARK'), SINK: join(folder, 'sink'), REQLOG: join(folder, 'requests'), EVIL: 'evil.test', PORT: String(await freePort()), NONCE: String(randomInt(1e9, 1e12)), CANARY: `canary${createHash('md5').update(folder).digest('hex')}` };
  try {
    const fault = FaultCase.parse(expand(substitute(given, places)));
    writeFileSync(places.SINK, '');
    using _network = await startNetwork(folder, places.SINK);
    if (fault.behaviour.resolve !== undefined) bindHosts(folder, fault.behaviour.resolve);
    return await playIn(fault, folder, places);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function playIn(fault: FaultCase, folder: string, places: Readonly<Record<'SINK' | 'PORT', string>>): Promise<FaultResult> {
  const { behaviour, run, oracle } = fault;
  await using server = await startFaultServer({ endpoint: fault.endpoint, behaviour, port: Number(places.PORT) });
  const windows = Array.from({ length: run.windows }, (_, index) => openWindow(fault, join(folder, `window${index}`), behaviour.url ?? server.url));
  await Promise.all(windows.map((window) => window.ready));
  const beganAt = Date.now();
  const limit = oracle.withinMs ?? CASE_MS;
  for (const window of windows) window.begin();
  let firstAt: number | undefined;
  void server.first.then(() => {
    firstAt = Date.now();
    for (const window of windows) window.startMemory();
  });
  // A person stops what they see at work: the clock of a case with a stop begins with its first request.
  let stoppedAt: number | undefined;
  void server.first.then(() => run.stopAfterMs === undefined ? undefined : setTimeout(() => {
    stoppedAt = Date.now();
    for (const window of windows) window.stop();
  }, run.stopAfterMs));
  const ended = await Promise.all(windows.map((window) => window.ended(limit + GRACE_MS)));
  const ms = Math.max(...ended.map((end) => end.at)) - (run.stopAfterMs === undefined ? beganAt : (firstAt ?? beganAt));
  const expected = [oracle.outcome ?? 'any'].flat().join('|');
  const scenes = windows.map((window, index): Scene => ({ oracle, server, played: ended[index]?.played, why: ended[index]?.why ?? '', ms, stoppedAt, peakMb: ended[index]?.peakMb ?? 0, changed: window.changed(), sink: readFileSync(places.SINK, 'utf8') }));
  const breaches = [...new Set((await Promise.all(scenes.map(judge))).flat())];
  const got = [...new Set(ended.map((end) => end.played?.outcome ?? end.why))].join('+');
  if (process.env['FAULT_DEBUG'] !== undefined) console.error(fault.id, JSON.stringify(ended), server.requests.map((request) => `${request.path} ${request.end}`));
  return { id: fault.id, class: fault.class, tool: fault.endpoint, expect: expected, got, ok: breaches.length === 0, breaches, vacuous: false, notRun: null, ms };
}

interface Ended {
  readonly played: Played | undefined;
  readonly why: string;
  readonly at: number;
  readonly peakMb: number;
}

interface Window {
  readonly ready: Promise<void>;
  begin(): void;
  stop(): void;
  /** What is resident from now on counts. */
  startMemory(): void;
  ended(limitMs: number): Promise<Ended>;
  /** Files whose bytes differ from those at the start. */
  changed(): readonly string[];
}

/** One product on one workspace of its own, started but waiting for the word to begin. */
function openWindow(fault: FaultCase, folder: string, url: string): Window {
  const workspace = join(folder, 'ws');
  const home = join(folder, 'home');
  mkdirSync(workspace, { recursive: true });
  mkdirSync(home);
  writeFileSync(join(workspace, 'app.js'), 'export const answer = 41;\n');
  writeFileSync(join(workspace, 'package.json'), '{ "name": "app", "type": "module" }\n');
  execFileSync('git', ['init', '-q', workspace]);
  const before = treeOf(workspace);
  const child = spawn(process.execPath, [join(import.meta.dirname, 'faultRun.ts')], { env: { PATH: process.env['PATH'], HOME: home, TMPDIR: folder, NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] }, stdio: ['pipe', 'pipe', 'pipe'] });
  const output = collect(child);
  const memory = watchMemory(child);
  let endedAt: number | undefined;
  void output.until('ended').then(() => {
    endedAt = Date.now();
    memory.stop();
  });
  child.stdin.on('error', () => undefined); // it died at once; its end says so
  child.stdin.write(`${JSON.stringify({ workspace, url, run: fault.run, limits: fault.limits })}\n`);
  return {
    ready: output.until('ready'),
    begin() {
      child.stdin.write('begin\n');
    },
    stop: () => void child.stdin.write('stop\n'),
    startMemory: memory.start,
    async ended(limitMs) {
      const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
      const code = await output.exit;
      clearTimeout(timer);
      const played = output.last();
      const why = played !== undefined ? '' : child.signalCode === 'SIGKILL' ? 'hang' : `crash: exit ${code ?? child.signalCode}: ${output.errors().slice(0, 600)}`;
      return { played, why, at: endedAt ?? Date.now(), peakMb: memory.peakMb() };
    },
    changed: () => differences(before, treeOf(workspace)),
  };
}

function collect(child: ChildProcess) {
  let out = '';
  let errors = '';
  const looks = new Set<() => void>();
  const exit = new Promise<number | null>((resolve) => void child.on('close', resolve));
  child.stdout?.on('data', (data: Buffer) => {
    out += data.toString();
    for (const look of looks) look();
  });
  child.stderr?.on('data', (data: Buffer) => {
    errors += data.toString();
  });
  return {
    exit,
    errors: () => errors,
    until: (word: string) => Promise.race([exit.then(() => undefined), new Promise<void>((resolve) => looks.add(() => void (out.includes(word) && resolve())))]),
    last(): Played | undefined {
      const line = out.trim().split('\n').at(-1) ?? '';
      return line.startsWith('{') ? JSON.parse(line) : undefined;
    },
  };
}

/** The kernel's own mark of the most that was resident, set back when the case begins; elsewhere than on Linux nothing is known. */
function watchMemory(child: ChildProcess): { start(): void; stop(): void; peakMb(): number } {
  const folder = `/proc/${child.pid}`;
  const read = (field: string): number => {
    try {
      return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`${folder}/status`, 'utf8'))?.[1] ?? 0) / 1024;
    } catch {
      return 0; // gone
    }
  };
  let base = 0;
  let peak = 0;
  let timer: NodeJS.Timeout | undefined;
  return {
    start() {
      base = read('VmRSS');
      try {
        writeFileSync(`${folder}/clear_refs`, '5');
      } catch {
        // not allowed here: the mark then is that of the start too, and never smaller than the truth
      }
      timer = setInterval(() => {
        peak = Math.max(peak, read('VmHWM'));
      }, SAMPLE_MS);
      timer.unref();
    },
    stop() {
      if (timer !== undefined) peak = Math.max(peak, read('VmHWM'));
      clearInterval(timer);
    },
    peakMb: () => Math.max(0, peak - base),
  };
}

function treeOf(folder: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const walk = (at: string): void => {
    for (const name of readdirSync(join(folder, at))) {
      const path = at === '' ? name : `${at}/${name}`;
      if (path === '.git') continue;
      if (statSync(join(folder, path)).isDirectory()) walk(path);
      else found.set(path, createHash('sha256').update(readFileSync(join(folder, path))).digest('hex'));
    }
  };
  walk('');
  return found;
}

function differences(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): readonly string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter((path) => before.get(path) !== after.get(path)).sort();
}

/** What a resolver says: through the same file that the system's own one reads first. */
function bindHosts(folder: string, names: Readonly<Record<string, readonly string[]>>): void {
  const file = join(folder, 'hosts');
  const lines = Object.entries(names).flatMap(([name, addresses]) => addresses.map((address) => `${address} ${name}`));
  writeFileSync(file, `${lines.join('\n')}\n`);
  if (existsSync('/etc/hosts')) execFileSync('mount', ['--bind', file, '/etc/hosts']);
}

console.log(JSON.stringify(await playCase(JSON.parse(readFileSync(0, 'utf8')))));
process.exit(0);
