/** Decides when a tree of processes ends: by itself, at a limit, or when it is stopped; and that none of it is left then. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import type { Readable } from 'node:stream';
import type { CommandResult, ProcessLimits } from '../core/ports.ts';
import { type Capture, createCapture } from './capture.ts';
import { inheritedFiles } from './inheritedFiles.ts';
import { readFolder, readText } from './procFiles.ts';
import { createMeter, type Meter } from './treeUsage.ts';
import { STARTER, STATUS_FD } from './sandbox.ts';

/** How often limits other than wall time are looked at. */
const WATCH_MS = 100;
/** How often processes are counted: root's are bounded by nothing else (the kernel spares root its limit), and a fork bomb doubles in a millisecond. */
const COUNT_MS = 10;
/** How long the kernel may take to end a namespace after its first process is dead. */
const REAP_MS = 5_000;
/** Names the tree of one command in its environment, so that a daemon which left its process group is still found. */
export const MARKER = 'GROUNDCREW_TREE';

export interface TreeSpec {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly limits: ProcessLimits;
  /**
   * namespace: `file` is bwrap, writes its status to STATUS_FD and reads `filter` at FILTER_FD; what lies in `memoryFolders` inside counts as memory,
   * and the tree writes to the disk of `folder`. group: the child leads a process group of its own.
   */
  readonly held: { readonly kind: 'namespace'; readonly filter: string | undefined; readonly memoryFolders: readonly string[]; readonly folder: string } | { readonly kind: 'group'; readonly marker: string };
  readonly onLine?: (line: string) => void;
}

export type TreeResult = Omit<CommandResult, 'collected' | 'durationMs' | 'confined' | 'environmentSha256'>;

/** Resolves when no process of the tree is left. Never rejects. */
export async function runTree(spec: TreeSpec, signal: AbortSignal): Promise<TreeResult> {
  if (signal.aborted) return unstarted('stopped', '');
  const namespaced = spec.held.kind === 'namespace';
  const child = trySpawn(spec);
  if (child instanceof Error) return unstarted('unstarted', child.message);
  const status = createStatus(child, namespaced);
  const stdout = createCapture(spec.onLine);
  const stderr = createCapture();
  const stop = createStopper(child, spec, status);
  const watch = createWatch({ child, spec, status, captures: [stdout, stderr], stop });
  const onAbort = (): void => stop.now('stopped');
  signal.addEventListener('abort', onAbort, { once: true });
  if (!namespaced) endGroupWithLeader(child, spec);
  const closed = await waitForClose(child, watch);
  watch.end();
  signal.removeEventListener('abort', onAbort);
  await endSurvivors(spec, status.childPid());
  stdout.end();
  stderr.end();
  if (closed.kind === 'error') return unstarted(stop.reason() ?? 'unstarted', closed.message);
  const outputSha256 = createHash('sha256').update(stdout.sha256()).update(stderr.sha256()).digest('hex');
  const note = stop.note();
  const texts = { stdout: stdout.text(), stderr: note === '' ? stderr.text() : `${stderr.text()}\n${note}\n`, outputSha256 };
  const reason = stop.reason();
  if (reason !== undefined) return { ended: reason, exit: null, ...texts };
  if (hasNotStarted(closed, texts.stderr, status, namespaced)) return { ended: 'unstarted', exit: null, ...texts };
  return { ...howItEnded(closed, namespaced), ...texts };
}

/** Node throws some errors (arguments too long, a NUL) and emits others. */
function trySpawn(spec: TreeSpec): ChildProcess | Error {
  const { held } = spec;
  const opened: number[] = [];
  const open = (path: string): number => {
    const descriptor = openSync(path, 'r');
    opened.push(descriptor);
    return descriptor;
  };
  try {
    const stdio: ('ignore' | 'pipe' | number)[] = ['ignore', 'pipe', 'pipe', held.kind === 'namespace' ? 'pipe' : 'ignore', held.kind === 'namespace' && held.filter !== undefined ? open(held.filter) : 'ignore'];
    const left = inheritedFiles();
    const nothing = left.length > 0 ? open('/dev/null') : 0;
    // Nothing can close them in the child, but something harmless can take their place.
    for (const descriptor of left) {
      while (stdio.length <= descriptor) stdio.push('ignore');
      if (stdio[descriptor] === 'ignore') stdio[descriptor] = nothing;
    }
    return spawn(spec.file, spec.args, { cwd: spec.cwd, env: { ...spec.env, ...(held.kind === 'group' ? { [MARKER]: held.marker } : {}) }, stdio, detached: held.kind === 'group' });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    for (const descriptor of opened) closeSync(descriptor);
  }
}

