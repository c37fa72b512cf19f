/** Decides how lines are found: by ripgrep where the user has it, else by our own search, and never for longer than a limit. */
import { spawn } from 'node:child_process';
import { Worker } from 'node:worker_threads';
import { FileRefused } from '../core/domain/fileErrors.ts';

export interface Hit {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

export interface SearchParts {
  /** Real path of the workspace. */
  readonly root: string;
  /** Absolute path of ripgrep outside the workspace; undefined: own search. */
  readonly ripgrep: string | undefined;
}

export interface SearchRequest {
  readonly pattern: string;
  /** Candidates, sorted; hits come in this order. */
  readonly paths: readonly string[];
  readonly max: number;
}

/** The whole search. A pattern that backtracks without end is stopped by it. */
const SEARCH_MS = 4_000;
const LINE_CHARS_MAX = 400;
/** Bytes of arguments for one ripgrep: well below ARG_MAX (128 KB on the smallest systems in use, 2 MB on Linux). */
const ARGUMENT_BYTES_MAX = 100_000;
/** As files are read elsewhere. */
const FILE_BYTES_MAX = 8 * 1024 * 1024;
const OUTPUT_BYTES_MAX = 8_000_000;

/** @throws FileRefused when the pattern is no regular expression or the time is up; signal.reason. */
export async function search(parts: SearchParts, request: SearchRequest, signal: AbortSignal): Promise<readonly Hit[]> {
  const deadline = AbortSignal.timeout(SEARCH_MS);
  const stop = AbortSignal.any([signal, deadline]);
  try {
    return (parts.ripgrep === undefined ? undefined : await byRipgrep(parts.ripgrep, parts.root, request, stop)) ?? (await byOwnSearch(parts, request, stop));
  } catch (error) {
    signal.throwIfAborted();
    if (deadline.aborted) throw new FileRefused(request.pattern, 'slow-pattern', `the search took over ${SEARCH_MS / 1_000} s; use a simpler pattern or name a folder`);
    throw error;
  }
}

/** undefined: ripgrep does not take the pattern (its own engine has no lookaround, and so never hangs). */
async function byRipgrep(ripgrep: string, root: string, { pattern, paths, max }: SearchRequest, signal: AbortSignal): Promise<readonly Hit[] | undefined> {
  const hits: Hit[] = [];
  for (const batch of batches(paths)) {
    const output = await runRipgrep(ripgrep, root, [...RIPGREP_FLAGS, `--max-count=${max}`, `--regexp=${pattern}`, '--', ...batch.map((path) => `./${path}`)], signal);
    if (output === undefined) return undefined;
    hits.push(...readHits(output));
    if (hits.length >= max) break;
  }
  const order = new Map(paths.map((path, i) => [path, i]));
  return hits.toSorted((a, b) => (order.get(a.path) ?? 0) - (order.get(b.path) ?? 0) || a.line - b.line).slice(0, max);
}

/** No configuration, no preprocessor, no archives, no links: only the files named. */
const RIPGREP_FLAGS = ['--no-config', '--no-follow', '--no-pre', '--no-search-zip', '--no-ignore', '--color=never', '--no-heading', '--with-filename', '--line-number', '--crlf', '--null', '--no-messages', '--threads=2', '--max-filesize=8M', '--encoding=none'];

async function runRipgrep(ripgrep: string, root: string, argv: readonly string[], signal: AbortSignal): Promise<Buffer | undefined> {
  const child = spawn(ripgrep, argv, { cwd: root, env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' }, stdio: ['ignore', 'pipe', 'ignore'], signal, killSignal: 'SIGKILL', windowsHide: true });
  const chunks: Buffer[] = [];
  let size = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > OUTPUT_BYTES_MAX) child.kill('SIGKILL');
    else chunks.push(chunk);
  });
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.on('error', (error) => (signal.aborted ? reject(error) : resolve(null)));
  child.on('close', (code) => resolve(code ?? (size > OUTPUT_BYTES_MAX ? 0 : null)));
  const code = await promise;
  signal.throwIfAborted();
  // 0 found, 1 nothing found, 2 a pattern that it does not take.
  return code === 0 || code === 1 ? Buffer.concat(chunks) : undefined;
}

