import fs from 'node:fs';

export function readMagic(path) {
  const fd = fs.openSync(path, 'r');
  const bytes = Buffer.alloc(4);
  fs.readSync(fd, bytes, 0, 4, 0);
  fs.closeSync(fd);
  return bytes.toString('hex');
}
