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
  /** Ends or throws; leaving the loop early closes the connection. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Closes the connection unless the reply is complete, also while the loop waits for more. */
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
  const body = request.body === undefined ? undefined : Buffer.from(request.body);
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
      ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': body.length }),
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
  return { status, contentType: reply.headers['content-type'] ?? '', body: read(reply, responseBytes, signal), close: () => void reply.destroy() };
}

async function* read(reply: http.IncomingMessage, responseBytes: number, signal: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
  let left = responseBytes;
  try {
    for await (const chunk of reply) {
      if (signal.aborted) throw signal.reason;
      left -= chunk.length;
      if (left < 0) throw new HostFault('too-large', `The reply is longer than the limit of ${responseBytes} bytes; it was stopped.`);
      yield chunk;
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (error instanceof HostFault) throw error;
    throw new HostFault('reset', `The connection ended in the middle of the reply (${codeOf(error)}).`);
  } finally {
    reply.destroy();
  }
}

function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.message : String(error);
}
