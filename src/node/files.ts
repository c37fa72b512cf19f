/** Decides how the workspace's files are read and changed: always through the path broker, always on the descriptor that it checked. */
import { accessSync, constants, lstatSync, unlinkSync } from 'node:fs';
import { link, mkdir, rename } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { basename, delimiter, dirname, isAbsolute, join } from 'node:path';
import { FileChanged, FileRefused } from '../core/domain/fileErrors.ts';
import type { TextFile } from '../core/domain/patch.ts';
import type { Files, ResolvedPath } from '../core/ports.ts';
import { matchesGlobs } from '../core/tools/grants.ts';
import { isWithin } from '../core/tools/lexicalPath.ts';
import { sensitivityOf } from '../core/tools/protectedPaths.ts';
import { failure, settledStamp, stampOf, sweepLeftovers, writeAtomically } from './atomicWrite.ts';
import { decodeText, encodeText, sha256Of } from './fileText.ts';
import { codeOf, createPathBroker, throughHandle } from './pathBroker.ts';
import type { Located, PathBroker } from './pathBroker.ts';
import { search } from './search.ts';
import { walk } from './walk.ts';

/** Source files are far smaller; a larger one is data, and reading it would only cost memory. */
const FILE_BYTES_MAX = 8 * 1024 * 1024;
/** A change within this time may leave size and time of the file as they were: its version cannot be told. */
const VERSION_SETTLES_MS = 100;
const SEARCHED_FILES_MAX = 50_000;

export interface FilesOptions {
  /** PATH to look for ripgrep on; undefined: none. */
  readonly searchPath?: string | undefined;
}

/** `root` must be an existing folder. @throws the system's error when it is not. */
export function createFiles(root: string, options: FilesOptions = {}): Files {
  const broker = createPathBroker(root);
  const ripgrep = findRipgrep(options.searchPath, broker.root);
  const swept = new Set<string>();

  async function read(path: string, real?: string): Promise<TextFile> {
    const located = await broker.locate(path, real);
    return decodeText(located.path, await readBytes(broker, located));
  }

  async function list({ under, max }: Parameters<Files['list']>[0], signal: AbortSignal): ReturnType<Files['list']> {
    const start = await broker.locate(under);
    if (start.kind === 'file') return { paths: [start.path], truncated: false };
    if (start.kind === 'absent') throw new FileRefused(under, 'absent', 'there is no such folder');
    return await walk({ root: broker.root, under: start.real, max }, signal);
  }

  async function write(edit: Parameters<Files['write']>[0]): Promise<{ readonly sha256: string }> {
    const located = await broker.locate(edit.path, edit.real);
    if (located.kind === 'folder') throw new FileRefused(edit.path, 'folder', 'it is a folder');
    const bytes = encodeText(edit.path, edit.text, { encoding: edit.encoding ?? 'utf8', bom: edit.bom ?? false });
    if (bytes.length > FILE_BYTES_MAX) throw new FileRefused(edit.path, 'too-large', `${bytes.length} bytes are more than the ${FILE_BYTES_MAX} that a file may have`);
    const base = await baseOf(broker, located, edit.baseSha256);
    const folderPath = dirname(located.absolute);
    await using folder = await openOrMakeFolder(broker, folderPath, located.path);
    if (!swept.has(folderPath)) await sweepLeftovers(folderPath);
    swept.add(folderPath);
    await writeAtomically({
      folder, folderPath, name: basename(located.absolute), path: located.path, bytes, base,
      currentSha256: async () => await shaNow(broker, located),
    });
    return { sha256: sha256Of(bytes) };
  }

  return {
    root: broker.root,
    resolve: async (path) => await resolved(broker, path),
    read,
    list,
    async search({ pattern, under, glob, max }, signal) {
      const { paths } = await list({ under, max: SEARCHED_FILES_MAX }, signal);
      const wanted = paths.filter((path) => sensitivityOf(path, path) !== 'secret' && (glob === undefined || matchesGlobs([glob, `**/${glob}`], path)));
      return await search({ root: broker.root, ripgrep }, { pattern, paths: wanted, max }, signal);
    },
    write,
    remove: async (path, baseSha256, real) => await remove(broker, { path, baseSha256, real }),
    move: async (from, to, baseSha256, real) => await move(broker, { from, to, baseSha256, real }),
  };
}

async function remove(broker: PathBroker, { path, baseSha256, real }: { readonly path: string; readonly baseSha256: string; readonly real: string | undefined }): Promise<void> {
  const located = await broker.locate(path, real);
  const folderPath = dirname(located.absolute);
  await using folder = await broker.openFolder(folderPath, located.path);
  const target = throughHandle(folder, folderPath, basename(located.absolute));
  const seen = await settledStamp(target);
  await baseOf(broker, located, baseSha256);
  if (stampOf(target) !== seen) throw new FileChanged(located.path, baseSha256, await shaNow(broker, located));
  try {
    unlinkSync(target);
  } catch (error) {
    throw failure(located.path, error);
  }
  await folder.sync().catch(() => undefined);
}

interface Move {
  readonly from: string;
  readonly to: string;
  readonly baseSha256: string;
  readonly real: { readonly from: string; readonly to: string } | undefined;
}