const unstarted = (ended: CommandResult['ended'], stderr: string): TreeResult => ({
  ended,
  exit: null,
  stdout: '',
  stderr,
  outputSha256: createHash('sha256').digest('hex'),
});

type Closed = { readonly kind: 'closed'; readonly code: number | null; readonly signal: string | null } | { readonly kind: 'error'; readonly message: string };

function waitForClose(child: ChildProcess, watch: { read(): void }): Promise<Closed> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ kind: 'error', message: error.message }));
    child.once('close', (code, signal) => resolve({ kind: 'closed', code, signal }));
    // Whoever else holds the pipes must not hold the run: a check that ends has said what it had to say.
    child.once('exit', () => {
      const wait = setTimeout(() => {
        for (const pipe of child.stdio) pipe?.destroy();
      }, REAP_MS);
      child.once('close', () => clearTimeout(wait));
    });
    watch.read();
  });
}

/** 128 + n is how bwrap, like a shell, tells that its child died of signal n; other codes above 128 are a program's own. */
const FATAL_SIGNALS = new Set([4, 6, 7, 8, 9, 11, 15, 24, 25, 31]);

function howItEnded({ code, signal }: { readonly code: number | null; readonly signal: string | null }, namespaced: boolean): Pick<TreeResult, 'ended' | 'exit'> {
  if (signal !== null || code === null) return { ended: 'signalled', exit: null };
  if (namespaced && code > 128 && FATAL_SIGNALS.has(code - 128)) return { ended: 'signalled', exit: null };
  return { ended: 'exited', exit: code };
}

/** The sandbox could not be made (bwrap gives no exit code on its status pipe), or the shell could not become the program. */
function hasNotStarted(closed: Closed, stderr: string, status: Status, namespaced: boolean): boolean {
  if (closed.kind === 'error' || closed.code === null) return false;
  if (namespaced && closed.code !== 0 && !status.hasExitCode() && stderr.startsWith('bwrap:')) return true;
  return (closed.code === 126 || closed.code === 127) && stderr.startsWith(`${STARTER}:`);
}

interface Status {
  /** Pid, outside, of the first process of the namespace; undefined before bwrap told it. */
  childPid(): number | undefined;
  hasExitCode(): boolean;
}

function createStatus(child: ChildProcess, namespaced: boolean): Status {
  let text = '';
  const pipe = namespaced ? child.stdio[STATUS_FD] : undefined;
  if (pipe && 'on' in pipe) {
    pipe.on('data', (chunk: Buffer) => {
      // Two short JSON lines; the program inside does not hold this pipe.
      if (text.length < 4096) text += chunk.toString('utf8');
    });
    pipe.on('error', () => {});
  }
  return {
    childPid() {
      const pid = /"child-pid":\s*(\d+)/u.exec(text)?.[1];
      return pid === undefined ? undefined : Number(pid);
    },
    hasExitCode: () => /"exit-code":/u.test(text),
  };
}

interface Stopper {
  now(reason: CommandResult['ended'], note?: string): void;
  reason(): CommandResult['ended'] | undefined;
  note(): string;
}

/** KILL at once: a check has nothing to save, and TERM can be ignored. */
function createStopper(child: ChildProcess, spec: TreeSpec, status: Status): Stopper {
  let reason: CommandResult['ended'] | undefined;
  let note = '';
  return {
    now(why, text = '') {
      if (reason !== undefined || child.pid === undefined) return;
      reason = why;
      note = text;
      if (spec.held.kind === 'group') killGroup(child.pid);
      else endNamespace(child.pid, status.childPid());
    },
    reason: () => reason,
    note: () => note,
  };
}

/**
 * bwrap that dies while it still sets up its namespace leaves a child behind that waits for it for ever, with our pipes open:
 * one stop in ten under load hung so. Held still, its children can be named, and go first.
 */
function endNamespace(outer: number, inner: number | undefined): void {
  if (inner !== undefined) kill(inner);
  kill(outer, 'SIGSTOP');
  for (const pid of readText(`/proc/${outer}/task/${outer}/children`).split(' ')) if (/^\d+$/u.test(pid)) kill(Number(pid));
  kill(outer);
}

