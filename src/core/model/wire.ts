/** Decides how one parsed JSON line of Ollama becomes a record. By hand, not by zod: it runs once per token. */
import { HostFault, type FinalRecord, type StreamRecord } from './models.ts';

const NANOSECONDS_PER_MS = 1e6;
const SNIPPET_CHARS = 120;
const NO_CALLS: StreamRecord['toolCalls'] = [];

type Fields = Readonly<Record<string, unknown>>;

/** One line of /api/chat or /api/generate. @throws HostFault `garbage` for anything else, `said` for an error line. */
export function parseStreamRecord(line: string): StreamRecord {
  const record = parseLine(line);
  const message = isFields(record['message']) ? record['message'] : undefined;
  if (message === undefined && typeof record['response'] !== 'string' && record['done'] !== true) {
    throw new HostFault('garbage', `The server sent a line that is not an Ollama reply: ${snippet(line)}.`);
  }
  const calls = message?.['tool_calls'] ?? NO_CALLS;
  if (!Array.isArray(calls)) throw new HostFault('garbage', `The server sent tool calls that are not a list: ${snippet(line)}.`);
  return {
    text: textOf(message?.['content'] ?? record['response']),
    thinking: textOf(message?.['thinking'] ?? record['thinking']),
    toolCalls: calls.length > 0 ? calls.map(parseCall) : NO_CALLS,
    remoteHost: typeof record['remote_host'] === 'string' && record['remote_host'] !== '' ? record['remote_host'] : undefined,
    final: record['done'] === true ? parseFinal(record) : undefined,
  };
}

/** Any NDJSON line of Ollama as an object. @throws HostFault as above. */
export function parseLine(line: string): Fields {
  const record = tryJson(line);
  if (!isFields(record)) throw new HostFault('garbage', `The server sent a line that is not JSON: ${snippet(line)}.`);
  if (record['error'] !== undefined) {
    const said = errorText(record['error']);
    throw new HostFault('said', `Ollama stopped with an error: ${said}.`, { said });
  }
  return record;
}

/**
 * The words in an error value: a string, an object with `message` or `error`, or such an object as JSON inside the string
 * (llama-server's own errors, seen from 0.30 on). Trimmed, one line.
 */
export function errorText(value: unknown, depth = 0): string {
  if (isFields(value)) return errorText(value['error'] ?? value['message'] ?? JSON.stringify(value), depth + 1);
  const text = typeof value === 'string' ? value : JSON.stringify(value) ?? '';
  const brace = text.indexOf('{');
  if (brace >= 0 && depth < 4) {
    const inner = tryJson(text.slice(brace));
    if (isFields(inner) && ('error' in inner || 'message' in inner)) {
      const words = errorText(inner, depth + 1);
      return clean(`${text.slice(0, brace)}${words}`);
    }
  }
  return clean(text);
}

/** `text` for a message: one line, no control characters, no markup, short. */
export function snippet(text: string): string {
  const short = clean(text.replaceAll(/<[^>]*>?/g, ' '));
  return short === '' ? '(nothing readable)' : `"${short}"`;
}

export function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function clean(text: string): string {
  // Control characters could drive a terminal; the server's words are outside text.
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim().replace(/[.\s]+$/, '');
  return line.length > SNIPPET_CHARS * 2 ? `${line.slice(0, SNIPPET_CHARS * 2)}…` : line;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A call without a name is never dropped in silence: the reply would pass for an answer. */
function parseCall(call: unknown): StreamRecord['toolCalls'][number] {
  const inner = isFields(call) ? call['function'] : undefined;
  if (!isFields(inner) || typeof inner['name'] !== 'string') throw new HostFault('garbage', `The server sent a tool call without a name: ${snippet(JSON.stringify(call))}.`);
  const given = inner['arguments'];
  // Some templates give the arguments as a string of JSON: read strictly, once; what does not parse stays a string, for the schema to refuse.
  const parsed = typeof given === 'string' ? (tryJson(given) ?? given) : (given ?? {});
  return { name: inner['name'], arguments: parsed };
}

function parseFinal(record: Fields): FinalRecord {
  return {
    // Servers before 0.1.40 say no reason; done without one was a stop.
    doneReason: typeof record['done_reason'] === 'string' ? record['done_reason'] : 'stop',
    promptTokens: countOf(record['prompt_eval_count']),
    replyTokens: countOf(record['eval_count']),
    totalMs: millisecondsOf(record['total_duration']),
    loadMs: millisecondsOf(record['load_duration']),
    promptMs: millisecondsOf(record['prompt_eval_duration']),
    replyMs: millisecondsOf(record['eval_duration']),
  };
}

function countOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : undefined;
}

function millisecondsOf(value: unknown): number {
  return typeof value === 'number' && value > 0 && Number.isFinite(value) ? value / NANOSECONDS_PER_MS : 0;
}
