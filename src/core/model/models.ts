/** Decides what one model server can be asked, and what its raw answers are once parsed. No policy: that is createChatModel.ts. */

/** Load options are frozen per model (loadOptions.ts); the rest is sampling, free per call. */
export interface WireOptions {
  readonly num_ctx: number;
  readonly num_predict: number;
  readonly temperature: number;
  readonly seed: number;
  readonly top_p?: number;
  readonly stop?: readonly string[];
}

export interface WireMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly content: string;
  readonly tool_calls?: readonly { readonly function: { readonly name: string; readonly arguments: unknown } }[];
  readonly tool_name?: string;
}

interface WireCommon {
  readonly model: string;
  readonly stream: true;
  readonly keep_alive: string;
  /** Servers before 0.12.6 ignore both and cut in silence: then our own count must notice (tokenCount.ts). */
  readonly truncate: false;
  readonly shift: false;
  readonly options: WireOptions;
}

export interface ChatBody extends WireCommon {
  readonly messages: readonly WireMessage[];
  readonly tools?: readonly { readonly type: 'function'; readonly function: { readonly name: string; readonly description: string; readonly parameters: unknown } }[];
  readonly format?: unknown;
  readonly think?: boolean;
}

export interface GenerateBody extends WireCommon {
  readonly prompt: string;
  readonly suffix: string;
}

/** Counts and times of a finished call, as the server says them; undefined where it says nothing. */
export interface FinalRecord {
  readonly doneReason: string;
  readonly promptTokens: number | undefined;
  readonly replyTokens: number | undefined;
  readonly totalMs: number;
  readonly loadMs: number;
  readonly promptMs: number;
  readonly replyMs: number;
}

/** One line of a chat or generate stream. */
export interface StreamRecord {
  readonly text: string;
  readonly thinking: string;
  /** Arguments as sent: an object, or on some servers a string of JSON. */
  readonly toolCalls: readonly { readonly name: string; readonly arguments: unknown }[];
  /** Set when the model runs elsewhere: a cloud model behind a local server. */
  readonly remoteHost: string | undefined;
  readonly final: FinalRecord | undefined;
}

export interface ListedModel {
  readonly name: string;
  readonly sizeBytes: number;
  readonly parameterSize: string;
  readonly remoteHost: string | undefined;
}

export interface ShownModel {
  readonly capabilities: readonly string[];
  readonly template: string;
  readonly parameters: number | undefined;
  readonly contextTokensMax: number | undefined;
  /** Memory of one token of context (keys and values, 16 bit), or undefined where the architecture does not say. */
  readonly bytesPerContextToken: number | undefined;
  readonly remoteHost: string | undefined;
}

export interface LoadedModel {
  readonly name: string;
  readonly sizeBytes: number;
  readonly vramBytes: number;
  readonly contextTokens: number | undefined;
}

export interface PullProgress {
  readonly status: string;
  readonly digest: string | undefined;
  readonly totalBytes: number | undefined;
  readonly completedBytes: number | undefined;
}

/**
 * Records of one reply, handed over in the moment in which they come: an async iterator costs a third of a call's CPU (measured, 256
 * tokens). Called once, at once. `take` returning false is enough: the connection closes and the promise resolves; what it throws
 * closes too and rejects. @throws HostFault, signal.reason.
 */
export interface RecordStream<T> {
  each(take: (record: T) => boolean): Promise<void>;
}

/** One host. Every method throws HostFault, or signal.reason when aborted; nothing is retried here. */
export interface Models {
  /** As people write it: http://127.0.0.1:11434. */
  readonly host: string;
  /** Whether the host is this machine, so that its memory is ours. */
  readonly isLocal: boolean;
  version(signal: AbortSignal): Promise<string>;
  list(signal: AbortSignal): Promise<readonly ListedModel[]>;
  show(name: string, signal: AbortSignal): Promise<ShownModel>;
  ps(signal: AbortSignal): Promise<readonly LoadedModel[]>;
  /** Resolves when the headers are there. The last record is the final one, unless the stream lacks it. */
  chat(body: ChatBody, signal: AbortSignal): Promise<RecordStream<StreamRecord>>;
  generate(body: GenerateBody, signal: AbortSignal): Promise<RecordStream<StreamRecord>>;
  pull(name: string, signal: AbortSignal): Promise<RecordStream<PullProgress>>;
}

/**
 * `refused` nothing listens · `reset` the connection broke · `cut` the stream ended properly but without its final record ·
 * `status` an HTTP error · `said` an error line under HTTP 200 · `garbage` a line that is no reply · `not-ollama` another program ·
 * `too-large` past a size limit · `not-allowed` a host that nobody named · `stalled` no progress within its deadline.
 */
export type HostFaultKind = 'refused' | 'reset' | 'cut' | 'status' | 'said' | 'garbage' | 'not-ollama' | 'too-large' | 'not-allowed' | 'stalled';

/** What went wrong between us and one host. The message is a whole sentence without control characters. */
export class HostFault extends Error {
  override readonly name = 'HostFault';
  readonly kind: HostFaultKind;
  /** The server's own words, unwrapped and trimmed; '' where it said none. */
  readonly said: string;
  readonly status: number | undefined;
  /** Of a 400 that tells an overflow (servers from 0.12.6). */
  readonly overflow: { readonly promptTokens: number; readonly windowTokens: number } | undefined;

  constructor(kind: HostFaultKind, message: string, detail: { readonly said?: string; readonly status?: number; readonly overflow?: HostFault['overflow'] } = {}) {
    super(message);
    this.kind = kind;
    this.said = detail.said ?? '';
    this.status = detail.status;
    this.overflow = detail.overflow;
  }
}
