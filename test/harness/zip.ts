/** Decides how one file is read out of a zip archive (a wheel): by its central directory, checked by its own checksum. */
import { crc32, inflateRawSync } from 'node:zlib';

const END_SIGNATURE = 0x06054b50;
const ENTRY_SIGNATURE = 0x02014b50;
const END_BYTES = 22;
const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;
const STORED = 0;

/** undefined: no entry of that name. @throws Error when the archive is cut, or the entry's bytes do not have its checksum. */
export function readZipEntry(archive: Buffer, name: RegExp): Buffer | undefined {
  const end = archive.lastIndexOf(Buffer.from('PK\x05\x06'));
  if (end < 0 || end + END_BYTES > archive.length || archive.readUInt32LE(end) !== END_SIGNATURE) throw new Error('This is no whole zip archive: its end is missing. Download it again.');
  const entries = archive.readUInt16LE(end + 10);
  let at = archive.readUInt32LE(end + 16);
  for (let index = 0; index < entries; index++) {
    if (archive.readUInt32LE(at) !== ENTRY_SIGNATURE) throw new Error('This zip archive is damaged: an entry of its directory is not where it should be.');
    const nameLength = archive.readUInt16LE(at + 28);
    const entryName = archive.toString('utf8', at + ENTRY_BYTES, at + ENTRY_BYTES + nameLength);
    if (name.test(entryName)) return readEntry(archive, at, entryName);
    at += ENTRY_BYTES + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return undefined;
}

function readEntry(archive: Buffer, at: number, name: string): Buffer {
  const method = archive.readUInt16LE(at + 10);
  const size = archive.readUInt32LE(at + 20);
  const local = archive.readUInt32LE(at + 42);
  const start = local + LOCAL_BYTES + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  const raw = archive.subarray(start, start + size);
  const bytes = method === STORED ? raw : inflateRawSync(raw);
  if (crc32(bytes) !== archive.readUInt32LE(at + 16)) throw new Error(`${name} is damaged: its bytes do not have its checksum. Download it again.`);
  return bytes;
}
