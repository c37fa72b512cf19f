/** Decides what a model without a model says: replies from a script, with the same events, counts and limits. For tests, demos and replays. */
import type { Emit } from '../domain/event.ts';
import type { Role } from '../domain/role.ts';
import type { Clock, Ids } from '../ports.ts';
import { ModelUnavailable, PromptTooLong, type CallLabel, type ChatModel, type ChatRequest, type FillRequest, type ModelFacts, type ModelReply, type ToolCall } from './chatModel.ts';
import { createTokenCounter } from './tokenCount.ts';
import { recoverToolCalls } from './toolCalls.ts';

export type ScriptedRequest = ({ readonly kind: 'chat' } & ChatRequest) | ({ readonly kind: 'fill' } & FillRequest);

export interface ScriptedReply {
  readonly text: string;
  readonly toolCalls?: readonly Omit<ToolCall, 'recovered'>[];
  readonly done?: 'stop' | 'length';
}

/** The first entry that matches answers. An entry without a matcher matches all. */
export interface ScriptEntry {
  readonly kind?: 'chat' | 'fill';
  readonly role?: Role;
  /** Whole purpose, or a pattern for it. */
  readonly purpose?: string | RegExp;
  /** How often this entry answers before the next one that matches has its turn; left out: always. */
  readonly times?: number;
  /** An Error is thrown, as by a model that cannot be reached. */
  readonly reply: string | ScriptedReply | Error | ((request: ScriptedRequest) => string | ScriptedReply | Error);
}

export interface ScriptedModelOptions {
  readonly script: readonly ScriptEntry[];
  readonly clock: Clock;
  readonly ids: Ids;
  readonly emit: Emit;
  readonly facts?: Partial<ModelFacts>;
  /** Pace of the made-up timings; nothing waits for it unless `delays` is set. */
  readonly readPerSecond?: number;
  readonly writePerSecond?: number;
  /** true: replies come as slowly as the timings say, on the clock. For demos. */
  readonly delays?: boolean;
}

const FACTS: ModelFacts = { name: 'scripted', host: 'script', parametersB: 1.5, windowTokens: 8_192, canFill: true, canCallTools: true, sharesCores: false, slots: 1 };
/** Of a 1.5B on two cores, so that what is shown looks like it. */
const READ_PER_SECOND = 35;
const WRITE_PER_SECOND = 17;

export function createScriptedModel(options: ScriptedModelOptions): ChatModel {
  const { script, clock, ids, emit, readPerSecond = READ_PER_SECOND, writePerSecond = WRITE_PER_SECOND, delays = false } = options;
  const facts: ModelFacts = { ...FACTS, ...options.facts };
  const counter = createTokenCounter();
  const used = new Map<ScriptEntry, number>();

  async function answer(request: ScriptedRequest, signal: AbortSignal): Promise<ModelReply> {
    signal.throwIfAborted();
    const parts = request.kind === 'chat' ? request.messages.map((message) => message.content) : [request.prefix, request.suffix];
    const tools = request.kind === 'chat' ? (request.tools ?? []) : [];
    const prompt = counter.expected(counter.countPrompt(parts, tools.length === 0 ? undefined : JSON.stringify(tools)));
    const { replyTokensMax, temperature, seed } = request.sampling;
    if (prompt + replyTokensMax > facts.windowTokens) throw new PromptTooLong(prompt + replyTokensMax, facts.windowTokens);
    const call = ids.next('call');
    emit('model.started', {
      call, role: request.role, task: request.task, purpose: request.purpose, model: facts.name, host: facts.host,
      endpoint: request.kind === 'chat' ? 'chat' : 'generate',
      messages: request.kind === 'chat' ? request.messages.map(({ role, content }) => ({ role, content })) : parts.map((content) => ({ role: 'user', content })),
      options: { num_ctx: facts.windowTokens, num_predict: replyTokensMax, temperature, seed },
      promptTokens: prompt,
    });
    const promptMs = (prompt / readPerSecond) * 1_000;
    const failed = (state: 'cancelled' | 'failed', error: unknown): void => emit('model.finished', {
      call, state, reply: '', tokens: { prompt: state === 'cancelled' ? prompt : 0, reply: 0, estimated: state === 'cancelled' },
      timings: { totalMs: 0, queueMs: 0, loadMs: 0, promptMs: 0, replyMs: 0, firstTokenMs: null }, error: error instanceof Error ? error.message : String(error),
    });
    try {
      const scripted = pick(script, used, request);
      const reply = play(scripted, request, counter.count);
      const replyMs = (reply.tokens / writePerSecond) * 1_000;
      if (delays) await clock.delay(promptMs + replyMs, signal);
      const tokens = { prompt, reply: reply.tokens, estimated: reply.done === 'ended' };
      const timings = { totalMs: promptMs + replyMs, queueMs: 0, loadMs: 0, promptMs, replyMs, firstTokenMs: promptMs };
      emit('model.finished', { call, state: 'completed', reply: reply.text, toolCalls: reply.toolCalls.map((tool) => ({ ...tool })), tokens, timings, done: reply.done, error: null });
      return { call, text: reply.text, toolCalls: reply.toolCalls, done: reply.done, tokens, timings };
    } catch (error) {
      failed(signal.aborted ? 'cancelled' : 'failed', error);
      throw error;
    }
  }

  return {
    facts,
    countTokens: counter.count,
    chat: (request, signal) => answer({ kind: 'chat', ...request }, signal),
    fill: (request, signal) => answer({ kind: 'fill', ...request }, signal),
  };
}

