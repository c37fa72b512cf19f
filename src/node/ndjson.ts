/** Decides how chunks of bytes become lines: strict UTF-8, whole lines only, each within a limit. */
import { Buffer, isUtf8 } from 'node:buffer';
import { HostFault } from '../core/model/models.ts';

/** Ollama's own client reads lines of at most 8 MB (api/client.go, maxBufferSize). */
export const LINE_CHARS_MAX = 8 * 1024 * 1024;

export interface LineSplitter {
  /** Non-empty lines that this chunk completes, without their ends. @throws HostFault `garbage` or `too-large`. */
  push(chunk: Uint8Array): readonly string[];
  /** A last line without "\n" counts: only a broken connection leaves half a line, and that ends with an error instead. */
  end(): readonly string[];
}

export function createLineSplitter(): LineSplitter {
  // Most chunks are whole characters; the slower decoder takes over at the first that is not, since it then holds the rest.
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  const textOf = (chunk: Uint8Array): string => {
    if (decoder === undefined && isUtf8(chunk)) return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('utf8');
    decoder ??= new TextDecoder('utf-8', { fatal: true });
    return decode(decoder, chunk);
  };
  // Pieces of the line that is not complete, joined once: adding to a string would copy it again for each chunk.
  let pieces: string[] = [];
  let held = 0;
  const take = (): string => {
    const line = pieces.length === 1 ? (pieces[0] ?? '') : pieces.join('');
    pieces = [];
    held = 0;
    return line;
  };
  return {
    push(chunk) {
      const text = textOf(chunk);
      const lines: string[] = [];
      let from = 0;
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
        const part = text.slice(from, end);
        const line = held === 0 ? part : take() + part;
        from = end + 1;
        if (line.trim() !== '') lines.push(line);
      }
      if (from < text.length) {
        pieces.push(text.slice(from));
        held += text.length - from;
        if (held > LINE_CHARS_MAX) throw new HostFault('too-large', `The server sent a line longer than the limit of ${LINE_CHARS_MAX} characters; it was stopped.`);
      }
      return lines;
    },
    end() {
      const last = take();
      return last.trim() === '' ? [] : [last];
    },
  };
}

function decode(decoder: InstanceType<typeof TextDecoder>, chunk: Uint8Array): string {
  try {
    return decoder.decode(chunk, { stream: true });
  } catch {
    throw new HostFault('garbage', 'The server sent bytes that are not UTF-8 text.');
  }
}
