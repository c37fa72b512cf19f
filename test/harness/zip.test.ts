import assert from 'node:assert/strict';
import { crc32, deflateRawSync } from 'node:zlib';
import { readZipEntry } from './zip.ts';

/** A zip archive of one entry, as a wheel has it. */
function archive(name: string, content: Buffer, method: 0 | 8): Buffer {
  const raw = method === 0 ? content : deflateRawSync(content);
  const local = Buffer.alloc(30 + name.length);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(name.length, 26);
  local.write(name, 30);
  const entry = Buffer.alloc(46 + name.length);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt16LE(method, 10);
  entry.writeUInt32LE(crc32(content), 16);
  entry.writeUInt32LE(raw.length, 20);
  entry.writeUInt16LE(name.length, 28);
  entry.write(name, 46);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(local.length + raw.length, 16);
  return Buffer.concat([local, raw, entry, end]);
}

const CONTENT = Buffer.from('part of a model '.repeat(10));
const check = (bytes: Buffer): string | undefined => readZipEntry(bytes, /(^|\/)data\/part0*7\.bin$/)?.toString();

describe('zip', () => {
  it('reads a stored and a packed entry', () => {
    assert.equal(check(archive('model/data/part07.bin', CONTENT, 0)), CONTENT.toString());
    assert.equal(check(archive('data/part7.bin', CONTENT, 8)), CONTENT.toString());
  });
  it('finds no other entry', () => assert.equal(check(archive('data/part17.bin', CONTENT, 0)), undefined));
  it('refuses an archive that was cut', () => assert.throws(() => check(archive('data/part7.bin', CONTENT, 0).subarray(0, -30)), /no whole zip archive/));
  it('refuses bytes that do not have their checksum', () => {
    const bytes = archive('data/part7.bin', CONTENT, 0);
    bytes.writeUInt8(0, 60);
    assert.throws(() => check(bytes), /damaged/);
  });
});
