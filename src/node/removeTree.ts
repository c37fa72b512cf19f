/** Decides how a tree that a hostile command may have made is removed: never through a link, though its folders are locked, and however deep it goes. */
import { chmodSync, lstatSync, readdirSync, renameSync, rmdirSync, rmSync, unlinkSync } from 'node:fs';

/** Gone afterwards, or @throws the file system's own error. A path that is not there is no error. */
export function removeTree(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    takeApart(path);
  }
}

/**
 * Files are named by their whole path, which may have 4,096 bytes; a command can go deeper, one folder at a time. So each folder is moved
 * up beside the tree before it is looked into. Names are bytes: not every one is text.
 */
function takeApart(path: string): void {
  const waiting = [path];
  let moved = 0;
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    if (!lstatSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
      rmSync(folder, { force: true });
      continue;
    }
    chmodSync(folder, 0o700);
    for (const name of readdirSync(folder, { encoding: 'buffer' })) {
      const entry = Buffer.concat([Buffer.from(`${folder}/`), name]);
      if (!lstatSync(entry).isDirectory()) {
        unlinkSync(entry);
        continue;
      }
      chmodSync(entry, 0o700);
      const up = `${path}.apart-${moved++}`;
      renameSync(entry, up);
      waiting.push(up);
    }
    rmdirSync(folder);
  }
}
