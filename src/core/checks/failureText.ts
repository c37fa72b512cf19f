/** Decides what a person and a small model read about a failure: the test, the values that differ, the place, and nothing else. */
import type { Frame } from '../domain/check.ts';

export interface FailedTest {
  readonly name: string;
  readonly path?: string;
  readonly line?: number;
  readonly message: string;
  readonly expected?: string;
  readonly actual?: string;
  readonly frames: readonly (Frame & { readonly code?: string })[];
}

/** About 300 tokens at 3.5 characters each: a 1.5B model reads that in under 10 s on two cores. */
const TEXT_MAX = 1_050;
const SHOWN_MAX = 2;
const NAMES_MAX = 5;
const MESSAGE_LINES = 6;
const LINE_MAX = 160;
const VALUE_MAX = 200;
const FRAMES_SHOWN = 3;

export function failureText(failed: readonly FailedTest[]): string {
  const shown: string[] = [];
  let length = 0;
  for (const test of failed.slice(0, SHOWN_MAX)) {
    const text = describe(test);
    if (shown.length > 0 && length + text.length > TEXT_MAX - 120) break;
    shown.push(text);
    length += text.length;
  }
  const rest = failed.slice(shown.length);
  if (rest.length > 0) shown.push(clip(`${rest.length} more failed: ${rest.slice(0, NAMES_MAX).map((test) => test.name).join('; ')}`, LINE_MAX));
  return clip(shown.join('\n\n'), TEXT_MAX);
}

/** Frames of runners that quote no code get theirs from the files. `read` gives a file's text, undefined where there is none. */
export async function quoteCode(failure: string, read: (path: string) => Promise<string | undefined>): Promise<string> {
  const lines: string[] = [];
  for (const line of failure.split('\n')) {
    const match = /^at (\S+):(\d+)(?: [^:]+)?$/.exec(line);
    const text = match?.[1] === undefined ? undefined : (await read(match[1]))?.split('\n')[Number(match[2]) - 1]?.trim();
    lines.push(text === undefined || text === '' ? line : clip(`${line}: ${text}`, LINE_MAX));
  }
  return lines.join('\n');
}

function describe(test: FailedTest): string {
  const place = test.path === undefined ? '' : ` (${test.path}${test.line === undefined ? '' : `:${test.line}`})`;
  const lines = [clip(`FAILED ${test.name}${place}`, LINE_MAX), ...messageLines(test.message)];
  if (test.expected !== undefined) lines.push(`expected: ${clip(oneLine(test.expected), VALUE_MAX)}`);
  if (test.actual !== undefined) lines.push(`actual: ${clip(oneLine(test.actual), VALUE_MAX)}`);
  for (const frame of test.frames.slice(0, FRAMES_SHOWN)) {
    const symbol = frame.symbol === undefined || frame.symbol === '' || /^(?:<|Object\.|(?:Test)?Context\.)/.test(frame.symbol) ? '' : ` ${frame.symbol}`;
    lines.push(clip(`at ${frame.path}:${frame.line}${symbol}${frame.code === undefined || frame.code === '' ? '' : `: ${frame.code}`}`, LINE_MAX));
  }
  return lines.join('\n');
}

function messageLines(message: string): readonly string[] {
  const lines = message.split('\n').map((line) => line.trimEnd()).filter((line) => line.trim() !== '' && !/^\s*(?:at |File "|\^+$)/.test(line));
  return lines.slice(0, MESSAGE_LINES).map((line) => clip(line, LINE_MAX));
}

/** For a runner that names no tests: the lines that look like the error, else the end of the output. */
export function outputExcerpt(output: string): string {
  const lines = output.split('\n').map((line) => line.trimEnd()).filter((line) => line.trim() !== '');
  const at = lines.findLastIndex((line) => /(?:^|\s|\w)(?:Error|Exception|FAIL(?:ED|URE)?|panic|assert(?:ion)?)\b.*/i.test(line) && !/^\s*at /.test(line));
  const from = at < 0 ? Math.max(0, lines.length - 12) : Math.max(0, at - 6);
  return clip(lines.slice(from, from + 14).map((line) => clip(line, LINE_MAX)).join('\n'), TEXT_MAX);
}

const oneLine = (text: string): string => text.replace(/\s*\n\s*/g, ' ');
const clip = (text: string, max: number): string => (text.length <= max ? text : `${text.slice(0, max - 1)}…`);
