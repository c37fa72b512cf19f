/** Decides how the fake Ollama of a fault behaves: as the case says on one endpoint, as a healthy 0.32.15 with one model `m` on the others. */
import * as http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Behaviour, Chunk, Reply } from './faultCase.ts';

export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  readonly text: string;
  /** What was sent, where it is a JSON object. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Milliseconds since 1970; undefined while the connection is open and the reply incomplete. */
  endedAt: number | undefined;
  /** `closed`: by the other side, or by a fault of ours. */
  end: 'completed' | 'closed' | undefined;
}

export interface FaultServer extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly FakeRequest[];
  /** Those that `endpoint` means. */
  readonly counted: readonly FakeRequest[];
  /** Resolves when the first of them has come. */
  readonly first: Promise<void>;
}

export interface FaultServerOptions {
  readonly endpoint: string;
  readonly behaviour: Behaviour;
  /** Free; the case knew it before the server began. */
  readonly port: number;
}

export async function startFaultServer({ endpoint, behaviour, port }: FaultServerOptions): Promise<FaultServer> {
  const requests: FakeRequest[] = [];
  const counted: FakeRequest[] = [];
  const sockets = new Set<Socket>();
  const address = behaviour.family === 'ipv6' ? '::1' : '127.0.0.1';
  const begun = Promise.withResolvers<void>();
  let chats: Promise<unknown> = Promise.resolve();
  const server = http.createServer((incoming, outgoing) => void take(incoming, outgoing).catch(() => outgoing.destroy())); // the other side has gone
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
  });

  async function take(incoming: http.IncomingMessage, outgoing: http.ServerResponse): Promise<void> {
    const parts: Uint8Array[] = [];
    for await (const part of incoming) parts.push(part);
    const text = Buffer.concat(parts).toString();
    const request: FakeRequest = { method: incoming.method ?? '', path: (incoming.url ?? '').replace(/\?.*$/, ''), text, body: objectOf(text), endedAt: undefined, end: undefined };
    const ended = new Promise<void>((resolve) => outgoing.once('close', () => {
      request.endedAt = Date.now();
      request.end = outgoing.writableFinished ? 'completed' : 'closed';
      resolve();
    }));
    requests.push(request);
    const reply = replyTo(request);
    if (behaviour.serial !== true || request.path !== '/api/chat') return await send(reply, outgoing);
    const before = chats;
    chats = Promise.all([before, ended]);
    await before;
    await send(reply, outgoing);
  }

  function replyTo(request: FakeRequest): Reply {
    const { requests: scripted = [], others = {} } = behaviour;
    const isMeant = endpoint === '*' || endpoint === request.path;
    if (isMeant && counted.push(request) === 1) begun.resolve();
    const reply = isMeant ? (scripted[counted.length - 1] ?? scripted.at(-1)) : others[request.path];
    if (reply?.downMs !== undefined) goDown(reply.downMs);
    return reply ?? healthy(request);
  }

  /** Nothing listens for so long; the reply itself still goes out. */
  function goDown(ms: number): void {
    server.close();
    setTimeout(() => server.listen(port, address), ms).unref();
  }

  if (behaviour.listen !== false) await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, address, resolve));
  return {
    url: `http://${address === '::1' ? '[::1]' : address}:${port}`,
    requests,
    counted,
    first: begun.promise,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Of 127.0.0.1, at this moment. */
export async function freePort(): Promise<number> {
  const server = http.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // listening on TCP
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function objectOf(text: string): FakeRequest['body'] {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
  } catch {
    return {}; // GET has no body
  }
}

async function send(reply: Reply, outgoing: http.ServerResponse): Promise<void> {
  if (reply.delayMs !== undefined) await wait(reply.delayMs);
  if (reply.action === 'never') return;
  if (reply.action === 'close') return void outgoing.socket?.destroy();
  if (reply.action === 'rst') return void outgoing.socket?.resetAndDestroy();
  if (reply.chunks === undefined) {
    const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? {});
    outgoing.writeHead(reply.status ?? 200, { 'content-type': 'application/json; charset=utf-8', ...reply.headers });
    return void outgoing.end(text);
  }
  const head = (): void => void (outgoing.headersSent || outgoing.writeHead(reply.status ?? 200, { 'content-type': 'application/x-ndjson', ...reply.headers }));
  for (const chunk of reply.chunks) {
    for (let again = 0; again < (chunk.repeat ?? 1); again++) {
      if (chunk.delayMs !== undefined) await wait(chunk.delayMs);
      if (outgoing.destroyed) return;
      head(); // with the first chunk, as Ollama's
      for (const piece of piecesOf(chunk)) {
        if (outgoing.destroyed) return;
        if (!outgoing.write(piece)) await drained(outgoing);
        if (chunk.splitBytes !== undefined) await wait(0);
      }
    }
  }
  head();
  switch (reply.end ?? 'done') {
    case 'done': return void outgoing.end();
    case 'fin': return void outgoing.socket?.end();
    case 'rst': return void outgoing.socket?.resetAndDestroy();
    case 'hang': return;
  }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms).unref());
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

function* piecesOf({ json, raw, base64, splitBytes }: Chunk): Generator<Uint8Array> {
  const bytes = raw !== undefined ? Buffer.from(raw) : base64 !== undefined ? Buffer.from(base64, 'base64') : Buffer.from(`${JSON.stringify(json)}\n`);
  const size = splitBytes ?? Math.max(1, bytes.length);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Of a size whose model is offered tools, so that a turn may call them. */
const DETAILS = { family: 'qwen2', parameter_size: '7.6B', quantization_level: 'Q4_K_M' };
const INFO = { 'general.architecture': 'qwen2', 'general.parameter_count': 7_600_000_000, 'qwen2.context_length': 32_768, 'qwen2.block_count': 28, 'qwen2.attention.head_count': 28, 'qwen2.attention.head_count_kv': 4, 'qwen2.embedding_length': 3_584 };

function healthy({ path, body: { model } }: FakeRequest): Reply {
  switch (path) {
    case '/': return { body: 'Ollama is running' };
    case '/api/version': return { body: { version: '0.32.15' } };
    case '/api/tags': return { body: { models: [{ name: 'm', model: 'm', size: 1e9, digest: 'd', details: DETAILS }] } };
    case '/api/ps': return { body: { models: [] } };
    case '/api/pull': return { chunks: [{ json: { status: 'pulling manifest' } }, { json: { status: 'pulling d', digest: 'd', total: 100, completed: 100 } }, { json: { status: 'success' } }] };
    case '/api/show': return { body: { capabilities: ['completion', 'tools'], template: '{{ .Prompt }}{{ .Tools }}', details: DETAILS, model_info: INFO } };
    case '/api/chat': return { chunks: [{ json: { model, message: { role: 'assistant', content: 'Hello' }, done: false } }, { json: { model, message: { role: 'assistant', content: '' }, done: true, done_reason: 'stop', prompt_eval_count: 10, eval_count: 1 } }] };
    default: return { status: 404, body: '404 page not found' };
  }
}
