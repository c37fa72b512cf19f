/** Decides what is kept of a stream that may be endless: a hash of all of it, its head, its tail, and its lines as they come. */
import { createHash } from 'node:crypto';

/** 64 KB each: design 05, "Commands". */
export const HEAD_BYTES = 64 * 1024;
export const TAIL_BYTES = 64 * 1024;
/** A longer line is handed on cut: no worker of ours writes one. */
const LINE_CHARS_MAX = 8 * 1024 * 1024;

export interface Capture {
  readonly bytes: number;
  /** Never keeps more than head, tail, and one unfinished line. */
  write(chunk: Buffer): void;
  /** Hands on an unfinished last line. No write may follow. */
  end(): void;
  /** Head and tail with a line between that says how much is left out; escape sequences stripped. */
  text(): string;
  /** Lower-case hex of every raw byte. */
  sha256(): string;
}

export function createCapture(onLine?: (line: string) => void): Capture {
  const hash = createHash('sha256');
  const head: Buffer[] = [];
  let headBytes = 0;
  const tail: Buffer[] = [];
  let tailBytes = 0;
  let bytes = 0;
  const lines = onLine && createLines(onLine);

  function keep(chunk: Buffer): void {
    const toHead = Math.min(chunk.length, HEAD_BYTES - headBytes);
    if (toHead > 0) {
      head.push(chunk.subarray(0, toHead));
      headBytes += toHead;
    }
    if (toHead === chunk.length) return;
    tail.push(chunk.subarray(toHead));
    tailBytes += chunk.length - toHead;
    for (let first = tail[0]; first && tailBytes - first.length >= TAIL_BYTES; first = tail[0]) {
      tail.shift();
      tailBytes -= first.length;
    }
  }

  return {
    get bytes() {
      return bytes;
    },
    write(chunk) {
      bytes += chunk.length;
      hash.update(chunk);
      keep(chunk);
      lines?.write(chunk);
    },
    end: () => lines?.end(),
    text() {
      const kept = Buffer.concat(tail);
      const last = kept.subarray(Math.max(0, kept.length - TAIL_BYTES));
      const leftOut = bytes - headBytes - last.length;
      if (leftOut === 0) return stripEscapes(Buffer.concat([...head, last]).toString('utf8'));
      const start = stripEscapes(trimCutCharacter(Buffer.concat(head).toString('utf8')));
      return `${start}\n[… ${leftOut} bytes left out …]\n${stripEscapes(trimCutCharacter(last.toString('utf8')))}`;
    },
    sha256: () => hash.copy().digest('hex'),
  };
}

function createLines(onLine: (line: string) => void): { write(chunk: Buffer): void; end(): void } {
  const decoder = new TextDecoder();
  let rest = '';
  let dropping = false;
  function take(text: string): void {
    const parts = text.split('\n');
    const last = parts.pop() ?? '';
    for (const part of parts) {
      if (!dropping) onLine(stripReturn(rest + part));
      dropping = false;
      rest = '';
    }
    if (dropping) return;
    rest += last;
    if (rest.length <= LINE_CHARS_MAX) return;
    onLine(rest.slice(0, LINE_CHARS_MAX));
    rest = '';
    dropping = true;
  }
  return {
    write: (chunk) => take(decoder.decode(chunk, { stream: true })),
    end() {
      take(decoder.decode());
      if (rest !== '') onLine(stripReturn(rest));
      rest = '';
    },
  };
}

const stripReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);

/** A cut in the middle of a character leaves replacement marks at the edge; they were not in the output. */
const trimCutCharacter = (text: string): string => text.replace(/^\ufffd{1,3}|\ufffd{1,3}$/gu, '');

/** ECMA-48: strings (OSC, DCS, SOS, PM, APC) up to their terminator or the line's end, then CSI, then every other escape. */
const SEQUENCES =
  /(?:\x1b[\]PX^_]|[\x90\x98\x9d\x9e\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)?|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?|\x1b[ -/]*[0-~]?/gu;
const CONTROLS = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/gu;

/** Text that a terminal cannot be driven with: no escape sequence, no control but tab and line ends; a lone CR, which overwrites, becomes a line end. */
export function stripEscapes(text: string): string {
  return text.replace(SEQUENCES, '').replace(/\r+\n/gu, '\n').replace(/\r/gu, '\n').replace(CONTROLS, '');
}
