/** Decides how a role's model may look around before it answers: read-only calls in a bounded loop, then one reply of the asked form. */
import type * as z from 'zod';
import type { CallLabel, ChatMessage, ChatModel, ModelReply, Sampling, ToolCall } from '../model/chatModel.ts';
import { askStructured, checkReply, formatOf, ReplyMisshapen, type Structured } from '../model/structured.ts';
import type { CalledByName, Toolbox } from '../tools/toolbox.ts';
import { withShorterPrompts } from './shorten.ts';

/**
 * Models up to this size are given no tools: qwen2.5-coder:1.5b does not call them usefully (measured), and the specs of nine reading
 * tools cost about 900 prompt tokens by our count, over 20 s at its 40 tokens a second. Above 3 B by name; "3B" models count up to 3.3 B.
 */
export const TOOLS_ABOVE_B = 3.5;
/** In one reply; more is a model that lists everything it knows. */
const CALLS_PER_REPLY_MAX = 4;
/** Role, separators and the text around tool lists in templates: tokenCount.ts has the figures. */
const MESSAGE_TOKENS = 8;
const TOOL_LIST_TOKENS = 80;

/** What a role's model and its tools say to each other. */
export interface Talk {
  readonly model: ChatModel;
  readonly messages: readonly ChatMessage[];
  /** Made for this turn: registry.as(role). */
  readonly toolbox: Toolbox;
  readonly label: CallLabel;
  readonly sampling: Sampling;
  readonly think?: boolean;
  /** Replies of the model, tool rounds included; the one correction of a misshapen answer comes on top. */
  readonly turnsMax: number;
  /** Told when the server's window was smaller than the prompt, and something of it was left out. */
  readonly told?: (what: string) => void;
}

export interface Turn<T> extends Talk {
  readonly schema: z.ZodType<T>;
}

/** The answer with every reply made on the way. Throws as askStructured does. */
export async function runTurn<T>(turn: Turn<T>, signal: AbortSignal): Promise<Structured<T>> {
  const { label, sampling, schema } = turn;
  const model = withShorterPrompts(turn.model, turn.told);
  const looked = await lookAround({ ...turn, model }, withForm(turn.messages, schema), signal);
  const { replies } = looked;
  let messages = replies.length === 0 ? turn.messages : looked.messages;
  if (looked.last !== undefined) {
    const checked = checkReply(looked.last, schema);
    if (checked.ok) return { value: checked.value, replies };
    messages = [...messages, ...thoughtOf(looked.last, checked.problem)];
  }
  // Without tools: servers on the newer engine refuse a reply schema beside them, and a schema leaves no room for a call anyway.
  const answer = await askStructured({ model, request: { ...label, ...thinkOf(turn), messages, sampling }, schema }, signal);
  return { value: answer.value, replies: [...replies, ...answer.replies] };
}

/** A reply in words that was cut is asked for once more. */
const TEXT_ASKS_MAX = 2;

/** The words that a role answers with, after the tools that it wanted. @throws ReplyMisshapen where they were cut twice; what ChatModel.chat throws. */
export async function runTextTurn(turn: Talk, signal: AbortSignal): Promise<Structured<string>> {
  const { label, sampling } = turn;
  const model = withShorterPrompts(turn.model, turn.told);
  const looked = await lookAround({ ...turn, model }, turn.messages, signal);
  if (looked.last !== undefined && looked.last.done !== 'length') return { value: looked.last.text, replies: looked.replies };
  const replies = [...looked.replies];
  for (let asked = looked.last === undefined ? 0 : 1; asked < TEXT_ASKS_MAX; asked++) {
    const reply = await model.chat({ ...label, ...thinkOf(turn), messages: looked.messages, sampling }, signal);
    replies.push(reply);
    if (reply.done !== 'length') return { value: reply.text, replies };
  }
  throw new ReplyMisshapen(label.purpose, 'it was longer than allowed and was cut', replies);
}

function canUseTools(talk: Talk, messages: readonly ChatMessage[]): boolean {
  const { facts } = talk.model;
  if (!facts.canCallTools || facts.parametersB <= TOOLS_ABOVE_B || talk.turnsMax < 2) return false;
  return talk.toolbox.specs().length > 0 && roomLeft(talk, messages) > 0;
}