interface WatchOptions {
  readonly child: ChildProcess;
  readonly spec: TreeSpec;
  readonly status: Status;
  readonly captures: readonly [Capture, Capture];
  readonly stop: Stopper;
}

/** Reading starts with read(); each chunk is used up before the next is read, so a flood waits in the pipe. */
function createWatch({ child, spec, status, captures, stop }: WatchOptions): { read(): void; end(): void } {
  const { limits } = spec;
  let heardAt = performance.now();
  const meter: Meter | undefined = spec.held.kind === 'namespace' ? createMeter({ limits, memoryFolders: spec.held.memoryFolders, folder: spec.held.folder }) : undefined;
  const wall = setTimeout(() => stop.now('wall-limit'), limits.wallMs);
  const count = setInterval(() => {
    const crowd = meter?.crowded(status.childPid());
    if (crowd !== undefined) stop.now('signalled', stopped(crowd));
  }, COUNT_MS);
  const tick = setInterval(() => {
    if (performance.now() - heardAt > limits.silenceMs) stop.now('silence-limit');
    const use = meter?.over(status.childPid());
    if (use !== undefined) stop.now('signalled', stopped(use));
  }, Math.min(WATCH_MS, limits.silenceMs));
  const listen = (stream: Readable | null, capture: Capture): void => {
    stream?.on('data', (chunk: Buffer) => {
      heardAt = performance.now();
      const [first, second] = captures;
      if (stop.reason() === undefined && first.bytes + second.bytes + chunk.length > limits.outputBytes) stop.now('output-limit');
      // What comes after the limit is dropped; the hash covers what was kept.
      if (stop.reason() !== 'output-limit') capture.write(chunk);
    });
    stream?.on('error', () => {});
  };
  return {
    read() {
      listen(child.stdout, captures[0]);
      listen(child.stderr, captures[1]);
    },
    end() {
      clearTimeout(wall);
      clearInterval(tick);
      clearInterval(count);
    },
  };
}

const stopped = (why: string): string => `Groundcrew stopped this command: ${why}.`;

/** A daemon that holds our pipes would keep them open after its parent's end; one in a session of its own is looked for after a moment. */
function endGroupWithLeader(child: ChildProcess, spec: TreeSpec): void {
  child.once('exit', () => {
    if (child.pid !== undefined) killGroup(child.pid);
    const hunt = setTimeout(() => void endSurvivors(spec, undefined), WATCH_MS);
    child.once('close', () => clearTimeout(hunt));
  });
}

/** Waits until the namespace is gone, or hunts those that left the group. Bounded: an unkillable process must not hang a run. */
async function endSurvivors(spec: TreeSpec, inner: number | undefined): Promise<void> {
  const until = performance.now() + REAP_MS;
  if (spec.held.kind === 'namespace') {
    while (inner !== undefined && isAlive(inner) && performance.now() < until) {
      kill(inner);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    return;
  }
  const marker = `${MARKER}=${spec.held.marker}`;
  for (let left = markedWith(marker); left.length > 0 && performance.now() < until; left = markedWith(marker)) {
    for (const pid of left) kill(pid);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** Linux only: elsewhere a daemon that makes its own session survives, which is why unconfined runs ask first. */
function markedWith(marker: string): readonly number[] {
  if (process.platform !== 'linux') return [];
  return readFolder('/proc')
    .filter((name) => /^\d+$/u.test(name) && readText(`/proc/${name}/environ`).includes(marker) && isAlive(Number(name)))
    .map(Number);
}

function isAlive(pid: number): boolean {
  const state = /\) ([A-Za-z])/u.exec(readText(`/proc/${pid}/stat`))?.[1];
  return state !== undefined && state !== 'Z' && state !== 'X';
}

function killGroup(leader: number): void {
  if (process.platform === 'win32') {
    spawn('taskkill', ['/pid', String(leader), '/T', '/F'], { stdio: 'ignore' }).on('error', () => {});
    return;
  }
  kill(-leader);
}

function kill(pid: number, how: 'SIGKILL' | 'SIGSTOP' = 'SIGKILL'): void {
  try {
    process.kill(pid, how);
  } catch {
    // Gone already.
  }
}
