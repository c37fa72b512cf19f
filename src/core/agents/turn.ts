/** Decides how a role's model may look around before it answers: read-only calls in a bounded loop, then one reply of the asked form. */
import type * as z from 'zod';
import type { CallLabel, ChatMessage, ChatModel, ModelReply, Sampling, ToolCall } from '../model/chatModel.ts';
import { askStructured, checkReply, formatOf, type Structured } from '../model/structured.ts';
import type { CalledByName, Toolbox } from '../tools/toolbox.ts';

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

export interface Turn<T> {
  readonly model: ChatModel;
  readonly messages: readonly ChatMessage[];
  /** Made for this turn: registry.as(role). */
  readonly toolbox: Toolbox;
  readonly label: CallLabel;
  readonly sampling: Sampling;
  readonly schema: z.ZodType<T>;
  /** Replies of the model, tool rounds included; the one correction of a misshapen answer comes on top. */
  readonly turnsMax: number;
}

/** The answer with every reply made on the way. Throws as askStructured does. */
export async function runTurn<T>(turn: Turn<T>, signal: AbortSignal): Promise<Structured<T>> {
  const { model, label, sampling, schema, turnsMax } = turn;
  const looked = canUseTools(turn) ? await lookAround(turn, turnsMax - 1, signal) : { kind: 'asked', messages: turn.messages, replies: [] } as const;
  if (looked.kind === 'answered') return { value: looked.value, replies: looked.replies };
  // Without tools: servers on the newer engine refuse a reply schema beside them, and a schema leaves no room for a call anyway.
  const answer = await askStructured({ model, request: { ...label, messages: looked.messages, sampling }, schema }, signal);
  return { value: answer.value, replies: [...looked.replies, ...answer.replies] };
}

function canUseTools<T>(turn: Turn<T>): boolean {
  const { facts } = turn.model;
  if (!facts.canCallTools || facts.parametersB <= TOOLS_ABOVE_B || turn.turnsMax < 2) return false;
  return turn.toolbox.specs().length > 0 && roomLeft(turn, withForm(turn.messages, turn.schema)) > 0;
}

type Looked<T> =
  | { readonly kind: 'answered'; readonly value: T; readonly replies: readonly ModelReply[] }
  /** The answer is still to be asked for, with these messages. */
  | { readonly kind: 'asked'; readonly messages: readonly ChatMessage[]; readonly replies: readonly ModelReply[] };

async function lookAround<T>(turn: Turn<T>, roundsMax: number, signal: AbortSignal): Promise<Looked<T>> {
  const { model, toolbox, label, sampling, schema } = turn;
  const tools = toolbox.specs();
  let messages = withForm(turn.messages, schema);
  const replies: ModelReply[] = [];
  for (let round = 0; round < roundsMax && model.facts.canCallTools; round++) {
    const reply = await model.chat({ ...label, messages, tools, sampling }, signal);
    replies.push(reply);
    if (reply.toolCalls.length === 0) return answerIn(reply, schema, messages, replies);
    const calls = reply.toolCalls.slice(0, CALLS_PER_REPLY_MAX);
    messages = [...messages, { role: 'assistant', content: calls.some((call) => call.recovered) ? '' : reply.text, toolCalls: calls.map(asSent) }];
    let isOver = false;
    for (const call of calls) {
      const result: Pick<CalledByName, 'text' | 'stop'> = isOver ? { text: 'Not called: answer now.' } : await toolbox.callByName(call, signal);
      messages = [...messages, { role: 'tool', toolName: call.name, content: fitting(turn, messages, result.text) }];
      isOver ||= result.stop !== undefined;
    }
    if (isOver) break;
  }
  return { kind: 'asked', messages, replies };
}

/** A reply without calls is the answer where it has the form; words are kept as thoughts before the form is asked for. */
function answerIn<T>(reply: ModelReply, schema: z.ZodType<T>, messages: readonly ChatMessage[], replies: readonly ModelReply[]): Looked<T> {
  const checked = checkReply(reply, schema);
  if (checked.ok) return { kind: 'answered', value: checked.value, replies };
  const thought: readonly ChatMessage[] = reply.text.trim() === '' ? [] : [{ role: 'assistant', content: reply.text }, { role: 'user', content: `${checked.problem}. Answer now with the JSON only.` }];
  return { kind: 'asked', messages: [...messages, ...thought], replies };
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
function roomLeft<T>({ model, toolbox, sampling }: Turn<T>, messages: readonly ChatMessage[]): number {
  const prompt = messages.reduce((sum, message) => sum + MESSAGE_TOKENS + model.countTokens(`${message.content}${JSON.stringify(message.toolCalls ?? '')}`), 0);
  return model.facts.windowTokens - prompt - TOOL_LIST_TOKENS - model.countTokens(JSON.stringify(toolbox.specs())) - 2 * sampling.replyTokensMax;
}

/** A result that the window cannot hold is not cut in the dark: the model is told its size and may ask for less. */
function fitting<T>(turn: Turn<T>, messages: readonly ChatMessage[], text: string): string {
  const needed = turn.model.countTokens(text) + MESSAGE_TOKENS;
  const room = roomLeft(turn, messages) - WITHHELD_TOKENS;
  return needed <= room ? text : `The result has about ${needed} tokens and ${Math.max(0, room)} are left. Nothing is shown: ask for fewer lines, or answer.`;
}

/** Kept free so that the notice itself always fits. */
const WITHHELD_TOKENS = 60;
