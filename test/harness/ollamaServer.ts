/** Decides which Ollama server the tests and the demo talk to: one that answers, one on the PATH, or one built here. */
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { buildOllama } from './buildOllama.ts';
import { cacheFolder, type Environment, type Unavailable } from './cache.ts';
import type { OnProgress } from './progress.ts';
import { tryWhich } from './which.ts';

const DEFAULT_URL = 'http://127.0.0.1:11434';
const PROBE_MS = 3_000;
const START_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 10_000;
const ERROR_TAIL_CHARS = 2_000;

export interface OllamaServer extends AsyncDisposable {
  readonly kind: 'running' | 'started';
  readonly url: string;
}

/** Disposing stops the server only where we started it; it also ends when this process does, even by kill -9. */
export async function createOllamaServer(options: { readonly env: Environment; readonly onProgress: OnProgress }, signal: AbortSignal): Promise<OllamaServer | Unavailable> {
  const { env, onProgress } = options;
  const url = hostUrl(env['OLLAMA_HOST']);
  if (await answers(url, signal)) return { kind: 'running', url, [Symbol.asyncDispose]: async () => undefined };

  const installed = await tryWhich('ollama', env);
  if (installed !== undefined) return startServer({ executable: installed, env, onProgress }, signal);

  const built = await buildOllama(options, signal);
  if (typeof built !== 'string') return { ...built, reason: `no Ollama answers at ${url}, none is on the PATH, and ${built.reason}` };
  return startServer({ executable: built, env: { ...env, OLLAMA_MODELS: env['OLLAMA_MODELS'] ?? join(cacheFolder(env), 'models') }, onProgress }, signal);
}

/** OLLAMA_HOST as Ollama itself reads it: scheme and port may be missing, and an address to listen on is no address to call. */
export function hostUrl(host: string | undefined): string {
  const text = host?.trim() ?? '';
  if (text === '') return DEFAULT_URL;
  const schemed = /^https?:\/\//.test(text) ? text : `http://${text}`;
  const url = new URL(schemed);
  const namesPort = /:\d+\/?$/.test(schemed);
  const port = namesPort ? url.port || (url.protocol === 'https:' ? '443' : '80') : /^https?:/.test(text) ? (url.protocol === 'https:' ? '443' : '80') : '11434';
  const name = url.hostname === '0.0.0.0' ? '127.0.0.1' : url.hostname === '[::]' ? '[::1]' : url.hostname;
  return `${url.protocol}//${name}:${port}`;
}

async function answers(url: string, signal: AbortSignal): Promise<boolean> {
  try {
    const reply = await fetch(`${url}/api/version`, { signal: AbortSignal.any([signal, AbortSignal.timeout(PROBE_MS)]) });
    const body: unknown = await reply.json();
    return reply.ok && typeof body === 'object' && body !== null && 'version' in body;
  } catch {
    signal.throwIfAborted();
    return false;
  }
}

async function startServer(
  { executable, env, onProgress }: { readonly executable: string; readonly env: Environment; readonly onProgress: OnProgress },
  signal: AbortSignal,
): Promise<OllamaServer | Unavailable> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  onProgress({ step: 'server', detail: `starting ${executable} on port ${port}` });
  const child = spawn(process.execPath, [fileURLToPath(new URL('./supervise.ts', import.meta.url)), executable, 'serve'], {
    env: { ...env, OLLAMA_HOST: `127.0.0.1:${port}` },
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log = (log + text).slice(-ERROR_TAIL_CHARS)));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    child.stdin.end();
    if (child.exitCode !== null) return;
    await Promise.race([ended, delay(STOP_LIMIT_MS, undefined, { ref: false })]);
  };
  try {
    const deadline = performance.now() + START_LIMIT_MS;
    while (!(await answers(url, signal))) {
      if (child.exitCode !== null || performance.now() > deadline) {
        await stop();
        return { kind: 'unavailable', reason: `${executable} serve did not answer at ${url}: ${log.trim() || 'it said nothing'}`, remedy: 'run `ollama serve` by hand and read what it says' };
      }
      await delay(100, undefined, { signal });
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { kind: 'started', url, [Symbol.asyncDispose]: stop };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('The system gave no free port.');
  return address.port;
}
