/** Decides how places of a text are told to a client: lines from 0, characters in the encoding that was agreed on. */

export type Encoding = 'utf-8' | 'utf-16';

export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** Where each line begins, as the protocol counts them: after \n, \r\n or a lone \r. */
export function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (const match of text.matchAll(/\r\n|\n|\r/g)) starts.push(match.index + match[0].length);
  return starts;
}

/** A place beyond its line, or beyond the text, is the nearest one within, as the protocol says. */
export function offsetAt(text: string, starts: readonly number[], { line, character }: Position, encoding: Encoding): number {
  if (line < 0) return 0;
  const start = starts[line];
  if (start === undefined) return text.length;
  const end = lineEnd(text, starts, line);
  if (encoding === 'utf-16') return Math.min(start + Math.max(0, character), end);
  let bytes = 0;
  for (let at = start; at < end;) {
    if (bytes >= character) return at;
    const point = text.codePointAt(at) ?? 0;
    bytes += utf8Bytes(point);
    at += point > 0xffff ? 2 : 1;
  }
  return end;
}

export function positionAt(text: string, starts: readonly number[], offset: number, encoding: Encoding): Position {
  const at = Math.max(0, Math.min(offset, text.length));
  const line = lineOf(starts, at);
  const start = starts[line] ?? 0;
  const end = Math.min(at, lineEnd(text, starts, line));
  if (encoding === 'utf-16') return { line, character: end - start };
  let bytes = 0;
  for (const one of text.slice(start, end)) bytes += utf8Bytes(one.codePointAt(0) ?? 0);
  return { line, character: bytes };
}

function lineOf(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Before its line break. */
function lineEnd(text: string, starts: readonly number[], line: number): number {
  const next = starts[line + 1];
  if (next === undefined) return text.length;
  const start = starts[line] ?? 0;
  let end = next;
  while (end > start && (text[end - 1] === '\n' || text[end - 1] === '\r')) end--;
  return end;
}

function utf8Bytes(point: number): number {
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  return point < 0x10000 ? 3 : 4;
}
