/** Decides how long another git may hold the index, and tells who does; the lock itself is never touched. */
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Design 05, "Git". */
export const LOCK_WAIT_MS = 10_000;
const LOOK_MS = 50;

/** @throws Error naming the process that holds the lock, or that none does. */
export async function waitForIndexLock(gitFolder: string, signal: AbortSignal, waitMs = LOCK_WAIT_MS): Promise<void> {
  const lock = join(gitFolder, 'index.lock');
  const until = performance.now() + waitMs;
  while (existsSync(lock)) {
    if (performance.now() >= until) throw new Error(`${lock} has been there for ${waitMs / 1000} s. ${holder(lock)}`);
    await delay(LOOK_MS, undefined, { signal });
  }
}

function holder(lock: string): string {
  for (const pid of namesIn('/proc').filter((name) => /^\d+$/u.test(name))) {
    if (!namesIn(`/proc/${pid}/fd`).some((descriptor) => linkOf(`/proc/${pid}/fd/${descriptor}`) === lock)) continue;
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim();
    return `Process ${pid} holds it (${command.slice(0, 200)}). Let it end, then try again.`;
  }
  return 'No process that can be seen has it open: a git that was killed may have left it. If no git is at work, remove it, then try again.';
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