function readHits(output: Buffer): readonly Hit[] {
  return output.toString('utf8').split('\n').flatMap((row) => {
    const match = /^(?:\.\/)?([^\0]+)\0(\d+):(.*)$/s.exec(row);
    return match?.[1] === undefined || match[2] === undefined ? [] : [{ path: match[1], line: Number(match[2]), text: cut(match[3] ?? '') }];
  });
}

function batches(paths: readonly string[]): readonly (readonly string[])[] {
  const all: string[][] = [];
  let size = ARGUMENT_BYTES_MAX;
  for (const path of paths) {
    const bytes = Buffer.byteLength(path) + 12;
    if (size + bytes > ARGUMENT_BYTES_MAX) {
      all.push([]);
      size = 0;
    }
    all.at(-1)?.push(path);
    size += bytes;
  }
  return all;
}

/** Files are read and matched in a thread that is ended when the time is up: JavaScript's engine can backtrack for ever. */
async function byOwnSearch({ root }: SearchParts, { pattern, paths, max }: SearchRequest, signal: AbortSignal): Promise<readonly Hit[]> {
  try {
    new RegExp(pattern);
  } catch (error) {
    throw new FileRefused(pattern, 'pattern', `it is no regular expression: ${error instanceof Error ? error.message : ''}`);
  }
  signal.throwIfAborted();
  const workerData: ThreadInput = { root, pattern, paths, max, lineChars: LINE_CHARS_MAX, fileBytes: FILE_BYTES_MAX };
  const worker = new Worker(`(${searchInThread.toString()})()`, { eval: true, workerData, execArgv: [], env: {}, stdin: false, resourceLimits: { maxOldGenerationSizeMb: 256 } });
  const { promise, resolve, reject } = Promise.withResolvers<readonly Hit[]>();
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  worker.once('message', resolve);
  worker.once('error', reject);
  try {
    return (await promise).map((hit) => ({ ...hit, text: cut(hit.text) }));
  } finally {
    signal.removeEventListener('abort', onAbort);
    await worker.terminate();
  }
}

interface ThreadInput {
  readonly root: string;
  readonly pattern: string;
  readonly paths: readonly string[];
  readonly max: number;
  readonly lineChars: number;
  readonly fileBytes: number;
}

/**
 * Runs as the whole source of a thread, so it uses nothing from outside itself. Opens as the path broker does: no link, no pipe, and
 * what was opened must be what was named. Synchronous calls: 20,000 files take 2 s, by promises they take 10.
 */
function searchInThread(): void {
  const { parentPort, workerData } = process.getBuiltinModule('node:worker_threads');
  const { closeSync, constants, fstatSync, openSync, readFileSync, readlinkSync, realpathSync } = process.getBuiltinModule('node:fs');
  const { root, pattern, paths, max, lineChars, fileBytes }: ThreadInput = workerData;
  const expression = new RegExp(pattern);
  // Whether any line can match at all; what looks around itself could see other lines there and say no wrongly.
  const anyLine = pattern.includes('(?') ? undefined : new RegExp(pattern, 'm');
  const found: { path: string; line: number; text: string }[] = [];

  function textOf(path: string): string {
    const absolute = `${root}/${path}`;
    let descriptor: number | undefined;
    try {
      descriptor = openSync(absolute, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
      const stats = fstatSync(descriptor);
      const opened = process.platform === 'linux' ? readlinkSync(`/proc/self/fd/${descriptor}`) : realpathSync(absolute).replaceAll('\\', '/');
      return stats.isFile() && stats.size <= fileBytes && opened === absolute ? readFileSync(descriptor, 'utf8') : '';
    } catch {
      return '';
    } finally {
      if (descriptor !== undefined) closeSync(descriptor);
    }
  }

  for (const path of paths) {
    if (found.length >= max) break;
    const text = textOf(path);
    if (text === '' || text.includes('\0') || anyLine?.test(text) === false) continue;
    for (const [index, row] of text.split(/\r?\n/).entries()) {
      if (found.length >= max) break;
      if (expression.test(row)) found.push({ path, line: index + 1, text: row.slice(0, lineChars + 1) });
    }
  }
  parentPort?.postMessage(found);
}

function cut(text: string): string {
  return text.replace(/\r$/, '').slice(0, LINE_CHARS_MAX);
}
