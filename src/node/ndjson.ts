/** Decides how a byte stream becomes lines: strict UTF-8, whole lines only, each within a limit. */
import { HostFault } from '../core/model/models.ts';

/** Ollama's own client reads lines of at most 8 MB (api/client.go, maxBufferSize). */
export const LINE_CHARS_MAX = 8 * 1024 * 1024;

/** Non-empty lines without their ends. A last line without "\n" counts: only a broken connection leaves half a line, and that throws earlier. */
export async function* readLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let pieces: string[] = [];
  let held = 0;
  for await (const chunk of bytes) {
    const text = decode(decoder, chunk);
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      const line = pieces.length === 0 ? text.slice(from, end) : pieces.join('') + text.slice(from, end);
      pieces = [];
      held = 0;
      from = end + 1;
      if (line.trim() !== '') yield line;
    }
    if (from === text.length) continue;
    pieces.push(text.slice(from));
    held += text.length - from;
    if (held > LINE_CHARS_MAX) throw new HostFault('too-large', `The server sent a line longer than the limit of ${LINE_CHARS_MAX} characters; it was stopped.`);
  }
  const last = pieces.join('');
  if (last.trim() !== '') yield last;
}

function decode(decoder: InstanceType<typeof TextDecoder>, chunk: Uint8Array): string {
  try {
    return decoder.decode(chunk, { stream: true });
  } catch {
    throw new HostFault('garbage', 'The server sent bytes that are not UTF-8 text.');
  }
}
