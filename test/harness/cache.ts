/** Decides where the harness keeps what it made, and whether the disk has room for more. */
import { mkdir, statfs } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { sizeText } from './progress.ts';

/** What was asked for cannot be had here; `remedy` is what the user can do. */
export interface Unavailable {
  readonly kind: 'unavailable';
  readonly reason: string;
  readonly remedy: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

export function cacheFolder(env: Environment): string {
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'groundcrew');
}

/** undefined: there is room. */
export async function tryRoom(folder: string, neededBytes: number, what: string): Promise<Unavailable | undefined> {
  await mkdir(folder, { recursive: true });
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= neededBytes) return undefined;
  return {
    kind: 'unavailable',
    reason: `${what} needs ${sizeText(neededBytes)} in ${folder}, which has ${sizeText(bavail * bsize)} left`,
    remedy: 'free disk space, or point XDG_CACHE_HOME to a larger disk',
  };
}
