/** Decides what an argv means on this machine now: which program it is and what in the workspace defines what it does. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readFile, realpath } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import * as z from 'zod';
import type { CommandIdentity } from '../core/tools/digest.ts';
import { isWithin } from '../core/tools/lexicalPath.ts';
import type { Touches } from '../core/tools/tool.ts';
import { sha256Of } from './fileText.ts';

export interface CommandIdentityOptions {
  /** Real path of the workspace. */
  readonly root: string;
  /** Absolute path on the user's own PATH, the workspace left out. */
  readonly which: (name: string) => Promise<string | undefined>;
  /** Name of the sandbox that is used; "none" outside. */
  readonly sandbox: string;
}

/** For the registry's `identify`: an approval of an argv ends when its meaning changes. */
export function createCommandIdentity({ root, which, sandbox }: CommandIdentityOptions): (touches: Touches) => Promise<CommandIdentity> {
  return async ({ argv = [], check, cwd = '', confined }) => {
    const words = check?.argv ?? argv;
    const folder = join(root, check?.cwd ?? cwd);
    const executable = await resolveProgram(words[0] ?? '', folder, which);
    return {
      executable,
      executableSha256: isWithin(root, executable) ? await hashOf(executable) : '',
      definedBy: check === undefined ? await definitionOf(words, folder, root) : check.definedBy,
      sandbox: confined === false ? 'none' : sandbox,
      environment: '',
    };
  };
}

/** Words looked at for scripts of the workspace: `node tools/x.mjs`, `bash build.sh`. */
const WORDS_MAX = 8;
const DEFINITION_BYTES_MAX = 4_000_000;
const MAKEFILES = ['GNUmakefile', 'makefile', 'Makefile', 'justfile', 'Justfile', 'Taskfile.yml', 'Rakefile', 'build.gradle', 'build.gradle.kts', 'pom.xml'];
const RUNS_FILES = /^(?:g?make|just|task|rake|gradle|gradlew|mvn|mvnw)$/;
const RUNS_SCRIPTS = /^(?:npm|pnpm|yarn|bun)$/;

async function resolveProgram(name: string, folder: string, which: CommandIdentityOptions['which']): Promise<string> {
  const found = name.includes('/') ? (isAbsolute(name) ? name : join(folder, name)) : await which(name);
  return found === undefined ? '' : await realpath(found).catch(() => found);
}

/** One hash over everything in the workspace that says what the words do; "" where nothing does. */
async function definitionOf(words: readonly string[], folder: string, root: string): Promise<string> {
  const name = (words[0] ?? '').replace(/^.*\//, '');
  const parts: string[] = [];
  if (RUNS_SCRIPTS.test(name)) parts.push(await scriptsOf(folder));
  if (RUNS_FILES.test(name)) for (const file of MAKEFILES) parts.push(await hashOf(join(folder, file)));
  for (const word of words.slice(1, WORDS_MAX)) {
    if (word.startsWith('-')) continue;
    const path = await realpath(isAbsolute(word) ? word : join(folder, word)).catch(() => undefined);
    if (path !== undefined && isWithin(root, path)) parts.push(await hashOf(path));
  }
  return parts.every((part) => part === '') ? '' : sha256Of(Buffer.from(parts.join('\n')));
}

/** All scripts: one may call another, and a pre or post script runs along. */
async function scriptsOf(folder: string): Promise<string> {
  const stats = await lstat(join(folder, 'package.json')).catch(() => undefined);
  if (stats === undefined || !stats.isFile() || stats.size > DEFINITION_BYTES_MAX) return '';
  const text = await readFile(join(folder, 'package.json'), 'utf8');
  const parsed = z.object({ scripts: z.record(z.string(), z.unknown()).default({}) }).safeParse(tryJson(text));
  return parsed.success ? JSON.stringify(parsed.data.scripts) : sha256Of(Buffer.from(text));
}

async function hashOf(path: string): Promise<string> {
  const stats = await lstat(path).catch(() => undefined);
  if (stats === undefined || !stats.isFile()) return '';
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
