/** Decides what a benchmark pair for reviews is on disk: one small file twice, clean and with one planted bug, and where the bug stands. */
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as z from 'zod';

/** test/bench/reviews/<name>/: review.json (this), clean.<ext>, wrong.<ext>. */
const PairFile = z.strictObject({
  path: z.string().describe('Where the file stands in the workspace.'),
  category: z.enum(['bug', 'security', 'concurrency', 'resource', 'api-misuse']),
  line: z.int().min(1).describe('The planted bug, in wrong.<ext>; where a line is missing, the one after it.'),
  also: z.array(z.int().min(1)).describe('Lines that name the same bug as well.'),
  mode: z.enum(['file', 'change']).describe('file: named and read whole. change: --changes, HEAD being the other one of the pair.'),
  why: z.string(),
});

export type Pair = z.infer<typeof PairFile> & { readonly name: string; readonly clean: string; readonly wrong: string };
export type Side = 'clean' | 'wrong';

export const REVIEWS = fileURLToPath(new URL('./reviews/', import.meta.url));

/** Sorted by name. @throws Error naming the pair whose file does not fit. */
export async function readPairs(root: string = REVIEWS): Promise<readonly Pair[]> {
  const names = (await readdir(root, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map(({ name }) => name).sort();
  return await Promise.all(names.map(async (name) => {
    const parsed = PairFile.safeParse(JSON.parse(await readFile(join(root, name, 'review.json'), 'utf8')));
    if (!parsed.success) throw new Error(`${name}/review.json: ${z.prettifyError(parsed.error)}`);
    const extension = parsed.data.path.slice(parsed.data.path.lastIndexOf('.'));
    const [clean, wrong] = await Promise.all((['clean', 'wrong'] as const).map(async (side) => await readFile(join(root, name, side + extension), 'utf8')));
    return { ...parsed.data, name, clean: clean ?? '', wrong: wrong ?? '' };
  }));
}

/** Spread evenly over the names, always the same for the same count. */
export function samplePairs(pairs: readonly Pair[], count: number): readonly Pair[] {
  if (count >= pairs.length) return pairs;
  return Array.from({ length: count }, (_, index) => pairs[Math.floor((index * pairs.length) / count)]).flatMap((pair) => pair ?? []);
}

/** A git work tree with the one file; under `change` the other side of the pair is what HEAD holds. */
export async function layOutPair(pair: Pair, side: Side, folder: string): Promise<void> {
  const git = async (...args: string[]): Promise<unknown> => await promisify(execFile)('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@localhost', '-c', 'commit.gpgsign=false', '-c', 'core.hooksPath=/dev/null', ...args], { cwd: folder });
  const path = join(folder, pair.path);
  await mkdir(dirname(path), { recursive: true });
  if (/\.[jt]s$/.test(pair.path)) await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n');
  await git('init', '--quiet', '--initial-branch=main');
  await writeFile(path, pair.mode === 'change' ? pair[side === 'clean' ? 'wrong' : 'clean'] : pair[side]);
  await git('add', '--all');
  await git('commit', '--quiet', '--message', 'Begin');
  await writeFile(path, pair[side]);
}

/** Off by one line is the same place to a reader. */
export function namesBug(pair: Pair, line: number): boolean {
  return [pair.line, ...pair.also].some((one) => Math.abs(one - line) <= 1);
}
