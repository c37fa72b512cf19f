/** Decides when a tree of processes takes more of the machine than it may: processes, memory in all its forms, the last of memory and disk. */
import { readlinkSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessLimits } from '../core/ports.ts';
import { readFolder, readText } from './procFiles.ts';

export interface Meter {
  /** A sentence's end when it takes too much. `inner`: the pid, outside, of the first process of its namespace. */
  over(inner: number | undefined): string | undefined;
  /** The same of the number of processes alone: cheap enough to be asked many times a second. */
  crowded(inner: number | undefined): string | undefined;
}

export interface Measured {
  readonly limits: ProcessLimits;
  /** Paths inside where what is written is memory. */
  readonly memoryFolders: readonly string[];
  /** Outside: its file system is the one that the tree writes to. */
  readonly folder: string;
  /** What is free, for tests. */
  readonly machine?: Machine;
}

export interface Machine {
  memory(): Room;
  disk(folder: string): Room;
}

export interface Room {
  readonly free: number;
  readonly whole: number;
}

/** Below this share a machine or its disk is full for everyone, and what took a gigabyte of it meanwhile is ended: what else grew is not known. */
const MEMORY_SHARE_LEFT = 0.1;
const DISK_SHARE_LEFT = 0.05;
const TAKEN_BYTES = 1024 * 1024 * 1024;

/** Linux only; elsewhere nothing is known and nothing is over. */
export function createMeter({ limits, memoryFolders, folder, machine = REAL }: Measured): Meter {
  const first = { memory: machine.memory(), disk: machine.disk(folder) };
  return {
    over(inner) {
      const disk = machine.disk(folder);
      if (isSpent(first.disk, disk, DISK_SHARE_LEFT)) return `${megabytes(disk.free)} are left on the disk, ${megabytes(first.disk.free)} were free when it began`;
      const memory = machine.memory();
      if (isSpent(first.memory, memory, MEMORY_SHARE_LEFT)) return `${megabytes(memory.free)} of this machine's memory are left, ${megabytes(first.memory.free)} were free when it began`;
      if (inner === undefined || isOurRoot(rootOf(inner))) return undefined;
      const fell = first.memory.free - memory.free;
      return memoryOver(inner, { limits, memoryFolders, mayHide: fell > limits.memoryBytes / 2 });
    },
    crowded(inner) {
      const count = inner === undefined ? 0 : pidsIn(inner).length;
      return count > limits.processes ? `${count} processes, ${limits.processes} allowed` : undefined;
    },
  };
}

function isSpent(first: Room, now: Room, share: number): boolean {
  return now.whole > 0 && now.free < now.whole * share && first.free - now.free > TAKEN_BYTES;
}

/** The sandbox's own /proc lists exactly its processes; while the sandbox is being made its root is still ours, and lists everyone's. */
function pidsIn(inner: number): readonly string[] {
  const root = rootOf(inner);
  return isOurRoot(root) ? [] : readFolder(`${root}/proc`).filter((name) => /^\d+$/u.test(name));
}

const rootOf = (inner: number): string => `/proc/${inner}/root`;

function isOurRoot(root: string): boolean {
  try {
    const [theirs, ours] = [statSync(root), statSync('/')];
    return theirs.dev === ours.dev && theirs.ino === ours.ino;
  } catch {
    return true; // gone: nothing to count
  }
}

/** `mayHide`: so much of the machine's went that what costs more to see is worth a look. */
function memoryOver(inner: number, { limits, memoryFolders, mayHide }: { readonly limits: ProcessLimits; readonly memoryFolders: readonly string[]; readonly mayHide: boolean }): string | undefined {
  const root = rootOf(inner);
  const folders = pidsIn(inner).map((pid) => join(root, 'proc', pid));
  const filed = sum(memoryFolders, (path) => usedBytes(join(root, path)));
  if (!mayHide && filed + sum(folders, privateBytes) <= limits.memoryBytes) return undefined;
  // Forked workers share pages: only the proportional count, which costs more to read, is fair to them.
  const counts = folders.map(proportional);
  // A file that is memory may be mapped too: the same pages are counted once.
  const shared = Math.max(filed + (mayHide ? namelessBytes(folders) : 0), sum(counts, (count) => count.shared));
  const bytes = shared + sum(counts, (count) => count.own);
  return bytes > limits.memoryBytes ? `${megabytes(bytes)} of memory${shared > 0 ? `, ${megabytes(shared)} of it shared or in files that are memory` : ''}, ${megabytes(limits.memoryBytes)} allowed` : undefined;
}

/** Pages of 4 KB: resident less file-backed (proc(5), statm). */
function privateBytes(folder: string): number {
  const [, resident = 0, shared = 0] = readText(`${folder}/statm`).split(' ').map(Number);
  return (resident - shared) * 4096;
}

function proportional(folder: string): { readonly own: number; readonly shared: number } {
  const text = readText(`${folder}/smaps_rollup`);
  const [own, shared] = ['Pss_Anon', 'Pss_Shmem'].map((name) => new RegExp(`^${name}:\\s+(\\d+) kB`, 'mu').exec(text)?.[1]);
  return { own: own === undefined ? privateBytes(folder) : Number(own) * 1024, shared: Number(shared ?? 0) * 1024 };
}

function usedBytes(path: string): number {
  try {
    const { type, blocks, bfree, bsize } = statfsSync(path);
    return type === TMPFS ? (blocks - bfree) * bsize : 0;
  } catch {
    return 0; // gone, or not made
  }
}

/** statfs(2). */
const TMPFS = 0x0102_1994;
/** statfs counts in units of 512 bytes: stat(2). */
const BLOCK_BYTES = 512;

/** memfd_create(2): memory behind a descriptor, in no folder and no mapping. */
function namelessBytes(folders: readonly string[]): number {
  const seen = new Map<string, number>();
  for (const folder of folders) {
    for (const name of readFolder(`${folder}/fd`)) {
      try {
        if (!readlinkSync(`${folder}/fd/${name}`).startsWith('/memfd:')) continue;
        const { dev, ino, blocks } = statSync(`${folder}/fd/${name}`);
        seen.set(`${dev} ${ino}`, blocks * BLOCK_BYTES);
      } catch {
        // Closed meanwhile.
      }
    }
  }
  return sum([...seen.values()], (bytes) => bytes);
}

const REAL: Machine = {
  memory() {
    const text = readText('/proc/meminfo');
    const of = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'mu').exec(text)?.[1] ?? 0) * 1024;
    return { free: of('MemAvailable'), whole: of('MemTotal') };
  },
  disk(folder) {
    try {
      const { bavail, blocks, bsize } = statfsSync(folder);
      return { free: bavail * bsize, whole: blocks * bsize };
    } catch {
      return { free: 0, whole: 0 };
    }
  },
};

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
const sum = <T>(list: readonly T[], of: (item: T) => number): number => list.reduce((total, item) => total + of(item), 0);
