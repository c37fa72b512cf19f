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
  readonly root: string;
  /** Absolute path of ripgrep outside the workspace; undefined: own search. */
  readonly ripgrep: string | undefined;
  /** Text of a file through the path broker; undefined: not readable as text. */
  readonly read: (path: string) => Promise<string | undefined>;
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
const RIPGREP_FLAGS = ['--no-config', '--no-follow', '--no-pre', '--no-search-zip', '--no-ignore', '--color=never', '--no-heading', '--with-filename', '--line-number', '--null', '--no-messages', '--threads=2', '--max-filesize=8M', '--encoding=none'];

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

/** The expression runs in a thread that is ended when the time is up: JavaScript's engine can backtrack for ever. */
async function byOwnSearch(parts: SearchParts, { pattern, paths, max }: SearchRequest, signal: AbortSignal): Promise<readonly Hit[]> {
  try {
    new RegExp(pattern);
  } catch (error) {
    throw new FileRefused(pattern, 'pattern', `it is no regular expression: ${error instanceof Error ? error.message : ''}`);
  }
  const worker = new Worker(`(${matchInThread.toString()})()`, { eval: true, workerData: { pattern, lineChars: LINE_CHARS_MAX }, execArgv: [], env: {}, stdin: false, resourceLimits: { maxOldGenerationSizeMb: 64 } });
  const hits: Hit[] = [];
  try {
    for (const path of paths) {
      signal.throwIfAborted();
      const text = await parts.read(path);
      if (text === undefined) continue;
      for (const { line, text: found } of await matches(worker, { text, max: max - hits.length }, signal)) hits.push({ path, line, text: cut(found) });
      if (hits.length >= max) break;
    }
    return hits;
  } finally {
    await worker.terminate();
  }
}

async function matches(worker: Worker, work: { readonly text: string; readonly max: number }, signal: AbortSignal): Promise<readonly { readonly line: number; readonly text: string }[]> {
  const { promise, resolve, reject } = Promise.withResolvers<readonly { readonly line: number; readonly text: string }[]>();
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  worker.once('message', resolve);
  worker.once('error', reject);
  worker.postMessage(work);
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', onAbort);
    worker.off('message', resolve);
    worker.off('error', reject);
  }
}

/** Runs as the whole source of a thread, so it can use nothing from outside itself. */
function matchInThread(): void {
  const { parentPort, workerData } = process.getBuiltinModule('node:worker_threads');
  const expression = new RegExp(workerData.pattern);
  parentPort?.on('message', ({ text, max }: { readonly text: string; readonly max: number }) => {
    const found: { line: number; text: string }[] = [];
    for (const [index, row] of text.split('\n').entries()) {
      if (found.length >= max) break;
      if (expression.test(row)) found.push({ line: index + 1, text: row.slice(0, workerData.lineChars) });
    }
    parentPort.postMessage(found);
  });
}

function cut(text: string): string {
  return text.replace(/\r$/, '').slice(0, LINE_CHARS_MAX);
}
