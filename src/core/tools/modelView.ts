/** Decides what a model sees of tools and their results, and what the log keeps of a call. */
import * as z from 'zod';
import type { ToolSpec } from '../model/chatModel.ts';
import type { Hashing } from '../ports.ts';
import { fenced, forLog, forModel } from './sanitize.ts';
import type { Redact } from './secrets.ts';
import type { Tool } from './tool.ts';

/** About 4,000 tokens: a quarter of the smallest window that is worth using. */
const SHOWN_CHARS_MAX = 16_000;
const LOGGED_CHARS_MAX = 1_000;
const FAILURE_CHARS_MAX = 2_000;

/** JSON schema without what only code may give and without words that cost tokens and tell nothing. */
export function specOf(tool: Tool): ToolSpec {
  const schema = z.toJSONSchema(tool.input, { io: 'input', unrepresentable: 'any' });
  const hidden = new Set(tool.codeOnly);
  const properties = Object.fromEntries(Object.entries(schema.properties ?? {}).filter(([name]) => !hidden.has(name)));
  const required = (schema.required ?? []).filter((name) => !hidden.has(name));
  return { name: tool.name, description: tool.description, parameters: { type: 'object', properties, ...(required.length > 0 ? { required } : {}) } };
}

/**
 * Arguments as the model wrote them, without fields that only code may give; undefined when they are no whole JSON object.
 * A cut text is never completed: it would turn half a command into a valid one (design 05).
 */
export function tryArguments(written: unknown, tool: Tool): Readonly<Record<string, unknown>> | undefined {
  const parsed = Arguments.safeParse(typeof written === 'string' ? tryJson(written) : (written ?? {}));
  if (!parsed.success) return undefined;
  const hidden = new Set(tool.codeOnly);
  return Object.fromEntries(Object.entries(parsed.data).filter(([name]) => !hidden.has(name)));
}

/** With `hashing`, fenced for a model; without, one trimmed text for the log. Redacted in both. */
export function resultText(tool: Tool, output: unknown, redact: Redact, hashing?: Hashing): string {
  const text = tool.show(output);
  if (hashing === undefined) return loggedText(text, redact);
  // Once more after cleaning: invisible characters inside a secret hide it from the first pass.
  return fenced(`result of ${tool.name}`, trimmed(redact(forModel(redact(text))), SHOWN_CHARS_MAX), hashing);
}

export function failureText(error: unknown, redact: Redact): string {
  return trimmed(redact(forModel(error instanceof Error ? error.message : String(error))), FAILURE_CHARS_MAX);
}

export function unknownToolText(name: string, tools: readonly Tool[]): string {
  const shown = forModel(name).replace(/[^\w.-]/g, '').slice(0, 60);
  return `There is no tool "${shown}" for you. Nothing was done. Your tools: ${tools.map((tool) => tool.name).join(', ') || 'none'}.`;
}

/** For the event: redacted, and no string so long that the log repeats whole files. */
export function logged(value: unknown, redact: Redact): unknown {
  if (typeof value === 'string') return loggedText(value, redact);
  if (Array.isArray(value)) return value.slice(0, ITEMS_MAX).map((item) => logged(item, redact));
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).slice(0, ITEMS_MAX).map(([key, member]) => [loggedText(key, redact), logged(member, redact)]));
  return typeof value === 'number' || typeof value === 'boolean' || value === null ? value : null;
}

const ITEMS_MAX = 100;

const Arguments = z.record(z.string(), z.unknown());

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Redacted, invisible characters shown; cut after redaction, since half a secret is not recognised. */
export function loggedText(text: string, redact: Redact): string {
  const clean = forLog(redact(text.slice(0, LOGGED_CHARS_MAX * 2)));
  return text.length <= LOGGED_CHARS_MAX ? clean : `${clean.slice(0, LOGGED_CHARS_MAX)}\n… of ${text.length} characters`;
}

function trimmed(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max)}\n… ${text.length - max} more characters, cut`;
}
