/** Decides how tests drive the command line as another program would: a real child process, a workspace and a state folder of their own. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEvent, type RunEvent } from '../../src/core/domain/event.ts';
import type { Outcome } from '../../src/core/domain/outcome.ts';
import { tempFolder } from './tempFolder.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
/** Nothing listens there. */
export const DEAD_HOST = '127.0.0.1:1';

export type FileTexts = Readonly<Record<string, string | Uint8Array>>;

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

export interface RanJson extends Ran {
  readonly events: readonly RunEvent[];
  readonly outcome: Outcome;
}

export interface Running {
  /** Resolves once what it has printed so far satisfies `isThere`; fails when it ends before that. */
  until(isThere: (stdout: string) => boolean): Promise<void>;
  signal(name: NodeJS.Signals): void;
  /** Reads no more of what it prints, as `head` does. */
  leave(): void;
  readonly ended: Promise<Ran>;
}

export interface Cli extends Disposable {
  readonly root: string;
  /** Temporary folder that workspace and state lie in. */
  readonly folder: string;
  start(args: readonly string[]): Running;
  run(...args: readonly string[]): Promise<Ran>;
  /** With --json: every line is parsed, and the order of the events is checked. */
  json(...args: readonly string[]): Promise<RanJson>;
  bytes(file: string): Buffer;
  text(file: string): string;
  write(file: string, text: string | Uint8Array): void;
  git(...args: readonly string[]): string;
  /** Command lines of processes that still belong to this test: they name its folder. */
  leftovers(): readonly string[];
}

export interface CliOptions {
  readonly files: FileTexts;
  /** "127.0.0.1:11434"; left out: nothing answers. */
  readonly host?: string | undefined;
  /** false: no repository. */
  readonly git?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

export function openCli({ files, host = DEAD_HOST, git = true, env = {} }: CliOptions): Cli {
  const folder = tempFolder();
  const root = path.join(folder.path, 'workspace');
  const write = (file: string, text: string | Uint8Array): void => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  };
  for (const [file, text] of Object.entries(files)) write(file, text);
  const runGit = (...args: readonly string[]): string => execFileSync('git', ['-c', 'user.email=a@b.c', '-c', 'user.name=n', ...args], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  if (git) for (const args of [['init', '-q'], ['add', '-A'], ['commit', '-qm', 'start']]) runGit(...args);
  const environment = { ...process.env, XDG_STATE_HOME: path.join(folder.path, 'state'), OLLAMA_HOST: host, GROUNDCREW_MODEL: undefined, ...env };
  const started: Running[] = [];
  const start = (args: readonly string[]): Running => {
    const running = launch(args, root, environment);
    started.push(running);
    return running;
  };
  const run = async (...args: readonly string[]): Promise<Ran> => await start(args).ended;
  return {
    root, folder: folder.path, start, run, write,
    json: async (...args) => toJson(await run(...args, '--json')),
    bytes: (file) => readFileSync(path.join(root, file)),
    text: (file) => readFileSync(path.join(root, file), 'utf8'),
    git: runGit,
    leftovers: () => processesNaming(folder.path),
    [Symbol.dispose]() {
      for (const running of started) running.signal('SIGKILL'); // of a test that failed; the others have ended
      folder[Symbol.dispose]();
    },
  };
}

/** A pipe on every stream: what another program gives it. */
function launch(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Running {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [MAIN, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  let isOver = false;
  const looks = new Set<() => void>();
  const lookAgain = (): void => {
    for (const look of looks) look();
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    lookAgain();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Ran>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      isOver = true;
      lookAgain();
      resolve({ code, stdout, stderr, ms: performance.now() - startedAt });
    });
  });
  return {
    ended,
    signal: (name) => void child.kill(name),
    leave: () => void child.stdout.destroy(),
    until: (isThere) => new Promise((resolve, reject) => {
      const look = (): void => {
        if (!isThere(stdout) && !isOver) return;
        looks.delete(look);
        if (isThere(stdout)) resolve();
        else reject(new Error(`It ended before what was waited for.\n${stdout}\n${stderr}`));
      };
      looks.add(look);
      look();
    }),
  };
}

/** @throws when a line is no event, the numbers do not grow by one, or `run.finished` is not the last and only one. */
export function toJson(ran: Ran): RanJson {
  const events = eventsIn(ran.stdout);
  const first = events[0]?.seq ?? 0;
  for (const [index, event] of events.entries()) if (event.seq !== first + index) throw new Error(`Event ${index} has seq ${event.seq}, not ${first + index}.`);
  const last = events.at(-1);
  const ends = events.filter((event) => event.type === 'run.finished').length;
  if (last?.type !== 'run.finished' || ends !== 1) throw new Error(`run.finished came ${ends} times; the last event is ${last?.type}. stderr: ${ran.stderr}`);
  return { ...ran, events, outcome: last.data };
}

/** Every whole line. @throws for one that is no event. */
export function eventsIn(stdout: string): readonly RunEvent[] {
  return stdout.split('\n').slice(0, -1).map((line) => parseEvent(JSON.parse(line)));
}

/** Linux only; elsewhere nothing is found. The folder stands in their command line, work folder or environment. */
function processesNaming(folder: string): readonly string[] {
  const found: string[] = [];
  for (const pid of pids()) {
    const command = readProc(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
    const texts = [command, readProc(() => readlinkSync(`/proc/${pid}/cwd`)), readProc(() => readFileSync(`/proc/${pid}/environ`, 'utf8'))];
    if (texts.some((text) => text.includes(folder))) found.push(`${pid} ${command.replaceAll('\0', ' ').slice(0, 200)}`);
  }
  return found;
}

function pids(): readonly string[] {
  return process.platform === 'linux' ? readdirSync('/proc').filter((name) => /^\d+$/u.test(name) && name !== String(process.pid)) : [];
}

/** A process may end while it is looked at. */
function readProc(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
