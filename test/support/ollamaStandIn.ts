/** Decides how an Ollama without a model behaves, over a real socket: healthy unless a reply was scripted, then exactly as faulty as that. */
import * as http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface Chunk {
  /** One NDJSON line. */
  readonly json?: unknown;
  /** Text as it is, or bytes. */
  readonly raw?: string | Uint8Array;
  /** Waits before it. */
  readonly delayMs?: number;
  readonly repeat?: number;
  /** Sends it in pieces of so many bytes. */
  readonly splitBytes?: number;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly chunks?: readonly Chunk[];
  /** done: a proper end · fin: closed without the closing chunk · rst: reset · hang: stays open and silent. */
  readonly end?: 'done' | 'fin' | 'rst' | 'hang';
  /** Instead of a reply: never answers · closes · resets. */
  readonly action?: 'never' | 'close' | 'rst';
  readonly delayMs?: number;
}

export type ReplyMaker = Reply | ((body: Body) => Reply);
type Body = Readonly<Record<string, unknown>>;

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly text: string;
  readonly body: Body;
  /** What each message of a chat holds. */
  readonly contents: readonly string[];
  readonly host: string;
  /** Tells connections apart. */
  readonly clientPort: number;
  /** Resolves when the connection of this request is closed or the reply is complete; tells which. */
  readonly ended: Promise<'completed' | 'closed'>;
}

export interface StandInModel {
  readonly name: string;
  readonly sizeBytes?: number;
  readonly capabilities?: readonly string[];
  readonly contextTokens?: number;
  readonly remoteHost?: string;
}

export interface OllamaStandIn extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly requests: readonly SeenRequest[];
  /** Requests to one path. */
  to(path: string): readonly SeenRequest[];
  /** Resolves when `count` requests to the path have come. */
  until(path: string, count: number): Promise<void>;
  /** The n-th request to `path` gets the n-th reply; the last repeats. */
  script(path: string, replies: readonly ReplyMaker[]): void;
}

export interface StandInOptions {
  readonly models?: readonly StandInModel[];
  readonly replies?: Readonly<Record<string, readonly ReplyMaker[]>>;
  readonly address?: '127.0.0.1' | '::1';
  /** The whole reply went out. */
  readonly onAnswered?: (request: SeenRequest) => void;
}

/** Dispose closes every connection. */
export async function createOllamaStandIn({ models = [{ name: 'm' }], replies = {}, address = '127.0.0.1', onAnswered }: StandInOptions = {}): Promise<OllamaStandIn> {
  const scripts = new Map(Object.entries(replies));
  const requests: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  const looks = new Set<() => void>();
  const timers = new Set<NodeJS.Timeout>();

  const wait = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(() => {
        timers.delete(timer);
        resolve();
      }, ms);
      timers.add(timer);
    });

  const server = http.createServer((incoming, outgoing) => void answer(incoming, outgoing));
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
  });

  async function answer(incoming: http.IncomingMessage, outgoing: http.ServerResponse): Promise<void> {
    const path = incoming.url ?? '';
    const ended = new Promise<'completed' | 'closed'>((resolve) => outgoing.once('close', () => resolve(outgoing.writableFinished ? 'completed' : 'closed')));
    const parts: Uint8Array[] = [];
    for await (const part of incoming) parts.push(part);
    const text = Buffer.concat(parts).toString();
    const body: Body = text === '' ? {} : JSON.parse(text);
    const nth = requests.filter((request) => request.path === path).length;
    const seen: SeenRequest = { method: incoming.method ?? '', path, text, body, contents: contentsOf(body), host: incoming.headers.host ?? '', clientPort: incoming.socket.remotePort ?? 0, ended };
    requests.push(seen);
    void ended.then((how) => (how === 'completed' ? onAnswered?.(seen) : undefined));
    for (const look of looks) look();
    const script = scripts.get(path) ?? scripts.get('*');
    const maker = script?.[Math.min(nth, script.length - 1)] ?? healthy(path, body, models);
    await send(typeof maker === 'function' ? maker(body) : maker, outgoing, wait);
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, address, resolve);
  });
  const { port } = server.address() as AddressInfo; // listening on TCP, never on a pipe
  return {
    url: `http://${address === '::1' ? '[::1]' : address}:${port}`,
    port,
    requests,
    to: (path) => requests.filter((request) => request.path === path),
    until: (path, count) => new Promise((resolve) => {
      const look = (): void => {
        if (requests.filter((request) => request.path === path).length < count) return;
        looks.delete(look);
        resolve();
      };
      looks.add(look);
      look();
    }),
    script: (path, next) => void scripts.set(path, next),
    async [Symbol.asyncDispose]() {
      for (const timer of timers) clearTimeout(timer);
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function contentsOf({ messages }: Body): readonly string[] {
  return Array.isArray(messages) ? messages.map((message) => String(message.content)) : [];
}

async function send(reply: Reply, outgoing: http.ServerResponse, wait: (ms: number) => Promise<void>): Promise<void> {
  if (reply.delayMs !== undefined) await wait(reply.delayMs);
  if (reply.action === 'never') return;
  if (reply.action === 'close') return void outgoing.socket?.destroy();
  if (reply.action === 'rst') return void outgoing.socket?.resetAndDestroy();
  if (reply.chunks === undefined) {
    const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? {});
    outgoing.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers });
    return void outgoing.end(text);
  }
  for (const chunk of reply.chunks) {
    for (let again = 0; again < (chunk.repeat ?? 1); again++) {
      if (chunk.delayMs !== undefined) await wait(chunk.delayMs);
      // Headers go out with the first chunk, as Ollama's do.
      if (!outgoing.headersSent) outgoing.writeHead(reply.status ?? 200, { 'content-type': 'application/x-ndjson', ...reply.headers });
      for (const piece of piecesOf(chunk)) {
        if (outgoing.destroyed) return;
        if (!outgoing.write(piece)) await drained(outgoing);
        if (chunk.splitBytes !== undefined) await new Promise((resolve) => setImmediate(resolve));
      }
    }
  }
  switch (reply.end ?? 'done') {
    case 'done': return void outgoing.end();
    case 'fin': return void outgoing.socket?.end();
    case 'rst': return void outgoing.socket?.resetAndDestroy();
    case 'hang': return;
  }
}

