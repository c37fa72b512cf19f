/** Decides that one copy of the workspace is as the base again before each command, whatever the last one did to it. */
import {
  chmodSync, constants, copyFileSync, lstatSync, mkdirSync, readdirSync, readlinkSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from '../core/ports.ts';
import { breathe } from './breathe.ts';
import type { Base, Entry } from './snapshotBase.ts';
import { removeTree } from './removeTree.ts';

/** System calls between two turns of the event loop: about 1 ms. */
const CALLS_AT_ONCE = 250;
const FOLDER_MODE = 0o755;

export interface Slot {
  readonly folder: string;
  /** Writes the overlay. @throws RangeError for a path that leaves the copy or lies in a dependency folder. */
  apply(overlay: Command['overlay']): void;
  /** Takes files away that the next command is not to see. */
  hide(paths: readonly string[]): void;
  /** Undoes everything since the last restore; no process of the slot may live. Gives the number of paths put right. */
  restore(): Promise<number>;
}

/** What tells that a file is untouched: no program can set its ctime. */
interface Seen {
  readonly ino: bigint;
  readonly ctimeNs: bigint;
}

export interface SlotOptions {
  readonly base: Base;
  readonly folder: string;
  /** Fills the place of a dependency folder; nothing below it is compared. */
  placeDependency(path: string): void;
}

/** What the steps below share. */
interface State extends SlotOptions {
  readonly seen: Map<string, Seen>;
  readonly children: ReadonlyMap<string, readonly string[]>;
  /** Paths below which nothing is compared: dependencies, and build folders that stay. */
  readonly untouched: ReadonlySet<string>;
  readonly turn: () => Promise<void> | undefined;
}

export async function createSlot(options: SlotOptions): Promise<Slot> {
  const { base, folder } = options;
  const state: State = {
    ...options,
    seen: new Map(),
    children: childrenOf(base.entries),
    untouched: new Set([...base.dependencies.map(({ path }) => path), ...base.kept]),
    turn: breathe(CALLS_AT_ONCE),
  };
  await fill(state);
  return {
    folder,
    apply: (overlay) => {
      for (const file of overlay) writeOverlay(folder, file, state.untouched);
    },
    hide(paths) {
      for (const path of paths) rmSync(join(folder, path), { force: true });
    },
    async restore() {
      try {
        return await restore(state);
      } catch {
        // A tree that cannot be put right (names too long to reach, a mount left behind) is set aside whole.
        const aside = `${folder}.broken-${process.hrtime.bigint()}`;
        renameSync(folder, aside);
        removeTree(aside);
        state.seen.clear();
        await fill(state);
        return base.entries.size;
      }
    },
  };
}

async function fill(state: State): Promise<void> {
  mkdirSync(state.folder, { recursive: true });
  chmodSync(state.folder, FOLDER_MODE);
  for (const [path, entry] of state.base.entries) {
    place(state, path, entry, true);
    await state.turn();
  }
}

/** Puts one path there as the base has it; what stood there must be gone. Times are kept only the first time: see placeWhole. */
function place({ base, folder, seen, placeDependency, untouched }: State, path: string, entry: Entry, keepTimes: boolean): void {
  const to = join(folder, path);
  switch (entry.kind) {
    case 'folder':
      mkdirSync(to);
      chmodSync(to, entry.mode);
      if (untouched.has(path) && !base.kept.includes(path)) placeDependency(path);
      return;
    case 'link':
      symlinkSync(entry.target, to);
      return;
    case 'file': {
      copyFileSync(join(base.folder, path), to, constants.COPYFILE_FICLONE);
      chmodSync(to, entry.mode);
      if (keepTimes) utimesSync(to, entry.mtimeMs / 1000, entry.mtimeMs / 1000);
      const stats = lstatSync(to, { bigint: true });
      seen.set(path, { ino: stats.ino, ctimeNs: stats.ctimeNs });
    }
  }
}

async function restore(state: State): Promise<number> {
  const { base, children, untouched } = state;
  chmodSync(state.folder, FOLDER_MODE); // a command may have locked its own folder, and the next one could not enter it
  let put = 0;
  const folders = [''];
  for (let path = folders.pop(); path !== undefined; path = folders.pop()) {
    put += await restoreFolder(state, path);
    for (const name of children.get(path) ?? []) {
      const child = path === '' ? name : `${path}/${name}`;
      if (base.entries.get(child)?.kind === 'folder' && !untouched.has(child)) folders.push(child);
    }
  }
  return put;
}

/** Top-down and by lstat only: a command may have put a link to the user's files where a folder was. */
async function restoreFolder(state: State, path: string): Promise<number> {
  let put = 0;
  const left = new Set(state.children.get(path));
  for (const name of readdirSync(join(state.folder, path))) {
    const child = path === '' ? name : `${path}/${name}`;
    const entry = state.base.entries.get(child);
    await state.turn();
    if (entry !== undefined && isAsBefore(state, child, entry)) {
      left.delete(name);
      continue;
    }
    removeTree(join(state.folder, child));
    put += 1;
  }
  for (const name of left) put += await placeWhole(state, path === '' ? name : `${path}/${name}`);
  return put;
}

/** A file that is put back gets the present time, not its old one: cargo and make take an older source for an unchanged one. */
async function placeWhole(state: State, path: string): Promise<number> {
  const entry = state.base.entries.get(path);
  if (entry === undefined) return 0;
  place(state, path, entry, false);
  await state.turn();
  let put = 1;
  if (entry.kind === 'folder' && !state.untouched.has(path)) for (const name of state.children.get(path) ?? []) put += await placeWhole(state, `${path}/${name}`);
  return put;
}

function isAsBefore({ folder, seen }: State, path: string, entry: Entry): boolean {
  const to = join(folder, path);
  const stats = lstatSync(to, { bigint: true });
  switch (entry.kind) {
    case 'folder':
      if (!stats.isDirectory()) return false;
      if ((Number(stats.mode) & 0o777) !== entry.mode) chmodSync(to, entry.mode);
      return true;
    case 'link':
      return stats.isSymbolicLink() && readlinkSync(to) === entry.target;
    case 'file': {
      const before = seen.get(path);
      return stats.isFile() && before !== undefined && before.ino === stats.ino && before.ctimeNs === stats.ctimeNs;
    }
  }
}

function childrenOf(entries: ReadonlyMap<string, Entry>): ReadonlyMap<string, readonly string[]> {
  const children = new Map<string, string[]>();
  for (const path of entries.keys()) {
    const cut = path.lastIndexOf('/');
    const parent = cut < 0 ? '' : path.slice(0, cut);
    const names = children.get(parent);
    if (names) names.push(path.slice(cut + 1));
    else children.set(parent, [path.slice(cut + 1)]);
  }
  return children;
}

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

function writeOverlay(folder: string, file: Command['overlay'][number], untouched: ReadonlySet<string>): void {
  const parts = file.path.split('/');
  if (file.path.includes('\0') || parts.some((part) => part === '' || part === '.' || part === '..')) throw badOverlay(file.path, 'it is not a plain relative path');
  for (let i = 1; i <= parts.length; i += 1) {
    const above = parts.slice(0, i).join('/');
    if (untouched.has(above)) throw badOverlay(file.path, `${above} is read-only here`);
    const stats = lstatSync(join(folder, above), { throwIfNoEntry: false });
    if (stats?.isSymbolicLink()) throw badOverlay(file.path, `${above} is a symbolic link`);
  }
  const to = join(folder, file.path);
  if (file.text === null) {
    rmSync(to, { force: true });
    return;
  }
  mkdirSync(dirname(to), { recursive: true });
  const text = Buffer.from(file.text, file.encoding ?? 'utf8');
  writeFileSync(to, file.bom ? Buffer.concat([BOM, text]) : text);
}

const badOverlay = (path: string, why: string): RangeError =>
  new RangeError(`The file ${JSON.stringify(path)} cannot be changed in the snapshot: ${why}. Give a path of a regular file in the workspace.`);
