/** Decides how a ChatModel is made of one model on one host: inspected once, its window frozen, its calls prepared and performed. */
import type * as z from 'zod';
import type { Emit } from '../domain/event.ts';
import type { Clock, Ids } from '../ports.ts';
import { createBreaker } from './breaker.ts';
import { createPromptCache } from './cache.ts';
import { ModelUnavailable, type ChatMessage, type ChatModel, type ChatRequest, type FillRequest, type ModelFacts, type Sampling } from './chatModel.ts';
import { chatKey, type Desk, type Prepared, type Recall } from './desk.ts';
import { inspectModel, sameModel, type ModelReport } from './inspect.ts';
import { ModelLimits } from './limits.ts';
import { KEEP_ALIVE, loadOptions } from './loadOptions.ts';
import type { ChatBody, GenerateBody, LoadedModel, Models, WireMessage, WireOptions } from './models.ts';
import { createOverlap } from './overlap.ts';
import { performCall } from './performCall.ts';
import { createSlots } from './slots.ts';
import { createSpeed } from './speed.ts';
import { createTokenCounter } from './tokenCount.ts';
import { toolsAsText } from './toolCalls.ts';

export interface ChatModelOptions {
  readonly models: Models;
  readonly name: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly emit: Emit;
  readonly limits: z.input<typeof ModelLimits>;
  /** Of this machine, video memory included; null: unknown. */
  readonly memoryBytes: number | null;
  readonly allowCloud: boolean;
  readonly recall?: Recall | undefined;
}

/** More at once than this gains little and costs the window of each. */
const SLOTS_ON_GPU = 4;

/** @throws ModelUnavailable when host or model cannot be used; signal.reason. */
export async function createChatModel(options: ChatModelOptions, signal: AbortSignal): Promise<ChatModel> {
  const limits = ModelLimits.parse(options.limits);
  const report = await inspectModel({ ...options, limits }, signal);
  const desk = createDesk(options, limits, report);
  const able: Able = { tools: report.canCallTools, think: report.canThink, refusesThink: false };
  const facts: ModelFacts = {
    name: report.name,
    host: report.host,
    parametersB: report.parametersB,
    get windowTokens() {
      return desk.windowTokens;
    },
    canFill: report.canFill,
    sharesCores: options.models.isLocal && !isOnGpu(report.loaded),
    get canCallTools() {
      return able.tools;
    },
    get slots() {
      return desk.overlap.shown;
    },
  };
  const load = loadOptions(report.window.windowTokens);
  const common = { model: report.name, stream: true, keep_alive: KEEP_ALIVE, truncate: false, shift: false } as const;

  // Where the model runs is known only once it is loaded; asked once.
  let isPlaced = limits.slotsMax !== null || report.loaded !== undefined;
  async function trySlots(stop: AbortSignal): Promise<void> {
    if (isPlaced) return;
    isPlaced = true;
    const running = await options.models.ps(stop).catch(() => []); // Without an answer one slot stays right.
    if (isOnGpu(running.find((model) => sameModel(model.name, report.name)))) desk.slots.resize(SLOTS_ON_GPU);
  }

  return {
    facts,
    countTokens: (text) => desk.counter.count(text),
    async chat(request, stop) {
      const reply = await performCall(desk, prepareChat({ desk, able, common, load }, request, able.tools || (request.tools ?? []).length === 0), stop);
      await trySlots(stop);
      return reply;
    },
    async fill(request, stop) {
      if (!report.canFill) throw new ModelUnavailable('failed', `${report.name} cannot fill in the middle: its template has no place for a suffix.`, 'Use a coder model that can, for instance qwen2.5-coder.');
      // Ollama takes an empty suffix for a chat prompt (server/routes.go), so the end of a file is an empty line.
      const body: GenerateBody = Object.freeze({ ...common, prompt: request.prefix, suffix: request.suffix === '' ? '\n' : request.suffix, options: { ...load, ...sampling(request.sampling) } });
      return performCall(desk, prepareFill(desk, request, body), stop);
    },
  };
}

/** What the model can do; a server that refuses it corrects what was believed. */
interface Able {
  tools: boolean;
  think: boolean;
  refusesThink: boolean;
}

interface ChatParts {
  readonly desk: Desk;
  readonly able: Able;
  readonly common: Pick<ChatBody, 'model' | 'stream' | 'keep_alive' | 'truncate' | 'shift'>;
  readonly load: Pick<WireOptions, 'num_ctx'>;
}

