/** Decides how Ollama is spoken to: native /api only (its /v1 cannot set the window), to this machine or a host that the user named. */
import { Ollama } from 'ollama';
import * as z from 'zod';
import { HostFault, type ListedModel, type LoadedModel, type Models, type PullProgress, type RecordStream, type ShownModel, type StreamRecord } from '../core/model/models.ts';
import { errorText, isFields, parseLine, parseStreamRecord, snippet, tryJson } from '../core/model/wire.ts';
import { createHttpClient, isLoopback, type HttpClient, type HttpReply } from './httpFetch.ts';
import { recordStream } from './recordStream.ts';

export const DEFAULT_URL = 'http://127.0.0.1:11434';
/** A reply of a model is thousands of times smaller; /api/show of a large vocabulary is 4 MB. */
const RESPONSE_BYTES = 64 * 1024 * 1024;

export interface OllamaOptions {
  /** As a person types it: "127.0.0.1", "localhost:11434", "http://gpu:11434". */
  readonly url: string;
  /** The user named this host, so it may be another machine. */
  readonly allowRemote: boolean;
  readonly responseBytes?: number;
}

/** @throws HostFault `not-allowed` for a host elsewhere that nobody named, or an address that is none. */
export function createOllama({ url, allowRemote, responseBytes = RESPONSE_BYTES }: OllamaOptions): Models & Disposable {
  const base = parseHost(url);
  if (!allowRemote && !isLoopback(base)) {
    throw new HostFault('not-allowed', `${base.origin} is another machine, and code would be sent to it. If you want that, name it: --host ${base.origin} or groundcrew.ollama.hosts.`);
  }
  const http = createHttpClient(base, { responseBytes });
  const ask = <T>(signal: AbortSignal, question: (client: Ollama) => Promise<unknown>, schema: z.ZodType<T>): Promise<T> => manage(http, base, signal, question, schema);

  return {
    host: base.origin,
    isLocal: isLoopback(base),
    version: async (signal) => (await ask(signal, (client) => client.version(), Version)).version,
    list: async (signal) => (await ask(signal, (client) => client.list(), Tags)).models,
    show: (name, signal) => ask(signal, (client) => client.show({ model: name }), Show),
    ps: async (signal) => (await ask(signal, (client) => client.ps(), Running)).models,
    chat: (body, signal) => stream(http, '/api/chat', body, signal),
    generate: (body, signal) => stream(http, '/api/generate', body, signal),
    pull: (name, signal) => pull(http, name, signal),
    [Symbol.dispose]: () => http[Symbol.dispose](),
  };
}

/** Also what OLLAMA_HOST may hold: no scheme, no port, 0.0.0.0 as a server's own listening address. */
export function parseHost(text: string): URL {
  const withScheme = /^[a-z]+:\/\//i.test(text.trim()) ? text.trim() : `http://${text.trim()}`;
  const url = URL.parse(withScheme);
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === '') {
    throw new HostFault('not-allowed', `"${text}" is not the address of a server. Write it like ${DEFAULT_URL}.`);
  }
  if (url.hostname === '0.0.0.0') url.hostname = '127.0.0.1';
  if (url.hostname === '[::]') url.hostname = '[::1]';
  if (url.protocol === 'http:' && url.port === '' && !/:\d+\/?$/.test(withScheme)) url.port = '11434';
  return url;
}

/** Management calls go through Ollama's own package, over our connection: what it gets has passed our limits and checks. */
async function manage<T>(http: HttpClient, base: URL, signal: AbortSignal, question: (client: Ollama) => Promise<unknown>, schema: z.ZodType<T>): Promise<T> {
  const fetch = async (input: unknown, init?: RequestInit): Promise<Response> => {
    const path = new URL(String(input)).pathname;
    const reply = await http.send({ method: init?.method === 'POST' ? 'POST' : 'GET', path, ...(typeof init?.body === 'string' ? { body: init.body } : {}) }, signal);
    const text = await wholeText(reply);
    if (reply.status >= 400) throw statusFault(reply.status, text);
    const value = tryJson(text);
    if (!isFields(value)) throw notOllama(base.origin, text);
    return Response.json(value);
  };
  const answer = schema.safeParse(await question(new Ollama({ host: base.origin, fetch })));
  if (!answer.success) throw notOllama(base.origin, JSON.stringify(answer.error.issues[0]?.path ?? ''));
  return answer.data;
}

async function stream(http: HttpClient, path: string, body: unknown, signal: AbortSignal): Promise<RecordStream<StreamRecord>> {
  const reply = await post(http, path, body, signal);
  return recordStream(reply, parseStreamRecord, (record) => record.final !== undefined);
}

async function pull(http: HttpClient, name: string, signal: AbortSignal): Promise<RecordStream<PullProgress>> {
  const reply = await post(http, '/api/pull', { model: name, stream: true }, signal);
  return recordStream(reply, (line) => Pull.parse(parseLine(line)), (progress) => progress.status === 'success');
}

async function post(http: HttpClient, path: string, body: unknown, signal: AbortSignal): Promise<HttpReply> {
  const reply = await http.send({ method: 'POST', path, body: JSON.stringify(body) }, signal);
  if (reply.status !== 200) throw statusFault(reply.status, await wholeText(reply));
  if (/html/i.test(reply.contentType)) throw notOllama(path, await wholeText(reply));
  return reply;
}

const ERROR_TEXT_CHARS_MAX = 64 * 1024;

