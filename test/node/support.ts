/** Decides what the tests of this folder share: a temporary workspace, a real clock, limits, a repository. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock, Command, ProcessLimits } from '../../src/core/ports.ts';

export const never = new AbortController().signal;

export const clock: Clock = { now: () => Date.now(), elapsedMs: () => performance.now(), delay: async (ms, signal) => void (await delay(ms, undefined, { signal })) };

export const limits: ProcessLimits = { wallMs: 20_000, silenceMs: 20_000, outputBytes: 200 * 1024 * 1024, memoryBytes: 1024 * 1024 * 1024, processes: 128 };

export interface Scratch extends Disposable {
  readonly folder: string;
  /** Writes files below the folder: path → text; makes parents. */
  write(files: Readonly<Record<string, string>>): void;
}

/** A folder of its own, removed at the end. */
export function scratch(): Scratch {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'groundcrew-test-')));
  return {
    folder,
    write(files) {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export const command = (argv: readonly string[], more: Partial<Command> = {}): Command => ({
  argv, cwd: '', env: {}, overlay: [], kit: {}, collect: [], limits, confined: true, ...more,
});

/** The tests' own git: plain, with an identity and no configuration of the machine. */
export function git(folder: string, ...args: readonly string[]): string {
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder, GIT_CONFIG_NOSYSTEM: '1', GIT_AUTHOR_NAME: 'A', GIT_AUTHOR_EMAIL: 'a@test', GIT_COMMITTER_NAME: 'A', GIT_COMMITTER_EMAIL: 'a@test' };
  return execFileSync('git', ['-c', 'init.defaultBranch=main', ...args], { cwd: folder, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