function prepareChat(parts: ChatParts, request: ChatRequest, withTools: boolean): Prepared {
  const { desk, able, common, load } = parts;
  const tools = request.tools ?? [];
  // Asked for by name it is sent in any case: servers before 0.6.4 do not say who can.
  const think = able.think ? { think: request.think ?? false } : request.think === true && !able.refusesThink ? { think: true } : {};
  const body: ChatBody = Object.freeze({
    ...common,
    ...think,
    ...(tools.length > 0 && withTools ? { tools: tools.map((tool) => ({ type: 'function' as const, function: { name: tool.name, description: tool.description, parameters: tool.parameters } })) } : {}),
    messages: wireMessages(request.messages, withTools ? '' : toolsAsText(tools)),
    ...(request.format === undefined ? {} : { format: request.format }),
    options: { ...load, ...sampling(request.sampling) },
  });
  const toolText = body.tools === undefined ? undefined : JSON.stringify(body.tools);
  const count = desk.counter.countPrompt(body.messages.map((message) => `${message.content}${message.tool_calls === undefined ? '' : JSON.stringify(message.tool_calls)}`), toolText);
  const withoutTools = (): Prepared => {
    able.tools = false;
    return prepareChat(parts, request, false);
  };
  const without = (key: 'think' | 'format'): Prepared => {
    if (key === 'format') return prepareChat(parts, { ...request, format: undefined }, withTools);
    able.think = false;
    able.refusesThink = true;
    return prepareChat(parts, { ...request, think: false }, withTools);
  };
  return { label: request, endpoint: 'chat', body, count, key: chatKey(body), tools, onText: request.onText, ...(body.tools === undefined ? {} : { withoutTools }), without };
}

function createDesk(options: ChatModelOptions, limits: ModelLimits, report: ModelReport): Desk {
  const { clock } = options;
  const slots = createSlots(limits.slotsMax ?? (isOnGpu(report.loaded) ? SLOTS_ON_GPU : 1));
  return {
    ...options,
    limits,
    windowTokens: report.window.windowTokens,
    modelBytes: report.sizeBytes,
    counter: createTokenCounter(),
    speed: createSpeed(),
    cache: createPromptCache(() => slots.count),
    slots,
    isSlow: report.loaded !== undefined && !isOnGpu(report.loaded),
    overlap: createOverlap(limits.slotsMax ?? SLOTS_ON_GPU, slots.resize),
    breaker: createBreaker(clock),
    loadedUntil: report.loaded?.contextTokens === report.window.windowTokens ? Number.POSITIVE_INFINITY : 0,
  };
}

/** On a CPU two calls at once gain 1.0 to 1.25 ×, less than the caches that they cost (design, measured). */
function isOnGpu(loaded: LoadedModel | undefined): boolean {
  return loaded !== undefined && loaded.vramBytes * 2 > loaded.sizeBytes;
}

function prepareFill(desk: Desk, request: FillRequest, body: GenerateBody): Prepared {
  const count = desk.counter.countPrompt([body.prompt, body.suffix], undefined);
  return { label: request, endpoint: 'generate', body, count, key: `${body.prompt}\u0000${body.suffix}`, tools: [], onText: request.onText };
}

function sampling({ temperature, seed, topP, stop, replyTokensMax }: Sampling): Omit<WireOptions, 'num_ctx'> {
  return {
    num_predict: Math.max(1, Math.floor(replyTokensMax)), // 0 and below would mean without end.
    temperature,
    seed,
    ...(topP === undefined ? {} : { top_p: topP }),
    ...(stop === undefined || stop.length === 0 ? {} : { stop }),
  };
}

/** `toolText` goes to the end of the last message, so that what comes before keeps its place in the cache. */
function wireMessages(messages: readonly ChatMessage[], toolText: string): readonly WireMessage[] {
  return messages.map((message, index) => ({
    role: message.role,
    content: index === messages.length - 1 && toolText !== '' ? `${message.content}\n\n${toolText}` : message.content,
    ...(message.toolCalls === undefined || message.toolCalls.length === 0 ? {} : { tool_calls: message.toolCalls.map((call) => ({ function: { name: call.name, arguments: call.arguments } })) }),
    ...(message.toolName === undefined ? {} : { tool_name: message.toolName }),
  }));
}
