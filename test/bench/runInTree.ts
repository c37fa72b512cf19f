/** Decides how the benchmark itself runs a check: confined where it can be, with the user's own PATH, ended after a limit. */
import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tryWhich } from '../harness/which.ts';

const LIMIT_MS = 120_000;
/** As shells say it. */
export const MISSING_PROGRAM = 127;
const OUTPUT_TAIL_CHARS = 20_000;
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface TreeRun {
  readonly passed: boolean;
  /** null: ended by the limit or a signal. */
  readonly exit: number | null;
  readonly output: string;
  readonly ms: number;
}

/** The PATH without our own node_modules/.bin, which npm puts before it. */
export function userPath(path: string): string {
  return path.split(delimiter).filter((folder) => !folder.startsWith(ROOT) && !folder.includes(join('node_modules', '.bin')) && !folder.includes('node-gyp-bin')).join(delimiter);
}

export async function runInTree(argv: readonly string[], folder: string, signal: AbortSignal): Promise<TreeRun> {
  const caches = join(tmpdir(), 'groundcrew-bench-caches');
  await mkdir(caches, { recursive: true });
  const env = {
    PATH: userPath(process.env['PATH'] ?? ''), HOME: process.env['HOME'], LANG: 'C.UTF-8', PYTHONDONTWRITEBYTECODE: '1', CI: 'true',
    GOCACHE: join(caches, 'go'), GOFLAGS: '-mod=mod', GOTOOLCHAIN: 'local', CARGO_NET_OFFLINE: 'true',
  };
  const program = argv[0] ?? '';
  if (!program.includes('/') && (await tryWhich(program, env)) === undefined) return { passed: false, exit: MISSING_PROGRAM, output: `${program} is not on the PATH`, ms: 0 };
  const bubblewrap = await tryWhich('bwrap', process.env);
  const [command = '', ...args] = bubblewrap === undefined ? argv : [bubblewrap, ...confinement(folder, caches), '--', ...argv];
  const startedAt = performance.now();
  const child = spawn(command, args, { cwd: folder, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-OUTPUT_TAIL_CHARS)));
  const kill = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // The group ended by itself: what was wanted.
    }
  };
  const timer = setTimeout(kill, LIMIT_MS);
  signal.addEventListener('abort', kill, { once: true });
  const exit = await new Promise<number | null>((resolve) => child.once('error', (error) => { output += error.message; resolve(MISSING_PROGRAM); }).once('close', resolve));
  clearTimeout(timer);
  signal.removeEventListener('abort', kill);
  kill();
  signal.throwIfAborted();
  return { passed: exit === 0, exit, output, ms: performance.now() - startedAt };
}

function confinement(folder: string, caches: string): readonly string[] {
  return ['--unshare-all', '--die-with-parent', '--new-session', '--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc', '--tmpfs', '/tmp', '--bind', folder, folder, '--bind', caches, caches, '--chdir', folder];
}