const thinkOf = ({ think }: Talk): { readonly think?: boolean } => (think === undefined ? {} : { think });

interface Looked {
  /** The last reply, where it called nothing. */
  readonly last: ModelReply | undefined;
  /** The prompt with every call and its result. */
  readonly messages: readonly ChatMessage[];
  readonly replies: readonly ModelReply[];
}

async function lookAround(talk: Talk, prompt: readonly ChatMessage[], signal: AbortSignal): Promise<Looked> {
  const { model, toolbox, label, sampling } = talk;
  let messages = prompt;
  const replies: ModelReply[] = [];
  if (!canUseTools(talk, messages)) return { last: undefined, messages, replies };
  const tools = toolbox.specs();
  for (let round = 0; round < talk.turnsMax - 1 && model.facts.canCallTools; round++) {
    const reply = await model.chat({ ...label, ...thinkOf(talk), messages, tools, sampling }, signal);
    replies.push(reply);
    if (reply.toolCalls.length === 0) return { last: reply, messages, replies };
    const calls = reply.toolCalls.slice(0, CALLS_PER_REPLY_MAX);
    messages = [...messages, { role: 'assistant', content: calls.some((call) => call.recovered) ? '' : reply.text, toolCalls: calls.map(asSent) }];
    let isOver = false;
    for (const call of calls) {
      const result: Pick<CalledByName, 'text' | 'stop'> = isOver ? { text: 'Not called: answer now.' } : await toolbox.callByName(call, signal);
      messages = [...messages, { role: 'tool', toolName: call.name, content: fitting(talk, messages, result.text) }];
      isOver ||= result.stop !== undefined;
    }
    if (isOver) break;
  }
  return { last: undefined, messages, replies };
}

/** Words where the form was asked for are kept as thoughts before it is asked for again. */
function thoughtOf(reply: ModelReply, problem: string): readonly ChatMessage[] {
  return reply.text.trim() === '' ? [] : [{ role: 'assistant', content: reply.text }, { role: 'user', content: `${problem}. Answer now with the JSON only.` }];
}

/** Arguments are a JSON object on the wire; what is none goes back as {}, and the tool's answer says what was wrong with it. */
function asSent(call: ToolCall): ToolCall {
  return { ...call, arguments: typeof call.arguments === 'object' && call.arguments !== null ? call.arguments : (tryObject(call.arguments) ?? {}) };
}

function tryObject(text: unknown): object | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Said where tools are offered, since no schema goes along that would force the form. */
function withForm(messages: readonly ChatMessage[], schema: z.ZodType): readonly ChatMessage[] {
  const { $schema: _, ...form } = formatOf(schema);
  const last = messages.at(-1);
  if (last === undefined) return messages;
  return [...messages.slice(0, -1), { ...last, content: `${last.content}\n\nUse tools only for what you cannot see here. Then answer with JSON only, of this schema: ${JSON.stringify(form)}` }];
}

/** Tokens that may still be added so that an answer, and its correction, have their place. */
function roomLeft({ model, toolbox, sampling }: Talk, messages: readonly ChatMessage[]): number {
  const prompt = messages.reduce((sum, message) => sum + MESSAGE_TOKENS + model.countTokens(`${message.content}${JSON.stringify(message.toolCalls ?? '')}`), 0);
  return model.facts.windowTokens - prompt - TOOL_LIST_TOKENS - model.countTokens(JSON.stringify(toolbox.specs())) - 2 * sampling.replyTokensMax;
}

/** A result that the window cannot hold is not cut in the dark: the model is told its size and may ask for less. */
function fitting(turn: Talk, messages: readonly ChatMessage[], text: string): string {
  const needed = turn.model.countTokens(text) + MESSAGE_TOKENS;
  const room = roomLeft(turn, messages) - WITHHELD_TOKENS;
  return needed <= room ? text : `The result has about ${needed} tokens and ${Math.max(0, room)} are left. Nothing is shown: ask for fewer lines, or answer.`;
}

/** Kept free so that the notice itself always fits. */
const WITHHELD_TOKENS = 60;
