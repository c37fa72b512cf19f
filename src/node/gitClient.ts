/** Decides what every single git call carries: the recipe of design 05 (0 of 285 hostile configurations ran code with it, 76 without). */
import { type SimpleGit, simpleGit } from 'simple-git';

/** Every answer is read into memory: a diff of generated files must not fill it. */
const OUTPUT_BYTES_MAX = 20 * 1024 * 1024;

/** What a repository can make git run, switched off. Order as in design 05; gc, maintenance and lazy fetches besides. */
const RECIPE = [
  'core.fsmonitor=false', 'core.hooksPath=/dev/null', 'diff.external=', 'core.pager=cat', 'log.showSignature=false', 'commit.gpgSign=false', 'tag.gpgSign=false',
  'core.sshCommand=false', 'credential.helper=', 'protocol.allow=never', 'safe.bareRepository=explicit', 'submodule.recurse=false',
  'gc.auto=0', 'maintenance.auto=false', 'core.alternateRefsCommand=', 'core.untrackedCache=false', 'color.ui=false',
] as const;

/** simple-git refuses to set these keys for others' sake; here each is set to nothing. Everything else stays refused. */
const UNSAFE = {
  allowUnsafeFsMonitor: true,
  allowUnsafeHooksPath: true,
  allowUnsafeDiffExternal: true,
  allowUnsafePager: true,
  allowUnsafeSshCommand: true,
  allowUnsafeCredentialHelper: true,
  allowUnsafeProtocolOverride: true,
  allowUnsafeFilter: true,
  allowUnsafeEditor: true,
} as const;

export interface GitOptions {
  /** The user's environment: HOME is read from it, every GIT_* is dropped. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute path of git, found on the user's own PATH; undefined: there is none, and status says so by undefined. */
  readonly program: string | undefined;
}

/** git refused; the message holds its own words. */
export class GitFailed extends Error {
  override readonly name = 'GitFailed';
}

export interface GitRaw {
  /** @throws GitFailed. */
  run(args: readonly string[]): Promise<string>;
  /** undefined: git ended with another code than 0. */
  try(args: readonly string[]): Promise<string | undefined>;
}

export interface GitClient {
  /** undefined: there is no git, or no repository here. */
  open(signal: AbortSignal): Promise<GitRaw | undefined>;
  /** @throws GitFailed where open gives undefined. */
  need(signal: AbortSignal): Promise<GitRaw>;
}

export function createGitClient(root: string, { env, program }: GitOptions): GitClient {
  const clean = cleanEnvironment(env);

  function connect(config: readonly string[], signal: AbortSignal): GitRaw {
    const run = async (args: readonly string[]): Promise<string> => {
      const flood = new AbortController();
      const git: SimpleGit = simpleGit({
        baseDir: root, binary: program ?? 'git', config: [...config], unsafe: UNSAFE, allowEnvironment: Object.keys(OURS), trimmed: false, maxConcurrentProcesses: 1,
        abort: AbortSignal.any([signal, flood.signal]),
        // By default an exit code without words on stderr counts as success.
        errors: (error, { exitCode, stdErr }) => error ?? (exitCode === 0 ? undefined : Buffer.concat([...stdErr, Buffer.from(`exit ${exitCode}`)])),
      });
      git.env(clean).outputHandler((_command, stdout) => {
        let bytes = 0;
        stdout.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > OUTPUT_BYTES_MAX) flood.abort();
        });
      });
      try {
        return await git.raw(['--no-pager', ...args]);
      } catch (error) {
        signal.throwIfAborted();
        if (flood.signal.aborted) throw new GitFailed(`git ${args[0]} gave more than ${OUTPUT_BYTES_MAX / 1024 / 1024} MB. Name a path to ask for less.`, { cause: error });
        throw new GitFailed(`git ${args[0]} failed: ${error instanceof Error ? error.message.trim() : String(error)}`, { cause: error });
      }
    };
    return {
      run,
      async try(args) {
        try {
          return await run(args);
        } catch {
          signal.throwIfAborted();
          return undefined;
        }
      },
    };
  }

  async function open(signal: AbortSignal): Promise<GitRaw | undefined> {
    if (program === undefined) return undefined;
    const bare = connect(RECIPE, signal);
    const [names, inside] = await Promise.all([bare.try(['config', '--list', '--name-only', '-z', '--includes']), bare.try(['rev-parse', '--git-dir'])]);
    if (names === undefined || inside === undefined) return undefined;
    return connect([...RECIPE, ...withoutDrivers(names.split('\0'))], signal);
  }

  return {
    open,
    async need(signal) {
      const raw = await open(signal);
      if (raw === undefined) throw new GitFailed(program === undefined ? 'git is not installed. Install it, or go on without.' : `${root} is not in a git repository.`);
      return raw;
    },
  };
}

/** Filters run on status, diff and add for paths that .gitattributes names; each driver is emptied by name. */
function withoutDrivers(names: readonly string[]): readonly string[] {
  const drivers = new Set(names.flatMap((name) => /^filter\.(.+)\.(?:clean|smudge|process|required)$/su.exec(name)?.[1] ?? []));
  return [...drivers].flatMap((driver) => {
    // `-c` splits at the first `=`: such a name cannot be switched off, and nobody needs one.
    if (/[=\x00-\x1f]/u.test(driver)) throw new GitFailed(`The repository configures a filter named ${JSON.stringify(driver)}, which cannot be switched off. Remove it from .git/config to use git here.`);
    return [`filter.${driver}.clean=`, `filter.${driver}.smudge=`, `filter.${driver}.process=`, `filter.${driver}.required=false`];
  });
}

/** What git needs of the user's environment, and none of its own variables but ours. */
const OURS = {
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  GIT_EDITOR: 'true',
  GIT_CONFIG_NOSYSTEM: '1',
  // A path is a name, never a pattern; a partial clone fetches nothing.
  GIT_LITERAL_PATHSPECS: '1',
  GIT_NO_LAZY_FETCH: '1',
} as const;

function cleanEnvironment(env: GitOptions['env']): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of ['HOME', 'PATH', 'USER', 'LOGNAME', 'XDG_CONFIG_HOME', 'TMPDIR', 'SYSTEMROOT']) {
    const value = env[name];
    if (value !== undefined) kept[name] = value;
  }
  return { ...kept, LC_ALL: 'C.UTF-8', ...OURS };
}
