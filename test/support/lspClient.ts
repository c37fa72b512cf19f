/** Decides how tests speak to the language server as any editor does: a real process, its bytes, and no library. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as z from 'zod';
import { DEAD_HOST } from './cli.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const HEADER_END = '\r\n\r\n';

const Message = z.object({ id: z.union([z.number(), z.string(), z.null()]).optional(), method: z.string().optional(), params: z.unknown().optional(), result: z.unknown().optional(), error: z.object({ code: z.number(), message: z.string() }).optional() });
export type LspMessage = z.infer<typeof Message>;

export interface LspClient extends AsyncDisposable {
  readonly root: string;
  /** All that came and was no answer, in order. */
  readonly told: readonly LspMessage[];
  uri(file: string): string;
  /** Resolves with the whole answer, error or not. */
  ask(method: string, params: unknown): Answering;
  notify(method: string, params: unknown): void;
  /** Bytes as they are. */
  write(bytes: string): void;
  /** Resolves with the first message that came, or comes, after the first `after` and fits. */
  until(method: string, fits?: (params: unknown) => boolean, after?: number): Promise<LspMessage>;
  /** What requests of the server are answered with; left out: null. */
  answer(method: string, with_: (params: unknown) => unknown): void;
  open(file: string, text: string, version?: number): void;
  change(file: string, version: number, contentChanges: readonly unknown[]): void;
  /** Resolves with the exit code, after shutdown and exit. */
  quit(): Promise<number | null>;
  readonly ended: Promise<number | null>;
}

export interface Answering extends Promise<LspMessage> {
  readonly id: number;
}

export interface LspClientOptions {
  readonly root: string;
  readonly capabilities?: unknown;
  readonly initializationOptions?: unknown;
  readonly args?: readonly string[];
  /** Where the state folder lies. */
  readonly state: string;
  readonly host?: string;
  readonly workspaceFolders?: readonly string[];
}

/** Initialised and ready. */
export async function openLsp(options: LspClientOptions): Promise<LspClient> {
  const client = startLsp(options);
  const initialised = await client.ask('initialize', {
    processId: process.pid, rootUri: pathToFileURL(options.root).href, capabilities: options.capabilities ?? {}, initializationOptions: options.initializationOptions,
    workspaceFolders: (options.workspaceFolders ?? [options.root]).map((folder) => ({ uri: pathToFileURL(folder).href, name: path.basename(folder) })),
  });
  if (initialised.error !== undefined) throw new Error(initialised.error.message);
  client.notify('initialized', {});
  return client;
}

/** Not initialised. */
export function startLsp({ root, args = [], state, host = DEAD_HOST }: LspClientOptions): LspClient {
  const env = { ...process.env, XDG_STATE_HOME: state, OLLAMA_HOST: host, GROUNDCREW_MODEL: undefined };
  const child = spawn(process.execPath, [MAIN, 'lsp', '--stdio', ...args], { cwd: root, env, stdio: 'pipe' });
  const wire = wireOf(child);
  const answers = new Map<string, (params: unknown) => unknown>();
  const told: LspMessage[] = [];
  const looks = new Set<() => void>();
  const asked = new Map<number, (answer: LspMessage) => void>();
  let ids = 0;
  const write = (message: object): void => {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}${HEADER_END}${body}`);
  };
  wire.listen((message) => {
    if (message.method === undefined) {
      asked.get(Number(message.id))?.(message);
      return;
    }
    told.push(message);
    if (message.id !== undefined) {
      void (async () => write({ id: message.id, result: (await answers.get(message.method ?? '')?.(message.params)) ?? null }))();
    }
    for (const look of looks) look();
  });
  const ended = new Promise<number | null>((resolve) => void child.once('close', resolve));
  void ended.then(() => {
    for (const look of looks) look();
  });
  const client: LspClient = {
    root, told, ended,
    uri: (file) => pathToFileURL(path.join(root, file)).href,
    ask(method, params) {
      const id = ++ids;
      const answer = new Promise<LspMessage>((resolve, reject) => {
        asked.set(id, resolve);
        void ended.then(() => reject(new Error(`The server ended before it answered ${method}.\n${wire.stderr()}`)));
      });
      write({ id, method, params });
      return Object.assign(answer, { id });
    },
    notify: (method, params) => write({ method, params }),
    write: (bytes) => void child.stdin.write(bytes),
    until: (method, fits = () => true, after = 0) => new Promise((resolve, reject) => {
      const look = (): void => {
        const found = told.slice(after).find((message) => message.method === method && fits(message.params));
        if (found !== undefined) resolve(found);
        else if (child.exitCode !== null || child.signalCode !== null) reject(new Error(`The server ended before ${method} came.\n${wire.stderr()}`));
        else return;
        looks.delete(look);
      };
      looks.add(look);
      look();
    }),
    answer: (method, with_) => void answers.set(method, with_),
    open: (file, text, version = 1) => client.notify('textDocument/didOpen', { textDocument: { uri: client.uri(file), languageId: 'x', version, text } }),
    change: (file, version, contentChanges) => client.notify('textDocument/didChange', { textDocument: { uri: client.uri(file), version }, contentChanges }),
    async quit() {
      await client.ask('shutdown', null);
      client.notify('exit', null);
      return await ended;
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
  return client;
}

function wireOf(child: ChildProcessWithoutNullStreams): { listen(on: (message: LspMessage) => void): void; stderr(): string } {
  let stderr = '';
  child.stdin.on('error', () => undefined); // the server has ended: its exit tells
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return {
    stderr: () => stderr,
    listen(on) {
      let buffer = Buffer.alloc(0);
      child.stdout.on('data', (bytes: Buffer) => {
        buffer = Buffer.concat([buffer, bytes]);
        for (;;) {
          const head = buffer.indexOf(HEADER_END);
          if (head < 0) return;
          const length = Number(/Content-Length: (\d+)/u.exec(buffer.subarray(0, head).toString())?.[1]);
          const end = head + HEADER_END.length + length;
          if (buffer.length < end) return;
          on(Message.parse(JSON.parse(buffer.subarray(head + HEADER_END.length, end).toString())));
          buffer = buffer.subarray(end);
        }
      });
    },
  };
}