function wholeText(reply: HttpReply): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const parts: Uint8Array[] = [];
  let bytes = 0;
  const text = (): string => Buffer.concat(parts).toString('utf8');
  reply.listen(
    (chunk) => {
      parts.push(chunk);
      bytes += chunk.length;
      if (reply.status < 400 || bytes <= ERROR_TEXT_CHARS_MAX) return;
      resolve(text());
      reply.close();
    },
    (error) => (error === undefined ? resolve(text()) : reject(error)),
  );
  return promise;
}

function statusFault(status: number, text: string): HostFault {
  const value = tryJson(text);
  const said = isFields(value) && value['error'] !== undefined ? errorText(value['error']) : '';
  const overflow = overflowOf(value);
  const words = said === '' ? (text.trim() === '' ? 'no explanation' : snippet(text)) : said;
  return new HostFault('status', `Ollama answered HTTP ${status}: ${words}.`, { status, said, ...(overflow === undefined ? {} : { overflow }) });
}

/** The two counts of an overflow stand beside `error` or inside it, as an object or as JSON in a string. */
function overflowOf(value: unknown, depth = 0): HostFault['overflow'] {
  if (!isFields(value) || depth > 3) return undefined;
  const counts = Overflow.safeParse(value);
  if (counts.success) return { promptTokens: counts.data.n_prompt_tokens, windowTokens: counts.data.n_ctx };
  const inner = value['error'];
  return overflowOf(typeof inner === 'string' ? tryJson(inner.slice(Math.max(0, inner.indexOf('{')))) : inner, depth + 1);
}

function notOllama(where: string, text: string): HostFault {
  return new HostFault('not-ollama', `What answers at ${where} is not an Ollama server: it said ${snippet(text)}.`);
}

const Overflow = z.object({ n_prompt_tokens: z.number(), n_ctx: z.number() });
const Version = z.object({ version: z.string() });

/** Of a name that no server would take nothing is offered: it would reach the terminal and the request. */
const MODEL_NAME = /^[^\p{Cc}\p{Cf}\s]{1,256}$/u;

/** One entry that cannot be read is left out; it does not hide the others. */
const Listed = z
  .object({ name: z.string().regex(MODEL_NAME), size: z.number().catch(0), remote_host: z.string().nullish(), remote_model: z.string().nullish(), details: z.object({ parameter_size: z.string().catch('') }).partial().nullish().catch(null) })
  .transform((model): readonly ListedModel[] => [{ name: model.name, sizeBytes: model.size, parameterSize: model.details?.parameter_size ?? '', remoteHost: model.remote_host || model.remote_model || undefined }]);

const Tags = z.object({
  models: z.array(z.unknown()).nullable().transform((models) => (models ?? []).flatMap((model): readonly ListedModel[] => Listed.safeParse(model).data ?? [])),
});

const Running = z.object({
  models: z.array(
    z
      .object({ name: z.string(), size: z.number().default(0), size_vram: z.number().default(0), context_length: z.number().optional() })
      .transform((model): LoadedModel => ({ name: model.name, sizeBytes: model.size, vramBytes: model.size_vram, contextTokens: model.context_length || undefined })),
  ).nullish().transform((models) => models ?? []),
});

const Pull = z
  .object({ status: z.string().default(''), digest: z.string().optional(), total: z.number().optional(), completed: z.number().optional() })
  .transform((line): PullProgress => ({ status: line.status, digest: line.digest, totalBytes: line.total, completedBytes: line.completed }));

const Show = z
  .object({
    capabilities: z.array(z.string()).nullish(),
    template: z.string().nullish(),
    remote_host: z.string().optional(),
    model_info: z.record(z.string(), z.unknown()).nullish(),
    details: z.object({ parameter_size: z.string().optional() }).nullish(),
  })
  .transform((shown): ShownModel => {
    const info = shown.model_info ?? {};
    const architecture = typeof info['general.architecture'] === 'string' ? info['general.architecture'] : '';
    const number = (key: string): number | undefined => (typeof info[key] === 'number' ? info[key] : undefined);
    const of = (key: string): number | undefined => number(`${architecture}.${key}`);
    return {
      capabilities: shown.capabilities ?? [],
      template: shown.template ?? '',
      parameters: number('general.parameter_count') ?? parametersOf(shown.details?.parameter_size),
      contextTokensMax: of('context_length'),
      bytesPerContextToken: bytesPerContextToken(of),
      remoteHost: shown.remote_host || undefined,
    };
  });

/** "1.8B", "500M" → a count. */
function parametersOf(size: string | undefined): number | undefined {
  const match = /^([\d.]+)\s*([KMB])$/i.exec(size ?? '');
  if (match === null) return undefined;
  const unit = { K: 1e3, M: 1e6, B: 1e9 }[(match[2] ?? '').toUpperCase()];
  return unit === undefined ? undefined : Number(match[1]) * unit;
}

/** Keys and values, 16 bit each, in every block: what llama.cpp allocates without KV quantisation. */
function bytesPerContextToken(of: (key: string) => number | undefined): number | undefined {
  const heads = of('attention.head_count');
  const width = of('embedding_length');
  const blocks = of('block_count');
  if (heads === undefined || width === undefined || blocks === undefined || heads === 0) return undefined;
  const headWidth = of('attention.key_length') ?? width / heads;
  return 2 * 2 * blocks * (of('attention.head_count_kv') ?? heads) * headWidth;
}