async function move(broker: PathBroker, { from, to, baseSha256, real }: Move): Promise<void> {
  const source = await broker.locate(from, real?.from);
  const target = await broker.locate(to, real?.to);
  const seen = await settledStamp(source.absolute);
  await baseOf(broker, source, baseSha256);
  if (target.kind !== 'absent') throw new FileChanged(target.path, null, target.kind === 'file' ? await shaNow(broker, target) : null);
  await using fromFolder = await broker.openFolder(dirname(source.absolute), source.path);
  await using toFolder = await openOrMakeFolder(broker, dirname(target.absolute), target.path);
  const here = throughHandle(fromFolder, dirname(source.absolute), basename(source.absolute));
  const there = throughHandle(toFolder, dirname(target.absolute), basename(target.absolute));
  if (stampOf(here) !== seen) throw new FileChanged(source.path, baseSha256, await shaNow(broker, source));
  await moveEntry(here, there, target.path);
  await Promise.all([fromFolder.sync().catch(() => undefined), toFolder.sync().catch(() => undefined)]);
}

async function resolved(broker: PathBroker, path: string): Promise<ResolvedPath> {
  try {
    const { kind, path: normalised, real, stats } = await broker.locate(path);
    const facts = { kind, path: normalised, real, sizeBytes: Number(stats?.size ?? 0) };
    if (stats === undefined || Date.now() - Number(stats.ctimeMs) < VERSION_SETTLES_MS) return facts;
    return { ...facts, version: `${stats.dev}.${stats.ino}.${stats.size}.${stats.mtimeNs}.${stats.ctimeNs}` };
  } catch (error) {
    if (error instanceof FileRefused) return { kind: 'refused', rule: error.rule, reason: error.message };
    throw error;
  }
}

/** The size is capped before anything is read, and while it is: a file can grow. */
async function readBytes(broker: PathBroker, located: Located): Promise<Buffer> {
  await using handle = await broker.openFile(located);
  const { size } = await handle.stat();
  if (size > FILE_BYTES_MAX) throw tooLarge(located.path, size);
  const buffer = Buffer.allocUnsafe(size + 1);
  let length = 0;
  for (;;) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length, length);
    length += bytesRead;
    if (bytesRead === 0) return buffer.subarray(0, length);
    if (length === buffer.length) throw new FileRefused(located.path, 'changing', 'it grew while it was read; try again when nothing writes it');
  }
}

/** Facts of the version that a change replaces. @throws FileChanged when another stands there. */
async function baseOf(broker: PathBroker, located: Located, baseSha256: string | null): Promise<{ readonly sha256: string; readonly mode: number; readonly uid: number; readonly gid: number } | null> {
  if (located.kind === 'absent' && baseSha256 === null) return null;
  const found = await shaNow(broker, located);
  if (found !== baseSha256 || found === null || located.stats === undefined) throw new FileChanged(located.path, baseSha256, found);
  return { sha256: found, mode: Number(located.stats.mode), uid: Number(located.stats.uid), gid: Number(located.stats.gid) };
}

/** Hash of what stands at the place now; null for nothing. */
async function shaNow(broker: PathBroker, { path, real }: Located): Promise<string | null> {
  const now = await broker.locate(path, real);
  return now.kind === 'absent' ? null : sha256Of(await readBytes(broker, now));
}

/** Each new folder is made inside the one before by its descriptor, so that no link can take its place. */
async function openOrMakeFolder(broker: PathBroker, absolute: string, named: string): Promise<FileHandle> {
  try {
    return await broker.openFolder(absolute, named);
  } catch (error) {
    if (!(error instanceof FileRefused) || error.rule !== 'absent' || !isWithin(broker.root, dirname(absolute))) throw error;
  }
  await using parent = await openOrMakeFolder(broker, dirname(absolute), named);
  await mkdir(throughHandle(parent, dirname(absolute), basename(absolute))).catch((error: unknown) => {
    if (codeOf(error) !== 'EEXIST') throw failure(named, error);
  });
  return await broker.openFolder(absolute, named);
}

/** A link and an unlink never replace what stands there; a rename would. */
async function moveEntry(here: string, there: string, named: string): Promise<void> {
  try {
    await link(here, there);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw new FileChanged(named, null, null);
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EXDEV'].includes(codeOf(error))) throw failure(named, error);
    await rename(here, there).catch((cause: unknown) => {
      throw failure(named, cause);
    });
    return;
  }
  // Whoever put another file here meanwhile keeps it: only the entry that was moved goes.
  if (lstatSync(here, { throwIfNoEntry: false })?.ino === lstatSync(there, { throwIfNoEntry: false })?.ino) unlinkSync(here);
}

/** A program of that name inside the workspace is not ripgrep. */
function findRipgrep(searchPath: string | undefined, root: string): string | undefined {
  for (const folder of (searchPath ?? '').split(delimiter)) {
    if (!isAbsolute(folder) || isWithin(root, folder)) continue;
    const candidate = join(folder, process.platform === 'win32' ? 'rg.exe' : 'rg');
    try {
      accessSync(candidate, constants.X_OK);
      return candidate;
    } catch {}
  }
  return undefined;
}

function tooLarge(path: string, size: number): FileRefused {
  return new FileRefused(path, 'too-large', `it has ${size} bytes; at most ${FILE_BYTES_MAX} are read`);
}
