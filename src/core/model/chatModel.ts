/** Decides what the crew may ask of a model, and what it gets back or why not. */
import type { Priority } from './priority.ts';
import type { Role } from '../domain/role.ts';
import type { Timings, Tokens } from '../domain/tokens.ts';

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly content: string;
  readonly toolCalls?: readonly ToolCall[];
  readonly toolName?: string;
}

export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  /** JSON schema. */
  readonly parameters: unknown;
}

export interface ToolCall {
  readonly name: string;
  /** As the model wrote them; the registry's schema decides whether they fit. */
  readonly arguments: unknown;
  /** Found in text rather than in the server's own field. */
  readonly recovered: boolean;
}

/** What every call says of itself, for queue, log and panel. */
export interface CallLabel {
  readonly role: Role;
  readonly task: string | null;
  readonly purpose: string;
  readonly priority: Priority;
}

export interface Sampling {
  readonly temperature: number;
  readonly seed: number;
  readonly topP?: number;
  readonly stop?: readonly string[];
  readonly replyTokensMax: number;
}

export interface ChatRequest extends CallLabel {
  readonly messages: readonly ChatMessage[];
  readonly tools?: readonly ToolSpec[];
  /** JSON schema of the reply (`format`). */
  readonly format?: unknown;
  /** true: the model may think first, where it can; its thoughts are never part of the reply. Left out: not. */
  readonly think?: boolean;
  readonly sampling: Sampling;
  /** Called with the whole text so far; returning false ends the call early: what came is the reply. */
  readonly onText?: (text: string) => boolean;
}

export interface FillRequest extends CallLabel {
  readonly prefix: string;
  readonly suffix: string;
  readonly sampling: Sampling;
  readonly onText?: (text: string) => boolean;
}

export interface ModelReply {
  readonly call: string;
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  /** `length`: the reply was cut at replyTokensMax. `ended`: onText ended it. Tools run only after `stop`. */
  readonly done: 'stop' | 'length' | 'ended';
  readonly tokens: Tokens;
  readonly timings: Timings;
}

export interface ModelFacts {
  readonly name: string;
  readonly host: string;
  /** Billions of parameters, from /api/show. */
  readonly parametersB: number;
  /** The one window that all roles use: prompt and reply together. */
  readonly windowTokens: number;
  readonly canFill: boolean;
  readonly canCallTools: boolean;
  /** The server computes on this machine's own cores: tests at the same time slow it down. */
  readonly sharesCores: boolean;
  /** Requests that run at once; detected, 1 until shown otherwise. */
  readonly slots: number;
}

/** Each call is queued by priority, logged (model.started, model.progressed, model.finished), retried, and cancellable at once. */
export interface ChatModel {
  readonly facts: ModelFacts;
  /** Tokens of `text`, calibrated against this model's own counts; errs on the high side. */
  countTokens(text: string): number;
  /** @throws PromptTooLong before anything is sent; ModelUnavailable when the server cannot answer; signal.reason when aborted. */
  chat(request: ChatRequest, signal: AbortSignal): Promise<ModelReply>;
  /** Only when facts.canFill. Same errors. */
  fill(request: FillRequest, signal: AbortSignal): Promise<ModelReply>;
}

export class PromptTooLong extends Error {
  override readonly name = 'PromptTooLong';
  readonly neededTokens: number;
  readonly windowTokens: number;
  constructor(neededTokens: number, windowTokens: number) {
    super(`This prompt needs about ${neededTokens} tokens; the model's window holds ${windowTokens}. Nothing was sent: name a smaller file or selection, or raise the window.`);
    this.neededTokens = neededTokens;
    this.windowTokens = windowTokens;
  }
}

export type UnavailableKind = 'unreachable' | 'no-model' | 'too-big' | 'refused-cloud' | 'garbage' | 'stalled' | 'overloaded' | 'cut-prompt' | 'failed';

/** The server could not answer. `remedy` is what the user can do next. */
export class ModelUnavailable extends Error {
  override readonly name = 'ModelUnavailable';
  readonly kind: UnavailableKind;
  readonly remedy: string;
  constructor(kind: UnavailableKind, message: string, remedy: string) {
    super(message);
    this.kind = kind;
    this.remedy = remedy;
  }
}
