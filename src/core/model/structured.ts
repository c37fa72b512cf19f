/** Decides how a reply becomes checked data: the schema goes along as `format`, zod has the last word, one wrong reply is asked again. */
import * as z from 'zod';
import type { ChatMessage, ChatModel, ChatRequest, ModelReply } from './chatModel.ts';
import { withoutThoughts } from './toolCalls.ts';
import { tryJson } from './wire.ts';

/** One correction; a model that fails twice will fail again, and each try costs its whole reply. */
const ATTEMPTS_MAX = 2;
const PROBLEMS_MAX = 5;
const REPLY_CHARS_SHOWN = 1_000;

export interface StructuredAsk<T> {
  readonly model: ChatModel;
  /** Without `format`: it is made of the schema. */
  readonly request: Omit<ChatRequest, 'format'>;
  readonly schema: z.ZodType<T>;
}

export interface Structured<T> {
  readonly value: T;
  /** Of every call made, in order. */
  readonly replies: readonly ModelReply[];
}

/** The model answered twice, and neither reply has the shape that was asked for. */
export class ReplyMisshapen extends Error {
  override readonly name = 'ReplyMisshapen';
  readonly problem: string;
  readonly replies: readonly ModelReply[];
  constructor(purpose: string, problem: string, replies: readonly ModelReply[]) {
    super(`The model's reply for "${purpose}" does not have the form that the schema asks for: ${problem}. It was asked ${replies.length} times; a larger model may do better.`);
    this.problem = problem;
    this.replies = replies;
  }
}

/** @throws ReplyMisshapen; what ChatModel.chat throws. */
export async function askStructured<T>({ model, request, schema }: StructuredAsk<T>, signal: AbortSignal): Promise<Structured<T>> {
  const format = formatOf(schema);
  let messages = request.messages;
  let replies: readonly ModelReply[] = [];
  for (;;) {
    const reply = await model.chat({ ...request, messages, format }, signal);
    replies = [...replies, reply];
    const checked = checkReply(reply, schema);
    if (checked.ok) return { value: checked.value, replies };
    if (replies.length >= ATTEMPTS_MAX) throw new ReplyMisshapen(request.purpose, checked.problem, replies);
    messages = [...request.messages, ...correction(reply, checked.problem)];
  }
}

/** The JSON schema of a reply, as it is sent. */
export function formatOf(schema: z.ZodType): z.core.JSONSchema.JSONSchema {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
}

export type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

/** A reply that was cut, is no JSON or has another shape is refused, in words that a model can act on. */
export function checkReply<T>(reply: ModelReply, schema: z.ZodType<T>): Checked<T> {
  if (reply.done === 'length') return { ok: false, problem: 'it was longer than allowed and was cut' };
  const json = tryJson(unfenced(withoutThoughts(reply.text)));
  if (json === undefined) return { ok: false, problem: 'it is not JSON' };
  const result = schema.safeParse(json);
  if (result.success) return { ok: true, value: result.data };
  const problems = result.error.issues.slice(0, PROBLEMS_MAX).map((issue) => `${issue.path.length === 0 ? 'the whole' : issue.path.join('.')}: ${issue.message}`);
  return { ok: false, problem: problems.join('; ') };
}

/** A server without `format` lets models wrap JSON in a fence or a sentence; the one fenced block then is the reply. */
function unfenced(text: string): string {
  const fences = [...text.matchAll(/```(?:json)?[ \t]*\r?\n([\s\S]*?)\r?\n[ \t]*```/g)];
  const [only] = fences;
  return fences.length === 1 && only?.[1] !== undefined ? only[1] : text;
}

function correction(reply: ModelReply, problem: string): readonly ChatMessage[] {
  return [
    { role: 'assistant', content: reply.text.slice(0, REPLY_CHARS_SHOWN) },
    { role: 'user', content: `That reply cannot be used: ${problem}. Answer again with JSON of exactly the form asked for, and nothing else.` },
  ];
}
