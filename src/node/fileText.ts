/** Decides how bytes become text and back without a byte changing: UTF-8 where they are, else one character per byte. */
import { createHash } from 'node:crypto';
import { FileRefused } from '../core/domain/fileErrors.ts';
import type { TextFile } from '../core/domain/patch.ts';

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** @throws FileRefused for binary content: a NUL byte, which no text in UTF-8 or an 8-bit code has. */
export function decodeText(path: string, bytes: Buffer): TextFile {
  if (bytes.includes(0)) throw new FileRefused(path, 'binary', 'it is not text (it holds NUL bytes)');
  const bom = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const body = bom ? bytes.subarray(3) : bytes;
  const sha256 = sha256Of(bytes);
  const text = tryUtf8(body);
  return text === undefined ? { path, text: bytes.toString('latin1'), encoding: 'latin1', bom: false, sha256 } : { path, text, encoding: 'utf8', bom, sha256 };
}

/** @throws FileRefused when the encoding cannot hold the text. */
export function encodeText(path: string, text: string, { encoding, bom }: { readonly encoding: 'utf8' | 'latin1'; readonly bom: boolean }): Buffer {
  if (encoding === 'latin1') {
    const wide = /[^\0-\xff]/.exec(text);
    if (wide !== null) throw new FileRefused(path, 'encoding', `the file is not UTF-8, and the new text holds ${JSON.stringify(wide[0])}, which it cannot hold; use plain ASCII there`);
    return Buffer.from(text, 'latin1');
  }
  if (!text.isWellFormed()) throw new FileRefused(path, 'encoding', 'the new text holds half a character (a lone surrogate)');
  return Buffer.concat([bom ? Buffer.from([0xef, 0xbb, 0xbf]) : Buffer.alloc(0), Buffer.from(text, 'utf8')]);
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function tryUtf8(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}
