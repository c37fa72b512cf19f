/** Decides how git is asked so that nothing the repository configures is ever executed: design 05, "Git". */
import type { Git, GitStatus } from '../core/ports.ts';
import { Reference, RepositoryPath } from '../core/tools/git/arguments.ts';
import { createGitClient, GitFailed, type GitOptions, type GitRaw } from './gitClient.ts';
import { waitForIndexLock } from './gitLock.ts';
import { parseBlame, parseStatus } from './gitOutput.ts';

/** On diff, log, show, blame: no program of a diff driver, nothing inside submodules, no colour, the same prefixes everywhere. */
const PLAIN = ['--no-ext-diff', '--no-textconv'] as const;
const PLAIN_DIFF = [...PLAIN, '--no-color', '--submodule=short', '--src-prefix=a/', '--dst-prefix=b/'] as const;
const NO_SUBMODULES = '--ignore-submodules=all';
/** Arguments of one command; the rest goes into further calls. */
const PATHS_AT_ONCE = 500;
const LOG_MAX = 1_000;

/** @throws RangeError for a name or path that git could take for something else; @throws GitFailed with git's own words. */
export function createGit(root: string, options: GitOptions): Git {
  const client = createGitClient(root, options);

  return {
    async status(signal): Promise<GitStatus | undefined> {
      const raw = await client.open(signal);
      const here = raw && (await place(raw));
      if (!raw || !here) return undefined;
      const text = await raw.run(['status', '--porcelain=v2', '--branch', '-z', '--untracked-files=all', NO_SUBMODULES, '--', '.']);
      const { branch, head, changed } = parseStatus(text, here.prefix);
      const filtered = await filteredOf(raw, changed.map(({ path }) => path));
      return { branch, head, changed: changed.filter(({ path }) => !filtered.has(path)), filtered: [...filtered].sort() };
    },

    async diff({ ref, path }, signal) {
      const named = ref === undefined ? undefined : reference(ref);
      const at = path === undefined ? '.' : inside(path);
      const raw = await client.need(signal);
      const base = named === undefined ? ((await raw.try(['rev-parse', '--verify', '--quiet', 'HEAD'])) === undefined ? [] : ['HEAD']) : [named];
      return await raw.run(['diff', ...PLAIN_DIFF, NO_SUBMODULES, '--end-of-options', ...base, '--', at]);
    },

    async log({ max, path }, signal) {
      const at = path === undefined ? '.' : inside(path);
      const raw = await client.need(signal);
      if ((await raw.try(['rev-parse', '--verify', '--quiet', 'HEAD'])) === undefined) return [];
      const count = Math.max(1, Math.min(LOG_MAX, Math.trunc(max)));
      // An explicit format: `format.pretty` may hold %G, which runs gpg.program.
      const format = '--format=tformat:%H%x00%an%x00%aI%x00%s%x00';
      const text = await raw.run(['log', ...PLAIN, '--no-color', '--no-decorate', '--no-notes', '-z', format, `--max-count=${count}`, '--end-of-options', 'HEAD', '--', at]);
      const fields = text.split('\0');
      const commits = [];
      for (let i = 0; i + 3 < fields.length; i += 5) commits.push({ id: fields[i] ?? '', author: fields[i + 1] ?? '', at: fields[i + 2] ?? '', subject: fields[i + 3] ?? '' });
      return commits;
    },

    async show({ ref, path }, signal) {
      const named = reference(ref);
      const at = path === undefined ? undefined : inside(path);
      const raw = await client.need(signal);
      if (at === undefined) return await raw.run(['show', ...PLAIN_DIFF, '--no-notes', '--format=medium', '--end-of-options', `${named}^{commit}`, '--', '.']);
      const here = await place(raw);
      return await raw.run(['show', ...PLAIN_DIFF, '--end-of-options', `${named}:${here?.prefix ?? ''}${at}`]);
    },

    async blame(path, signal) {
      const at = inside(path);
      const raw = await client.need(signal);
      return parseBlame(await raw.run(['blame', ...PLAIN, '--line-porcelain', '--ignore-revs-file=', '--', at]));
    },

    async commit({ message, paths }, signal) {
      const named = paths.map(inside);
      return await commit(await client.need(signal), { message, paths: named }, signal);
    },

    async branch(name, signal) {
      reference(name);
      const raw = await client.need(signal);
      if ((await raw.try(['check-ref-format', '--branch', name])) === undefined) throw new GitFailed(`${JSON.stringify(name)} is not a name that git allows for a branch. Choose another.`);
      await waitForIndexLock(await gitFolder(raw), signal);
      await raw.run(['switch', '--quiet', '--no-guess', '-c', name]);
    },
  };
}

/** Where the workspace stands in its repository; undefined: no work tree. */
async function place(raw: GitRaw): Promise<{ readonly prefix: string } | undefined> {
  const answer = await raw.try(['rev-parse', '--is-inside-work-tree', '--show-prefix']);
  const [inside, prefix = ''] = answer?.split('\n') ?? [];
  return inside === 'true' ? { prefix } : undefined;
}

/** Paths, relative to the workspace, that git would run through a filter: they are neither compared nor committed. */
async function filteredOf(raw: GitRaw, paths: readonly string[]): Promise<ReadonlySet<string>> {
  const filtered = new Set<string>();
  for (let i = 0; i < paths.length; i += PATHS_AT_ONCE) {
    const fields = (await raw.run(['check-attr', '-z', 'filter', '--', ...paths.slice(i, i + PATHS_AT_ONCE)])).split('\0');
    for (let j = 0; j + 2 < fields.length; j += 3) {
      if (!['unspecified', 'unset'].includes(fields[j + 2] ?? '')) filtered.add(fields[j] ?? '');
    }
  }
  return filtered;
}

async function commit(raw: GitRaw, { message, paths }: { readonly message: string; readonly paths: readonly string[] }, signal: AbortSignal): Promise<{ readonly id: string }> {
  const filtered = await filteredOf(raw, paths);
  if (filtered.size > 0) throw new GitFailed(`These files are stored through a filter (LFS), which is not run here, so committing them would store the wrong content: ${[...filtered].join(', ')}. Commit them yourself.`);
  await waitForIndexLock(await gitFolder(raw), signal);
  await raw.run(['add', '--all', '--', ...paths]);
  await raw.run(['commit', '--quiet', '--no-verify', '--no-gpg-sign', '--no-status', '--cleanup=whitespace', '-m', message, '--only', '--', ...paths]);
  return { id: (await raw.run(['rev-parse', '--verify', 'HEAD'])).trim() };
}

const gitFolder = async (raw: GitRaw): Promise<string> => (await raw.run(['rev-parse', '--absolute-git-dir'])).replace(/\n$/u, '');

function reference(name: string): string {
  if (Reference.safeParse(name).success) return name;
  throw new RangeError(`${JSON.stringify(name.slice(0, 200))} is not a branch, tag or commit id. Name one, at most with ~n or ^n behind it.`);
}

function inside(path: string): string {
  if (RepositoryPath.safeParse(path).success) return path;
  throw new RangeError(`${JSON.stringify(path.slice(0, 200))} is not a path inside the work tree. Name a file relative to the workspace root.`);
}
