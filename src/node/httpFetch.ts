/** Decides how bytes travel to and from one HTTP server: over node:http, without time limits of its own, cancellable from the first byte. */
import * as http from 'node:http';
import * as https from 'node:https';
import { isIP } from 'node:net';
import { HostFault } from '../core/model/models.ts';

/** Enough for every slot of a host and the management calls beside them. */
const SOCKETS_MAX = 32;

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: string;
}

export interface HttpReply {
  readonly status: number;
  readonly contentType: string;
  /**
   * Called once, at once: hands over each chunk as it comes, then ends once, with the error that ended it or without one. What `chunk`
   * throws ends it too and closes the connection. By calls and not as an async iterable, since this is the cost of every token.
   */
  listen(chunk: (bytes: Uint8Array) => void, ended: (error?: unknown) => void): void;
  /** Closes the connection unless the reply is complete. */
  close(): void;
}

export interface HttpClient extends Disposable {
  /** Resolves with the headers. @throws HostFault refused, reset, not-ollama (a redirect); signal.reason when aborted. */
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpReply>;
}

/**
 * Node's fetch gives up after 300 s without headers, and Ollama sends its headers with the first token, which on a CPU can take
 * longer; so this is node:http with no limit at all. Whoever calls decides how long to wait (watchdog.ts).
 * `localhost` is tried on both loopback families, once each, without asking a resolver.
 */
export function createHttpClient(base: URL, limits: { readonly responseBytes: number }): HttpClient {
  const secure = base.protocol === 'https:';
  const agent = secure ? new https.Agent({ keepAlive: true, maxSockets: SOCKETS_MAX }) : new http.Agent({ keepAlive: true, maxSockets: SOCKETS_MAX });
  let addresses = addressesOf(base);

  return {
    async send(request, signal) {
      const refusals: string[] = [];
      for (const address of addresses) {
        try {
          const reply = await sendTo(address, base, agent, request, signal);
          addresses = [address]; // The family that answered is the server's.
          return await checked(reply, limits.responseBytes, signal);
        } catch (error) {
          if (signal.aborted) throw signal.reason;
          if (error instanceof HostFault) throw error;
          const code = codeOf(error);
          if (code.startsWith('HPE_')) throw new HostFault('not-ollama', `What answers at ${base.origin} does not speak HTTP (${code}), so it is not an Ollama server.`);
          if (!NOT_CONNECTED.has(code)) throw new HostFault('reset', `The connection to ${base.origin} broke (${code}).`);
          refusals.push(`${address}: ${code}`);
        }
      }
      addresses = addressesOf(base);
      throw new HostFault('refused', `Nothing answers at ${base.origin} (${refusals.join('; ')}).`);
    },
    [Symbol.dispose]: () => agent.destroy(),
  };
}

const NOT_CONNECTED: ReadonlySet<string> = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN', 'EADDRNOTAVAIL', 'ETIMEDOUT', 'EAFNOSUPPORT']);

function addressesOf(base: URL): readonly string[] {
  const name = base.hostname.replace(/^\[(.*)\]$/, '$1');
  return name === 'localhost' ? ['127.0.0.1', '::1'] : [name];
}

/** This machine, by name or number: what needs no one's word to be spoken to. */
export function isLoopback(url: URL): boolean {
  const name = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
}

function sendTo(address: string, base: URL, agent: http.Agent, request: HttpRequest, signal: AbortSignal): Promise<http.IncomingMessage> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>();
  const { body } = request; // As a string it travels in one write with the headers.
  const outgoing = (base.protocol === 'https:' ? https : http).request({
    host: address,
    port: base.port === '' ? undefined : Number(base.port),
    servername: isIP(base.hostname) === 0 ? base.hostname : undefined,
    method: request.method,
    path: `${base.pathname.replace(/\/$/, '')}${request.path}`,
    agent,
    headers: {
      host: base.host,
      accept: 'application/json, application/x-ndjson',
      ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
    },
  });
  const abort = (): void => void outgoing.destroy(new Error('aborted'));
  signal.addEventListener('abort', abort, { once: true });
  outgoing.once('response', (reply) => {
    // Until the body has ended an abort must still close the socket, so the listener leaves with the reply and not before.
    reply.once('close', () => signal.removeEventListener('abort', abort));
    resolve(reply);
  });
  outgoing.on('error', (error) => {
    signal.removeEventListener('abort', abort);
    reject(error);
  });
  outgoing.end(body);
  return promise;
}

async function checked(reply: http.IncomingMessage, responseBytes: number, signal: AbortSignal): Promise<HttpReply> {
  const status = reply.statusCode ?? 0;
  if (status >= 300 && status < 400) {
    reply.destroy();
    throw new HostFault('not-ollama', `The server answered with a redirect (HTTP ${status}), which Ollama never does: another program listens there.`, { status });
  }
  return { status, contentType: reply.headers['content-type'] ?? '', listen: (chunk, ended) => listen({ reply, responseBytes, chunk, ended }, signal), close: () => void reply.destroy() };
}

interface Listening {
  readonly reply: http.IncomingMessage;
  readonly responseBytes: number;
  readonly chunk: (bytes: Uint8Array) => void;
  readonly ended: (error?: unknown) => void;
}

function listen({ reply, responseBytes, chunk, ended }: Listening, signal: AbortSignal): void {
  let left = responseBytes;
  let isOver = false;
  const finish = (error?: unknown): void => {
    if (isOver) return;
    isOver = true;
    if (error !== undefined) reply.destroy();
    ended(signal.aborted ? signal.reason : error);
  };
  reply.on('data', (bytes: Uint8Array) => {
    if (isOver) return;
    left -= bytes.length;
    if (left < 0) return finish(new HostFault('too-large', `The reply is longer than the limit of ${responseBytes} bytes; it was stopped.`));
    try {
      chunk(bytes);
    } catch (error) {
      finish(error);
    }
  });
  const broken = (why: string): void => void (isOver || finish(new HostFault('reset', `The connection ended in the middle of the reply (${why}).`)));
  reply.once('end', () => finish());
  reply.once('error', (error) => broken(codeOf(error)));
  reply.once('close', () => broken('closed'));
}

function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.message : String(error);
}