function drained(outgoing: http.ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      outgoing.off('drain', go).off('close', go);
      resolve();
    };
    outgoing.once('drain', go).once('close', go);
  });
}

function* piecesOf({ json, raw, splitBytes }: Chunk): Generator<Uint8Array> {
  const bytes = raw === undefined ? Buffer.from(`${JSON.stringify(json)}\n`) : Buffer.from(raw);
  const size = splitBytes ?? Math.max(1, bytes.length);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

export interface Said {
  readonly toolCalls?: readonly { readonly name: string; readonly arguments: unknown }[];
  readonly doneReason?: string;
  readonly promptTokens?: number;
  readonly replyTokens?: number;
  /** false: the stream ends properly without its final record. */
  readonly final?: boolean;
}

/** Chunks of a chat that says `words`, one record a word. */
export function saying(words: readonly string[], said: Said = {}): readonly Chunk[] {
  const pieces: Chunk[] = words.map((content) => ({ json: { model: 'm', message: { role: 'assistant', content }, done: false } }));
  const calls: Chunk[] = said.toolCalls === undefined ? [] : [{ json: { model: 'm', message: { role: 'assistant', content: '', tool_calls: said.toolCalls.map((call) => ({ function: call })) }, done: false } }];
  return [...pieces, ...calls, ...(said.final === false ? [] : [{ json: { model: 'm', message: { role: 'assistant', content: '' }, ...finalFields(words.length, said) } }])];
}

/** Chunks of /api/generate. */
export function filling(words: readonly string[], said: Said = {}): readonly Chunk[] {
  return [...words.map((response) => ({ json: { model: 'm', response, done: false } })), { json: { model: 'm', response: '', ...finalFields(words.length, said) } }];
}

function finalFields(words: number, { doneReason = 'stop', promptTokens = 10, replyTokens = words }: Said): Readonly<Record<string, unknown>> {
  return { done: true, done_reason: doneReason, total_duration: 5e6, load_duration: 1e6, prompt_eval_count: promptTokens, prompt_eval_duration: 2e6, eval_count: replyTokens, eval_duration: 1e6 };
}

function healthy(path: string, body: Body, models: readonly StandInModel[]): Reply {
  const named = models.find((model) => model.name === body['model']);
  const details = { family: 'qwen2', parameter_size: '1.5B', quantization_level: 'Q4_K_M' };
  switch (path) {
    case '/api/version': return { body: { version: '0.32.15' } };
    case '/api/tags': return { body: { models: models.map((model) => ({ name: model.name, model: model.name, size: model.sizeBytes ?? 1e9, digest: 'd', details, ...(model.remoteHost === undefined ? {} : { remote_host: model.remoteHost }) })) } };
    case '/api/ps': return { body: { models: [] } };
    case '/api/pull': return { chunks: [{ json: { status: 'pulling manifest' } }, { json: { status: 'pulling d', digest: 'd', total: 100, completed: 100 } }, { json: { status: 'success' } }] };
    case '/api/show': case '/api/chat': case '/api/generate': {
      if (named === undefined) return { status: 404, body: { error: `model '${String(body['model'])}' not found` } };
      if (path === '/api/chat') return { chunks: saying(['Hello']) };
      if (path === '/api/generate') return { chunks: filling(['Hello']) };
      return {
        body: {
          template: '{{ .Prompt }}', capabilities: named.capabilities ?? ['completion', 'tools', 'insert'], details,
          model_info: { 'general.architecture': 'qwen2', 'general.parameter_count': 1_500_000_000, 'qwen2.context_length': named.contextTokens ?? 32_768, 'qwen2.block_count': 28, 'qwen2.attention.head_count': 12, 'qwen2.attention.head_count_kv': 2, 'qwen2.embedding_length': 1_536 },
        },
      };
    }
    default: return { status: 404, body: '404 page not found' };
  }
}
