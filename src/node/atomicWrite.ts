/** Decides how bytes get into a file so that at every moment it holds either all of the old or all of the new. */
import { randomBytes } from 'node:crypto';
import { constants, lstatSync, renameSync } from 'node:fs';
import { link, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { FileChanged, FileFailed, FileRefused } from '../core/domain/fileErrors.ts';
import { codeOf, throughHandle } from './pathBroker.ts';

export interface AtomicWrite {
  /** Open folder that the file stands in. */
  readonly folder: FileHandle;
  readonly folderPath: string;
  readonly name: string;
  /** As the user knows it, for messages. */
  readonly path: string;
  readonly bytes: Uint8Array;
  /** What is replaced; null: nothing may stand there. */
  readonly base: { readonly sha256: string; readonly mode: number; readonly uid: number; readonly gid: number } | null;
  /** Hash of what stands there now, null for nothing: asked again just before the rename. */
  readonly currentSha256: () => Promise<string | null>;
}

/** @throws FileChanged, FileFailed; the old file is intact and no temporary file is left in either case. */
export async function writeAtomically(write: AtomicWrite): Promise<void> {
  const temporary = throughHandle(write.folder, write.folderPath, temporaryName());
  const target = throughHandle(write.folder, write.folderPath, write.name);
  try {
    await fill(temporary, write);
    const seen = await settledStamp(target);
    const found = await write.currentSha256();
    if (found !== (write.base?.sha256 ?? null)) throw new FileChanged(write.path, write.base?.sha256 ?? null, found);
    if (write.base === null) await placeNew(temporary, target);
    // In one breath: nothing else of this process comes between, and for another only the time of two system calls is left.
    else if (stampOf(target) === seen) renameSync(temporary, target);
    else throw new FileChanged(write.path, write.base.sha256, await write.currentSha256());
    await write.folder.sync().catch(ignoreUnsupported);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    if (error instanceof FileChanged || error instanceof FileRefused || error instanceof FileFailed) throw error;
    if (codeOf(error) === 'EEXIST') throw new FileChanged(write.path, null, await write.currentSha256());
    throw failure(write.path, error);
  }
}

/** Differs after any change of what stands at `path`, or of which file that is; "" for nothing. */
export function stampOf(path: string): string {
  const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  return stats === undefined ? '' : `${stats.dev}.${stats.ino}.${stats.size}.${stats.mtimeNs}.${stats.ctimeNs}`;
}

/** The kernel's clock stands still for up to so long (CONFIG_HZ 100): a second change within it would leave the stamp as it is. */
const TICK_MS = 12;

/** A stamp old enough to tell of every later change. */
export async function settledStamp(path: string): Promise<string> {
  const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  if (stats !== undefined && Date.now() - Number(stats.ctimeMs) < TICK_MS) await delay(TICK_MS);
  return stampOf(path);
}

/** A write that is cut short is continued: on a full disk `write` stores a part and reports no error (seen with two well-known packages). */
export async function writeAll(handle: Pick<FileHandle, 'write'>, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, at, bytes.length - at, at);
    if (bytesWritten <= 0) throw Object.assign(new Error('the system wrote nothing'), { code: 'ENOSPC' });
    at += bytesWritten;
  }
}

/** Removes what a killed process of ours left in this folder. */
export async function sweepLeftovers(folderPath: string): Promise<void> {
  const names = await readdir(folderPath).catch(() => []);
  await Promise.all(names.filter(isTemporaryName).map(async (name) => await sweep(`${folderPath}/${name}`, name)));
}

export function isTemporaryName(name: string): boolean {
  return TEMPORARY.test(name);
}

/** What a person reads for a system's code: what happened and what to do. */
export function failure(path: string, error: unknown): FileFailed {
  const code = codeOf(error);
  switch (code) {
    case 'ENOSPC': case 'EDQUOT': return new FileFailed(path, code, 'the disk or your quota is full; free some space and try again');
    case 'EROFS': return new FileFailed(path, code, 'the file system is read-only; make it writable or work on a copy');
    case 'EACCES': case 'EPERM': return new FileFailed(path, code, 'you may not write in its folder; change the permissions of the folder');
    case 'EMFILE': case 'ENFILE': return new FileFailed(path, code, 'too many files are open; close some programs or raise the limit (ulimit -n)');
    case 'EFBIG': return new FileFailed(path, code, 'it would be larger than a limit allows (ulimit -f)');
    default: return new FileFailed(path, code, error instanceof Error ? error.message : String(error));
  }
}

const TEMPORARY = /^\.groundcrew-(\d{1,10})-[0-9a-f]{16}\.tmp$/;
/** A process id may belong to someone else by now; after an hour no write of ours is still going on. */
const LEFTOVER_MS = 60 * 60_000;

function temporaryName(): string {
  return `.groundcrew-${process.pid}-${randomBytes(8).toString('hex')}.tmp`;
}

async function fill(temporary: string, { bytes, base, path }: AtomicWrite): Promise<void> {
  const handle = await open(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0), base === null ? 0o666 : 0o600);
  try {
    await writeAll(handle, bytes);
    if (base !== null) {
      await handle.chown(base.uid, base.gid).catch(() => undefined);
      await handle.chmod(base.mode & 0o7777);
    }
    await handle.sync();
    const { size } = await handle.stat();
    if (size !== bytes.length) throw new FileFailed(path, 'ESHORT', `${size} of ${bytes.length} bytes were stored`);
  } finally {
    await handle.close();
  }
}

/** A link fails where something stands, a rename would replace it. File systems without links get the rename. */
async function placeNew(temporary: string, target: string): Promise<void> {
  try {
    await link(temporary, target);
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL'].includes(codeOf(error))) throw error;
    await rename(temporary, target);
    return;
  }
  await unlink(temporary);
}

async function sweep(path: string, name: string): Promise<void> {
  const pid = Number(TEMPORARY.exec(name)?.[1]);
  const stats = await stat(path).catch(() => undefined);
  if (stats === undefined || !stats.isFile() || (isAlive(pid) && Date.now() - stats.mtimeMs < LEFTOVER_MS)) return;
  await unlink(path).catch(() => undefined);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

function ignoreUnsupported(error: unknown): void {
  if (!['EINVAL', 'EPERM', 'EISDIR', 'ENOTSUP'].includes(codeOf(error))) throw error;
}
