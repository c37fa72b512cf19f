/** Decides what a benchmark bug is on disk, which ones a sample takes, and how one becomes a git work tree. */
import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as z from 'zod';

/**
 * test/bench/bugs/<name>/: bug.json (this), base/ the tree with the bug, hidden/ files laid over it for the verdict only,
 * right/ files laid over it that fix the bug.
 */
const BugFile = z.strictObject({
  language: z.enum(['javascript', 'typescript', 'python', 'go', 'rust', 'java']),
  kind: z.enum(['one-line slip', 'missing guard', 'missing case', 'wrong order', 'two places', 'wrong assumption', 'stale cache', 'async race']),
  test: z.array(z.string()).min(1).nullable().describe('argv of the visible check, which fails on base; null: only words or a trace are given.'),
  hidden: z.array(z.string()).min(1).describe('argv of the hidden check, run after hidden/ was laid over the tree.'),
  touches: z.array(z.string()).min(1).describe('Files that the reference fix changes.'),
  outside: z.boolean().describe('The fix is needed outside the file that the failing test imports.'),
  within: z.string().nullable().default(null).describe('Folder of test/bench/bugs/_projects that is laid under base/: large projects are shared.'),
  words: z.string().nullable().default(null).describe('What a user would type, where there is no failing check.'),
});

export type Bug = z.infer<typeof BugFile> & { readonly name: string; readonly folder: string };

export const BUGS = fileURLToPath(new URL('./bugs/', import.meta.url));
const run = promisify(execFile);

/** Sorted by name. @throws z.ZodError with the file's name when a bug.json does not fit. */
export async function readBugs(root: string = BUGS): Promise<readonly Bug[]> {
  const names = (await readdir(root, { withFileTypes: true })).filter((entry) => entry.isDirectory() && !entry.name.startsWith('_')).map(({ name }) => name).sort();
  return Promise.all(names.map(async (name) => {
    const parsed = BugFile.safeParse(JSON.parse(await readFile(join(root, name, 'bug.json'), 'utf8')));
    if (!parsed.success) throw new Error(`${name}/bug.json: ${z.prettifyError(parsed.error)}`);
    if (parsed.data.test === null && parsed.data.words === null) throw new Error(`${name}/bug.json has neither a test nor words: nothing could be asked of the crew.`);
    return { ...parsed.data, name, folder: join(root, name) };
  }));
}

/**
 * Always the same bugs for the same count: the kinds of one language in turn, the languages by their share,
 * so that 12 of 40 look like the 40.
 */
export function sampleBugs(bugs: readonly Bug[], count: number): readonly Bug[] {
  const strata = new Map<string, Bug[]>();
  for (const bug of bugs.toSorted((a, b) => scatter(a.name) - scatter(b.name))) {
    const stratum = bug.language === 'typescript' ? 'javascript' : bug.language;
    strata.set(stratum, [...(strata.get(stratum) ?? []), bug]);
  }
  const placed = [...strata.values()].flatMap((stratum) => byKindInTurn(stratum).map((bug, index) => ({ bug, at: (index + 0.5) / stratum.length })));
  return placed.toSorted((a, b) => a.at - b.at || a.bug.name.localeCompare(b.bug.name)).slice(0, count).map(({ bug }) => bug);
}

function byKindInTurn(bugs: readonly Bug[]): readonly Bug[] {
  const seen = new Map<string, number>();
  const turns = bugs.map((bug) => {
    const turn = seen.get(bug.kind) ?? 0;
    seen.set(bug.kind, turn + 1);
    return { bug, turn };
  });
  return turns.toSorted((a, b) => a.turn - b.turn).map(({ bug }) => bug);
}

/** FNV-1a, 32 bits: an order that has nothing to do with the names. */
function scatter(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash;
}

/** Lays the bug out in `folder`, as a git repository with one commit. Neither hidden/ nor right/ is in it. */
export async function layOut(bug: Bug, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  if (bug.within !== null) await cp(join(bug.folder, '..', '_projects', bug.within), folder, { recursive: true });
  await cp(join(bug.folder, 'base'), folder, { recursive: true });
  const git = (...args: string[]): Promise<unknown> => run('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@localhost', '-c', 'commit.gpgsign=false', '-c', 'core.hooksPath=/dev/null', ...args], { cwd: folder });
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', '--all', '--force');
  await git('commit', '--quiet', '--message', 'Begin');
}

/** Lays one part of the bug over a tree. */
export async function layOver(bug: Bug, part: 'hidden' | 'right', folder: string): Promise<void> {
  const from = join(bug.folder, part);
  if (!(await stat(from).catch(() => undefined))?.isDirectory()) throw new Error(`${bug.name} has no folder ${part}/.`);
  await cp(from, folder, { recursive: true });
}
