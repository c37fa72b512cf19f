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

/** For the registry's `identify`: an approval of an argv ends when its meaning changes. `place`: a copy to look at instead. */
export function createCommandIdentity({ root, which, sandbox }: CommandIdentityOptions): (touches: Touches, signal?: AbortSignal, place?: string) => Promise<CommandIdentity> {
  return async ({ argv = [], check, cwd = '', confined }, _signal, place = root) => {
    const words = check?.argv ?? argv;
    const tree: Tree = { root, place, folder: check?.cwd ?? cwd };
    const { executable, inside } = await resolveProgram(words[0] ?? '', tree, which);
    const definitions = await definitionOf(words, tree, check === undefined);
    return {
      executable: inside === undefined ? executable : join(root, inside),
      executableSha256: inside === undefined ? '' : await hashOf(executable),
      // Narrower forms of a check share an approval, so the files that its words name are not in it.
      definedBy: check === undefined ? definitions : `${check.definedBy}\n${definitions}`,
      sandbox: confined === false ? 'none' : sandbox,
      environment: '',
    };
  };
}

/** The workspace, or a copy of it that lacks dependencies: what is not there is looked for in the workspace. */
interface Tree {
  readonly root: string;
  readonly place: string;
  /** Relative to both. */
  readonly folder: string;
}

/** Words looked at for scripts of the workspace: `node tools/x.mjs`, `bash build.sh`. */
const WORDS_MAX = 8;
const DEFINITION_BYTES_MAX = 4_000_000;
const MAKEFILES = ['GNUmakefile', 'makefile', 'Makefile', 'justfile', 'Justfile', 'Taskfile.yml', 'Rakefile', 'build.gradle', 'build.gradle.kts', 'pom.xml'];
const RUNS_FILES = /^(?:g?make|just|task|rake|gradle|gradlew|mvn|mvnw)$/;
const RUNS_SCRIPTS = /^(?:npm|pnpm|yarn|bun)$/;
/** They name the shell, or code that is loaded first. */
const SCRIPT_SETTINGS = ['.npmrc', '.pnpmfile.cjs', '.yarnrc', '.yarnrc.yml', 'bunfig.toml'];

async function resolveProgram(name: string, tree: Tree, which: CommandIdentityOptions['which']): Promise<{ readonly executable: string; readonly inside: string | undefined }> {
  if (name.includes('/')) {
    const found = await realIn(tree, name);
    if (found !== undefined) return { executable: found.absolute, inside: found.inside };
    return { executable: isAbsolute(name) ? await realpath(name).catch(() => name) : join(tree.root, tree.folder, name), inside: undefined };
  }
  const found = await which(name);
  return { executable: found === undefined ? '' : await realpath(found).catch(() => found), inside: undefined };
}

/** Where a word leads in the tree; undefined: nowhere in it. */
async function realIn({ root, place, folder }: Tree, word: string): Promise<{ readonly absolute: string; readonly inside: string } | undefined> {
  const named = isAbsolute(word) ? (isWithin(root, word) ? word.slice(root.length + 1) : undefined) : join(folder, word);
  if (named === undefined) return undefined;
  for (const base of place === root ? [root] : [place, root]) {
    const absolute = await realpath(join(base, named)).catch(() => undefined);
    if (absolute === undefined) continue;
    for (const top of [base, root]) if (isWithin(top, absolute)) return { absolute, inside: absolute.slice(top.length + 1) };
    return undefined;
  }
  return undefined;
}

/** One hash over everything in the workspace that says what the words do; "" where nothing does. */
async function definitionOf(words: readonly string[], tree: Tree, namesFiles: boolean): Promise<string> {
  const name = (words[0] ?? '').replace(/^.*\//, '');
  const folder = join(tree.place, tree.folder);
  const parts: string[] = [];
  if (RUNS_SCRIPTS.test(name)) parts.push(await scriptsOf(folder), ...(await Promise.all(SCRIPT_SETTINGS.flatMap((file) => [...new Set([join(folder, file), join(tree.place, file)])].map(hashOf)))));
  if (RUNS_FILES.test(name)) for (const file of MAKEFILES) parts.push(...(await withIncludes(join(folder, file), tree.place)));
  for (const word of namesFiles ? words.slice(1, WORDS_MAX) : []) {
    if (word.startsWith('-')) continue;
    const found = await realIn(tree, word);
    if (found !== undefined) parts.push(await hashOf(found.absolute));
  }
  return parts.every((part) => part === '') ? '' : sha256Of(Buffer.from(parts.join('\n')));
}

/** Files that one includes by a plain name, and those that they include. */
const INCLUDES_MAX = 20;

async function withIncludes(file: string, top: string): Promise<readonly string[]> {
  const hashes: string[] = [];
  const waiting = [file];
  const seen = new Set<string>();
  for (let next = waiting.shift(); next !== undefined && seen.size < INCLUDES_MAX; next = waiting.shift()) {
    if (seen.has(next) || !isWithin(top, next)) continue;
    seen.add(next);
    hashes.push(await hashOf(next));
    const text = await textOf(next);
    const folder = join(file, '..');
    waiting.push(...[...text.matchAll(/^(?:-|s)?include[ \t]+(.+)$/gmu)].flatMap((match) => (match[1] ?? '').trim().split(/\s+/u)).map((name) => join(folder, name)));
  }
  return hashes;
}

async function textOf(file: string): Promise<string> {
  const stats = await lstat(file).catch(() => undefined);
  return stats?.isFile() === true && stats.size <= DEFINITION_BYTES_MAX ? await readFile(file, 'utf8').catch(() => '') : '';
}

/** All scripts: one may call another, and a pre or post script runs along. */
async function scriptsOf(folder: string): Promise<string> {
  const text = await textOf(join(folder, 'package.json'));
  if (text === '') return '';
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
