/** Decides how the test model gets onto an Ollama server: it is there, it is pulled, or it is made from its published parts. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import * as z from 'zod';
import { cacheFolder, type Environment, type Unavailable } from './cache.ts';
import { createLock } from './lock.ts';
import { parseModelfile } from './modelfile.ts';
import { fetchModelParts, MODEL_BYTES, MODEL_SHA256, readParts, removeParts } from './modelParts.ts';
import type { OnProgress } from './progress.ts';

export const TEST_MODEL = 'qwen2.5-coder:1.5b';
/** A model library that is out of reach shows itself by silence. */
const PULL_SILENCE_MS = 30_000;
const SHORT_CALL_MS = 30_000;

const Tags = z.object({ models: z.array(z.object({ name: z.string() })).nullable() });
const StatusLine = z.object({ status: z.string().optional(), error: z.string().optional(), completed: z.number().optional(), total: z.number().optional() });

/** undefined: the model is on the server. */
export async function ensureModel(
  options: { readonly url: string; readonly model: string; readonly env: Environment; readonly onProgress: OnProgress },
  signal: AbortSignal,
): Promise<Unavailable | undefined> {
  const { url, model, env, onProgress } = options;
  if (await hasModel(url, model, signal)) return undefined;
  await using _lock = await createLock(join(cacheFolder(env), 'model.lock'), (pid) => onProgress({ step: 'model', detail: `waiting for process ${pid}, which is fetching it` }), signal);
  if (await hasModel(url, model, signal)) return undefined;

  const pullFailure = await tryPull(options, signal);
  if (pullFailure === undefined && (await hasModel(url, model, signal))) return undefined;
  const reason = `${url} has no ${model} and cannot pull it (${pullFailure ?? 'it said success, but the model is not listed'})`;
  if (model !== TEST_MODEL) return { kind: 'unavailable', reason, remedy: `run \`ollama pull ${model}\`, or unset GROUNDCREW_TEST_MODEL` };

  onProgress({ step: 'model', detail: `the model library is out of reach (${pullFailure}); fetching its published parts` });
  const parts = await fetchModelParts({ folder: join(cacheFolder(env), 'parts'), env, onProgress }, signal);
  if (parts.kind === 'unavailable') return { ...parts, reason: `${reason}, and ${parts.reason}` };
  const failure = await tryCreate({ url, model, files: parts.files, onProgress }, signal);
  if (failure !== undefined) return { kind: 'unavailable', reason: `${url} would not create ${model}: ${failure}`, remedy: 'read the log of that Ollama server; a version of 0.5.5 or newer is needed' };
  await removeParts(join(cacheFolder(env), 'parts'));
  return undefined;
}

async function hasModel(url: string, model: string, signal: AbortSignal): Promise<boolean> {
  const reply = await fetch(`${url}/api/tags`, { signal: AbortSignal.any([signal, AbortSignal.timeout(SHORT_CALL_MS)]) });
  const { models } = Tags.parse(await reply.json());
  const full = model.includes(':') ? model : `${model}:latest`;
  return (models ?? []).some(({ name }) => name === full);
}

/** What went wrong, or undefined. */
async function tryPull({ url, model, onProgress }: { readonly url: string; readonly model: string; readonly onProgress: OnProgress }, signal: AbortSignal): Promise<string | undefined> {
  onProgress({ step: 'model', detail: `pulling ${model}` });
  return tryStream({ url: `${url}/api/pull`, body: { model }, silenceMs: PULL_SILENCE_MS, onLine: ({ status, completed, total }) => {
    if (total !== undefined) onProgress({ step: 'model', detail: status ?? 'pulling', bytes: completed ?? 0, totalBytes: total });
  } }, signal);
}

async function tryCreate(
  { url, model, files, onProgress }: { readonly url: string; readonly model: string; readonly files: readonly string[]; readonly onProgress: OnProgress },
  signal: AbortSignal,
): Promise<string | undefined> {
  const digest = `sha256:${MODEL_SHA256}`;
  const known = await fetch(`${url}/api/blobs/${digest}`, { method: 'HEAD', signal });
  if (!known.ok) {
    const body = Readable.toWeb(Readable.from(readParts(files, (bytes) => onProgress({ step: 'model', detail: 'handing it to Ollama', bytes, totalBytes: MODEL_BYTES }))));
    const sent = await fetch(`${url}/api/blobs/${digest}`, { method: 'POST', body, duplex: 'half', headers: { 'content-length': String(MODEL_BYTES) }, signal });
    if (!sent.ok) return `${sent.status} ${await sent.text()}`;
  }
  onProgress({ step: 'model', detail: `creating ${model}` });
  const { template, stop } = parseModelfile(await readFile(new URL('./Modelfile', import.meta.url), 'utf8'));
  return tryStream({ url: `${url}/api/create`, body: { model, files: { 'model.gguf': digest }, template, parameters: { stop } }, silenceMs: 5 * 60_000, onLine: () => undefined }, signal);
}

/** Reads a stream of status lines; what the server called an error, or undefined after "success". */
async function tryStream(
  call: { readonly url: string; readonly body: unknown; readonly silenceMs: number; readonly onLine: (line: z.infer<typeof StatusLine>) => void },
  signal: AbortSignal,
): Promise<string | undefined> {
  const silence = new AbortController();
  const heard = setTimeout(() => silence.abort(), call.silenceMs);
  let last = 'it answered nothing';
  try {
    const reply = await fetch(call.url, { method: 'POST', body: JSON.stringify(call.body), signal: AbortSignal.any([signal, silence.signal]) });
    if (!reply.ok || reply.body === null) return `${reply.status} ${(await reply.text()).trim()}`;
    for await (const text of createInterface({ input: Readable.fromWeb(reply.body) })) {
      heard.refresh();
      const line = StatusLine.parse(JSON.parse(text));
      if (line.error !== undefined) return line.error;
      call.onLine(line);
      last = line.status ?? last;
    }
    return last === 'success' ? undefined : `the stream ended after "${last}"`;
  } catch (error) {
    signal.throwIfAborted();
    return silence.signal.aborted ? `no answer for ${call.silenceMs / 1000} s` : `${error instanceof Error ? error.message : error}`;
  } finally {
    clearTimeout(heard);
  }
}
