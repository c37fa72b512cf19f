/**
 * Decides what counts as a tool call in the text of a complete reply, for models and templates that do not use the server's own field.
 * Broken JSON is never repaired: a call that has to be guessed is not the model's.
 */
import type { ToolCall, ToolSpec } from './chatModel.ts';
import { isFields, tryJson } from './wire.ts';

/** More in one reply is a loop. */
const CALLS_MAX = 16;

const TAGGED = /<(tool_call|function_call|tools?)>\s*([\s\S]*?)\s*<\/\1>/g;
/** <function=name>{json}</function>, and <function=name><parameter=key>value</parameter>…</function>. */
const FUNCTION = /<function=([\w.-]+)>\s*([\s\S]*?)\s*<\/function>/g;
const PARAMETER = /<parameter=([\w.-]+)>\n?([\s\S]*?)\n?<\/parameter>/g;
const FENCE = /```[\w-]*[ \t]*\r?\n([\s\S]*?)\r?\n[ \t]*```/g;

/**
 * Calls in `text`, in order; only of tools that were offered. The first form that gives any wins, so that a call written both in tags
 * and in a fence runs once. Only for replies that ended with `stop`: the caller sees to that.
 */
export function recoverToolCalls(text: string, offered: readonly ToolSpec[]): readonly ToolCall[] {
  const names = new Set(offered.map((tool) => tool.name));
  if (names.size === 0) return [];
  const said = withoutThoughts(text);
  for (const form of [tagged, functions, fenced, bare]) {
    const calls = form(said).filter((call) => names.has(call.name));
    if (calls.length > 0) return calls.slice(0, CALLS_MAX).map((call) => ({ ...call, recovered: true }));
  }
  return [];
}

/** What a model only thinks of doing is no call, and no part of its answer; thoughts that never end hold all of the rest. */
export function withoutThoughts(text: string): string {
  return text.replaceAll(/<think(?:ing)?>[\s\S]*?(?:<\/think(?:ing)?>|$)/g, '');
}

interface Found {
  readonly name: string;
  readonly arguments: unknown;
}

function tagged(text: string): readonly Found[] {
  return [...text.matchAll(TAGGED)].flatMap((match) => {
    const inner = match[2] ?? '';
    const within = functions(inner);
    // In the tag a call is meant as one, so missing arguments are none.
    return within.length > 0 ? within : fromJson(unfenced(inner), {});
  });
}

function functions(text: string): readonly Found[] {
  return [...text.matchAll(FUNCTION)].flatMap((match) => {
    const name = match[1] ?? '';
    const body = match[2] ?? '';
    if (body === '') return [{ name, arguments: {} }];
    const json = tryJson(body);
    if (isFields(json)) return [{ name, arguments: json }];
    const parameters = [...body.matchAll(PARAMETER)].map((parameter): [string, unknown] => [parameter[1] ?? '', parameterValue(parameter[2] ?? '')]);
    // Text between the parameters would be something that this form does not have, so it was not meant as one.
    return parameters.length > 0 && body.replaceAll(PARAMETER, '').trim() === '' ? [{ name, arguments: Object.fromEntries(parameters) }] : [];
  });
}

/** Numbers, booleans, lists and objects are written as JSON in this form, strings as they are. */
function parameterValue(text: string): unknown {
  const value = tryJson(text);
  return value === undefined || typeof value === 'string' ? text : value;
}

function fenced(text: string): readonly Found[] {
  return [...text.matchAll(FENCE)].flatMap((match) => fromJson(match[1] ?? ''));
}

/** The whole reply is JSON, or one JSON object a line. */
function bare(text: string): readonly Found[] {
  const whole = fromJson(text.trim());
  if (whole.length > 0) return whole;
  const lines = text.trim().split('\n').filter((line) => line.trim() !== '');
  const calls = lines.map((line) => fromJson(line.trim()));
  return calls.every((found) => found.length > 0) ? calls.flat() : [];
}

function unfenced(text: string): string {
  const match = /^```[\w-]*\s*\n([\s\S]*?)\n\s*```$/.exec(text.trim());
  return match?.[1] ?? text;
}

/** One call, a list of calls, or one call a line. A list counts only when all of it are calls. */
function fromJson(text: string, argumentsMissing?: unknown): readonly Found[] {
  const value = tryJson(text);
  if (value === undefined) {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    const found = lines.map((line) => asCall(tryJson(line), argumentsMissing));
    return lines.length > 1 && found.every((call) => call !== undefined) ? found.filter((call) => call !== undefined) : [];
  }
  const list = Array.isArray(value) ? value : [value];
  const calls = list.map((item) => asCall(item, argumentsMissing)).filter((call) => call !== undefined);
  return calls.length === list.length ? calls : [];
}

/** {"name", "arguments"}, also with "parameters" (Llama) and inside {"function": …} (OpenAI). Arguments may be a string of JSON, read strictly. */
function asCall(value: unknown, argumentsMissing: unknown): Found | undefined {
  if (!isFields(value)) return undefined;
  const inner = isFields(value['function']) ? value['function'] : value;
  const given = inner['arguments'] ?? inner['parameters'] ?? argumentsMissing;
  const parsed = typeof given === 'string' ? tryJson(given) : given;
  return typeof inner['name'] === 'string' && isFields(parsed) ? { name: inner['name'], arguments: parsed } : undefined;
}

/** For a model without a tool template: how the tools are offered in the text, in the form that most coder models have seen. */
export function toolsAsText(tools: readonly ToolSpec[]): string {
  const lines = tools.map((tool) => JSON.stringify({ name: tool.name, description: tool.description, parameters: tool.parameters }));
  return `You can call these tools:\n${lines.join('\n')}\nTo call one, answer only with:\n<tool_call>{"name": "…", "arguments": {…}}</tool_call>`;
}
