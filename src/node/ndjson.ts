/** Decides how chunks of bytes become lines: strict UTF-8, whole lines only, each within a limit. */
import { Buffer, isUtf8 } from 'node:buffer';
import { HostFault } from '../core/model/models.ts';

/** Ollama's own client reads lines of at most 8 MB (api/client.go, maxBufferSize). */
export const LINE_BYTES_MAX = 8 * 1024 * 1024;

const NEWLINE = 10;
const BYTE_ORDER_MARK = '\uFEFF';

export interface LineSplitter {
  /** Non-empty lines that this chunk completes, without their ends. @throws HostFault `garbage` or `too-large`. */
  push(chunk: Uint8Array): readonly string[];
  /** A last line without "\n" counts: only a broken connection leaves half a line, and that ends with an error instead. */
  end(): readonly string[];
}

export function createLineSplitter(): LineSplitter {
  // The line that is not complete, as it came: as text each piece would be there twice, and a line end never stands within a character.
  let pieces: Uint8Array[] = [];
  let held = 0;
  let isFirst = true;

  const take = (last: Uint8Array): Uint8Array => {
    const line = held === 0 ? last : Buffer.concat([...pieces, last], held + last.length);
    pieces = [];
    held = 0;
    return line;
  };
  const add = (lines: string[], bytes: Uint8Array): void => {
    const text = textOf(bytes);
    const line = isFirst && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
    if (line.trim() === '') return;
    isFirst = false;
    lines.push(line);
  };

  return {
    push(chunk) {
      const lines: string[] = [];
      let from = 0;
      for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
        add(lines, take(chunk.subarray(from, end)));
        from = end + 1;
      }
      if (from < chunk.length) {
        held += chunk.length - from;
        if (held > LINE_BYTES_MAX) throw new HostFault('too-large', `The server sent a line longer than the limit of ${LINE_BYTES_MAX} bytes; it was stopped.`);
        pieces.push(from === 0 ? chunk : chunk.subarray(from));
      }
      return lines;
    },
    end() {
      const lines: string[] = [];
      if (held > 0) add(lines, take(new Uint8Array(0)));
      return lines;
    },
  };
}

function textOf(bytes: Uint8Array): string {
  if (!isUtf8(bytes)) throw new HostFault('garbage', 'The server sent bytes that are not UTF-8 text.');
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