function pick(script: readonly ScriptEntry[], used: Map<ScriptEntry, number>, request: ScriptedRequest): ScriptedReply {
  const entry = script.find((candidate) => matches(candidate, request) && (used.get(candidate) ?? 0) < (candidate.times ?? Number.POSITIVE_INFINITY));
  if (entry === undefined) throw unscripted(request);
  used.set(entry, (used.get(entry) ?? 0) + 1);
  const reply = typeof entry.reply === 'function' ? entry.reply(request) : entry.reply;
  if (reply instanceof Error) throw reply;
  return typeof reply === 'string' ? { text: reply } : reply;
}

function matches({ kind, role, purpose }: ScriptEntry, request: ScriptedRequest): boolean {
  if (kind !== undefined && kind !== request.kind) return false;
  if (role !== undefined && role !== request.role) return false;
  return purpose === undefined || (typeof purpose === 'string' ? purpose === request.purpose : purpose.test(request.purpose));
}

function unscripted({ kind, role, purpose }: CallLabel & { readonly kind: string }): ModelUnavailable {
  return new ModelUnavailable('failed', `The script has no reply for a ${kind} by ${role} with purpose "${purpose}".`, 'Add an entry to the script.');
}

interface Played {
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  readonly done: ModelReply['done'];
  readonly tokens: number;
}

/** Gives the text to onText word by word, cuts it at stop words and at replyTokensMax as a server does. */
function play(scripted: ScriptedReply, request: ScriptedRequest, count: (text: string) => number): Played {
  const { stop = [], replyTokensMax } = request.sampling;
  const ends = stop.map((word) => scripted.text.indexOf(word)).filter((at) => at >= 0);
  const whole = scripted.text.slice(0, Math.min(scripted.text.length, ...ends));
  let text = '';
  for (const piece of whole.match(/\s*\S+|\s+$/g) ?? []) {
    if (count(text + piece) > replyTokensMax) return { text, toolCalls: [], done: 'length', tokens: count(text) };
    text += piece;
    if (request.onText?.(text) === false) return { text, toolCalls: [], done: 'ended', tokens: count(text) };
  }
  const done = scripted.done ?? 'stop';
  const tools = request.kind === 'chat' ? (request.tools ?? []) : [];
  const native = (scripted.toolCalls ?? []).map((call) => ({ ...call, recovered: false }));
  const toolCalls = done !== 'stop' ? [] : native.length > 0 ? native : recoverToolCalls(text, tools);
  return { text, toolCalls, done, tokens: count(text) };
}
