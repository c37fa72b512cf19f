/** Decides how an Ollama server is made with a Go tool chain where none is installed. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, rename, rm } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { cacheFolder, tryRoom, type Environment, type Unavailable } from './cache.ts';
import { createLock } from './lock.ts';
import type { OnProgress } from './progress.ts';
import { tryWhich } from './which.ts';

export const OLLAMA_VERSION = '0.11.4';
/** Measured: without these the CPU back end runs several times slower. */
const CGO_FLAGS = '-O3 -march=native';
/** Modules, build cache and the binary take 0.75 GB. */
const BUILD_BYTES = 1_000_000_000;
const BUILD_LIMIT_MS = 20 * 60_000;
const ERROR_TAIL_LINES = 12;
const INSTALL = 'install Ollama from https://ollama.com/download, or Go 1.24 or newer with a C and C++ compiler, and run this again';

/** Path of the executable; built once per processor model, since it uses that processor's own instructions. */
export async function buildOllama({ env, onProgress }: { readonly env: Environment; readonly onProgress: OnProgress }, signal: AbortSignal): Promise<string | Unavailable> {
  const cache = cacheFolder(env);
  const processor = createHash('sha256').update(cpus()[0]?.model ?? process.arch).digest('hex').slice(0, 8);
  const folder = join(cache, `ollama-${OLLAMA_VERSION}-${processor}`);
  const executable = join(folder, 'ollama');
  if (await exists(executable)) return executable;

  const go = await tryWhich('go', env);
  if (go === undefined) return { kind: 'unavailable', reason: 'there is no Go tool chain to build it with', remedy: INSTALL };
  const noRoom = await tryRoom(cache, BUILD_BYTES, 'building Ollama');
  if (noRoom !== undefined) return noRoom;

  await using _lock = await createLock(`${folder}.lock`, (pid) => onProgress({ step: 'server', detail: `waiting for process ${pid}, which is building it` }), signal);
  if (await exists(executable)) return executable;
  const unfinished = `${folder}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  const failure = await goInstall({ go, env: { ...env, GOBIN: unfinished, CGO_ENABLED: '1', CGO_CFLAGS: CGO_FLAGS, CGO_CXXFLAGS: CGO_FLAGS }, onProgress }, signal);
  if (failure !== undefined) return { kind: 'unavailable', reason: `building it with ${go} failed: ${failure}`, remedy: INSTALL };
  await rename(unfinished, folder);
  return executable;
}

/** Last lines of what went wrong, or undefined. `-v` names each package as it is compiled: the only progress that Go tells. */
function goInstall(
  { go, env, onProgress }: { readonly go: string; readonly env: Environment; readonly onProgress: OnProgress },
  signal: AbortSignal,
): Promise<string | undefined> {
  const startedAt = performance.now();
  const tail: string[] = [];
  let packages = 0;
  const child = spawn(go, ['install', '-v', `github.com/ollama/ollama@v${OLLAMA_VERSION}`], { env, stdio: ['ignore', 'ignore', 'pipe'], signal, timeout: BUILD_LIMIT_MS });
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (!line.startsWith('go: downloading') && /^[\w.-]+(\/[\w.-]+)*$/.test(line)) packages++;
    else tail.push(line);
    if (tail.length > ERROR_TAIL_LINES) tail.shift();
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    onProgress({ step: 'server', detail: `building Ollama ${OLLAMA_VERSION} (about 3 minutes on two cores)`, note: `${packages} packages, ${seconds} s` });
  });
  return new Promise((resolve, reject) => {
    child.once('error', (error) => (signal.aborted ? reject(signal.reason) : resolve(error.message)));
    child.once('close', (code) => resolve(code === 0 ? undefined : tail.join('\n') || `go install ended with ${code}`));
  });
}

const exists = (path: string): Promise<boolean> => access(path).then(() => true, () => false);
