/** Decides where a named path really leads, and opens it so that what was checked is what is used: the second half of the path broker. */
import { constants, realpathSync } from 'node:fs';
import { lstat, open, readlink, realpath } from 'node:fs/promises';
import type { BigIntStats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FileRefused } from '../core/domain/fileErrors.ts';
import { below, isWithin, lexicalPath } from '../core/tools/lexicalPath.ts';

/** Where a path leads. `absolute` and `real` hold no links; what does not exist yet counts from its deepest existing folder. */
export interface Located {
  readonly kind: 'file' | 'folder' | 'absent';
  /** As named, normalised, relative to the workspace. */
  readonly path: string;
  readonly real: string;
  readonly absolute: string;
  readonly stats: BigIntStats | undefined;
}

export interface PathBroker {
  /** Real path of the workspace. */
  readonly root: string;
  /** @throws FileRefused for whatever is not a file or folder of the workspace. `real`: must still lead there. */
  locate(named: string, real?: string): Promise<Located>;
  /** A regular file, open for reading, still where `located` says. The caller closes it. @throws FileRefused */
  openFile(located: Located): Promise<FileHandle>;
  /** The folder, open, still where it was. The caller closes it. @throws FileRefused */
  openFolder(absolute: string, named: string): Promise<FileHandle>;
}

/** `root` must exist. @throws the system's error when it does not. */
export function createPathBroker(root: string): PathBroker {
  const realRoot = realpathSync.native(root);

  async function locate(named: string, expected?: string): Promise<Located> {
    const lexical = lexicalPath(named, realRoot.replaceAll('\\', '/'));
    const relexed = lexical.kind === 'refused' && lexical.rule === 'outside' && root !== realRoot ? lexicalPath(named, root) : lexical;
    if (relexed.kind === 'refused') throw new FileRefused(named, relexed.rule, relexed.reason);
    const { path } = relexed;
    const absolute = await deepestReal(path === '' ? realRoot : `${realRoot}/${path}`, named);
    if (!isWithin(realRoot, absolute)) throw new FileRefused(named, 'outside', 'it leads out of the workspace through a link');
    const real = below(realRoot, absolute);
    if (expected !== undefined && real !== expected) throw new FileRefused(named, 'swapped', 'it leads elsewhere than when permission was given');
    const stats = await tryLstat(absolute, named);
    if (stats === undefined) return { kind: 'absent', path, real, absolute, stats };
    if (stats.isFile()) return { kind: 'file', path, real, absolute, stats };
    if (stats.isDirectory()) return { kind: 'folder', path, real, absolute, stats };
    throw new FileRefused(named, 'special', 'it is no regular file (a pipe, socket, device or link)');
  }

  async function openFile(located: Located): Promise<FileHandle> {
    if (located.kind === 'absent') throw new FileRefused(located.path, 'absent', 'there is no such file');
    if (located.kind === 'folder') throw new FileRefused(located.path, 'folder', 'it is a folder');
    const handle = await openChecked(located.absolute, located.path, constants.O_RDONLY | NO_FOLLOW | NON_BLOCK);
    return await keptIf(handle, async () => {
      if (!(await handle.stat()).isFile()) throw new FileRefused(located.path, 'special', 'it is no regular file (a pipe, socket, device or link)');
    });
  }

  async function openFolder(absolute: string, named: string): Promise<FileHandle> {
    const handle = await openChecked(absolute, named, constants.O_RDONLY | NO_FOLLOW | (constants.O_DIRECTORY ?? 0));
    return await keptIf(handle, async () => {
      if (!(await handle.stat()).isDirectory()) throw new FileRefused(named, 'not-a-folder', 'a part of it is no folder');
    });
  }

  return { root: realRoot, locate, openFile, openFolder };
}

/** Where the file system has it under our control: Linux can name a descriptor, so that no later swap of a folder matters. */
export function throughHandle(folder: FileHandle, absolute: string, name: string): string {
  return process.platform === 'linux' ? `/proc/self/fd/${folder.fd}/${name}` : `${absolute}/${name}`;
}

/** Windows knows neither; there `lstat` before and the path after the open have to do. */
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;
const NON_BLOCK = constants.O_NONBLOCK ?? 0;

/** The descriptor leads to `absolute` itself: no component was swapped for a link between the check and the open. */
async function openChecked(absolute: string, named: string, flags: number): Promise<FileHandle> {
  const handle = await open(absolute, flags).catch((error: unknown) => {
    throw refusalOf(named, error);
  });
  return await keptIf(handle, async () => {
    const opened = process.platform === 'linux' ? await readlink(`/proc/self/fd/${handle.fd}`).catch(() => absolute) : await realpath(absolute);
    if (opened !== absolute) throw new FileRefused(named, 'swapped', 'it was replaced while it was opened');
  });
}

async function keptIf(handle: FileHandle, check: () => Promise<void>): Promise<FileHandle> {
  try {
    await check();
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Real path of what exists, followed by the names that do not. A link that leads nowhere is refused, since it would be created elsewhere. */
async function deepestReal(absolute: string, named: string): Promise<string> {
  const missing: string[] = [];
  for (let at = absolute; ; at = dirname(at)) {
    const found = await realpath(at).catch((error: unknown) => codeOf(error));
    if (found.startsWith('/') || /^[a-z]:\\/i.test(found)) return [found.replaceAll('\\', '/').replace(/(?<=.)\/$/, ''), ...missing].join('/').replace(/^\/\//, '/');
    if (found !== 'ENOENT') throw refusalOf(named, Object.assign(new Error(found), { code: found }));
    if ((await tryLstat(at, named))?.isSymbolicLink() === true) throw new FileRefused(named, 'dangling-link', 'it is a link that leads nowhere');
    if (dirname(at) === at) throw new FileRefused(named, 'absent', 'nothing of this path exists');
    missing.unshift(at.slice(at.lastIndexOf('/') + 1));
  }
}

async function tryLstat(absolute: string, named: string): Promise<BigIntStats | undefined> {
  return await lstat(absolute, { bigint: true }).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw refusalOf(named, error);
  });
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'UNKNOWN';
}

function refusalOf(named: string, error: unknown): FileRefused {
  const code = codeOf(error);
  switch (code) {
    case 'ENOENT': return new FileRefused(named, 'absent', 'there is no such file');
    case 'ELOOP': return new FileRefused(named, 'link-loop', 'its links lead in a circle, or it became a link');
    case 'ENOTDIR': return new FileRefused(named, 'not-a-folder', 'a part of it is no folder');
    case 'ENAMETOOLONG': return new FileRefused(named, 'too-long', 'its name is too long');
    case 'EACCES': case 'EPERM': return new FileRefused(named, 'no-access', 'the file system does not let you open it');
    case 'ENXIO': case 'ENODEV': return new FileRefused(named, 'special', 'it is no regular file (a pipe, socket, device or link)');
    default: return new FileRefused(named, 'unreadable', `the system says ${code}`);
  }
}
