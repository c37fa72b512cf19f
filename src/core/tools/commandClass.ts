/**
 * Decides whether an argv only reads (class read), must be asked for (ask), or never runs (never). The sandbox is the boundary;
 * this decides no more than whether to ask, so whatever is not known here asks.
 */
import { READERS } from './commandReaders.ts';
import { sensitivityOf } from './protectedPaths.ts';
import { glimpse } from './shellText.ts';

export interface CommandClass {
  readonly class: 'read' | 'ask' | 'never';
  readonly reason: string;
}

/** Words after a wrapper are looked at so many times. */
const WRAPPERS_MAX = 4;
const WORDS_MAX = 1_000;
const WORD_CHARS_MAX = 8_192;

export function classifyCommand(argv: readonly string[]): CommandClass {
  const never = whyNever(argv);
  if (never !== undefined) return { class: 'never', reason: never };
  const why = whyAsk(argv);
  return why === undefined ? { class: 'read', reason: `${argv[0]} only reads` } : { class: 'ask', reason: why };
}

/** What a command that was not asked for does not see: only git needs the repository's folder, which holds addresses with passwords. */
export function hiddenFrom(commands: readonly (readonly string[])[]): 'secrets' | 'secrets-and-git' | undefined {
  if (!commands.every((argv) => classifyCommand(argv).class === 'read')) return undefined;
  return commands.some(([program]) => program === 'git') ? 'secrets' : 'secrets-and-git';
}

/** Words of commits are words of whoever wrote them, by whatever tool they are read. */
export function labelOfCommands(commands: readonly (readonly string[])[]): 'X' | undefined {
  return commands.some((argv) => argv[0] === 'git' && argv.some((word) => /^(?:log|show|blame|annotate|shortlog|whatchanged|reflog|cat-file|notes)$/u.test(word))) ? 'X' : undefined;
}

/** Reach beyond the workspace, the sandbox or the user's own rights; no approval makes them useful to a repair. */
const NEVER: ReadonlyMap<string, string> = new Map([
  ...words('sudo su doas pkexec runuser run0 gosu setpriv capsh', 'takes rights that a crew must not have'),
  ...words('code code-insiders codium cursor windsurf xdg-open open gio gnome-open sensible-browser wslview', 'drives programs of the desktop'),
  ...words('docker podman nerdctl kubectl lxc machinectl nsenter unshare chroot bwrap flatpak-spawn', 'leaves the sandbox'),
  ...words('systemd-run systemctl service at batch crontab launchctl schtasks loginctl', 'starts work that outlives the run'),
  ...words('mkfs fdisk parted mount umount swapoff insmod modprobe reboot shutdown halt poweroff', 'changes the machine'),
  ...words('ssh scp sftp rsync nc ncat netcat socat telnet', 'talks to other machines'),
  ...words('security secret-tool keyctl gpg gpg-agent ssh-add pass', 'reads keys'),
]);

function words(names: string, reason: string): readonly (readonly [string, string])[] {
  return names.split(' ').map((name) => [name, reason] as const);
}

/** Of a line of shell: what would never run wherever a command can begin in it, and variables that change what other programs run. */
export function whyNeverText(text: string): string | undefined {
  const { commands, variables } = glimpse(text);
  const variable = variables.find((name) => STEERING.test(name));
  if (variable !== undefined) return `it sets ${variable}, which decides what other programs run`;
  return commands.map((argv) => whyNever(argv)).find((why) => why !== undefined);
}

/** Environment variables by which one program is made to run another, or another's code. */
const STEERING = /^(?:GIT_\w+|LD_\w+|DYLD_\w+|PATH|IFS|ENV|BASH_ENV|BASH_FUNC_\w*|SHELLOPTS|BASHOPTS|PS4|PROMPT_COMMAND|NODE_OPTIONS|NODE_PATH|npm_config_\w+|PYTHON\w+|PERL5\w+|PERLLIB|RUBY(?:OPT|LIB)|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA_OPTIONS|(?:MAN|GIT_)?PAGER|LESS(?:OPEN|CLOSE)|EDITOR|VISUAL|BROWSER|RUSTC?_WRAPPER|RUSTC|CARGO_\w+|GO(?:FLAGS|PROXY|ENV|TOOLCHAIN)|CC|CXX|MAKEFLAGS|GLOBIGNORE|HOME|TMPDIR|XDG_\w+|http_proxy|https_proxy|ALL_PROXY)$/iu;

/** Looks behind wrappers and at each sub-command that can be seen, and errs towards never. */
function whyNever(argv: readonly string[]): string | undefined {
  let rest = argv;
  const variable = baseName(argv[0] ?? '') === 'env' ? argv.flatMap((word) => /^([A-Za-z_]\w*)=/u.exec(word)?.[1] ?? []).find((name) => STEERING.test(name)) : undefined;
  if (variable !== undefined) return `it sets ${variable}, which decides what other programs run`;
  for (let depth = 0; depth <= WRAPPERS_MAX; depth += 1) {
    const name = baseName(rest[0] ?? '');
    const reason = NEVER.get(name) ?? NEVER.get(name.replace(/\..*$/u, ''));
    if (reason !== undefined) return `${name} ${reason}`;
    if (name === 'rm' && isCatastrophic(rest.slice(1))) return 'rm -r of a whole root, home or workspace is never run';
    if (name === 'kill' || name === 'pkill' || name === 'killall') return `${name} ends processes that are not the crew's`;
    const text = SHELLS.test(name) ? textOf(rest) : undefined;
    if (text !== undefined) return whyNeverText(text);
    const git = name === 'git' ? whyNeverGit(rest.slice(1)) : undefined;
    if (git !== undefined) return git;
    const inner = behindWrapper(rest);
    if (inner === undefined) return undefined;
    rest = inner;
  }
  return 'so many wrappers around a command only hide it';
}

const SHELLS = /^(?:ba|da|z|k|a|mk|fi|c|tc)?sh$/u;

/** What `sh -c` is given. */
function textOf(argv: readonly string[]): string | undefined {
  const at = argv.findIndex((word, index) => index > 0 && /^-[a-z]*c[a-z]*$/u.test(word));
  return at < 0 ? undefined : argv.slice(at + 1).find((word) => !word.startsWith('-'));
}

/** Commands of git that throw work away, rewrite configuration, or run programs of the repository's choice (design 05). */
const GIT_NEVER = new Set(
  'reset clean stash config filter-branch filter-repo bisect difftool mergetool gc prune reflog update-ref symbolic-ref daemon instaweb credential credential-store fast-import hook maintenance send-email submodule worktree remote rebase'.split(' '),
);

function whyNeverGit(args: readonly string[]): string | undefined {
  const at = args.findIndex((word) => !word.startsWith('-'));
  const options = at < 0 ? args : args.slice(0, at);
  if (options.some((word) => /^-[cC]|^--(?:git-dir|work-tree|exec-path|config-env|namespace|super-prefix)/u.test(word))) return 'git options that change its configuration or place are never passed';
  const command = args[at] ?? '';
  if (GIT_NEVER.has(command)) return `git ${command} throws work away, or runs what the repository configures`;
  const after = args.slice(at + 1);
  const bad = after.find((word) => /^--(?:out|no-ind|ext-|textc|open-f|cont|exec|upload-p|receive-p)|^-O./u.test(word));
  return bad === undefined ? undefined : `git ${command} ${bad} writes, runs a program, or reads outside the repository`;
}

/** The whole of something: /, ~, $HOME, ., .., *, a top-level folder, or a home. Flags in any spelling. */
function isCatastrophic(args: readonly string[]): boolean {
  const recursive = args.some((word) => /^-[a-zA-Z]*[rR]/u.test(word) || /^--r/u.test(word));
  const whole = /^(?:~[^/]*|\$\{?HOME\}?|\$\{?PWD\}?|\.{1,2}|\*|(?:\/[^/]*){1}|\/(?:home|Users)\/[^/]*)(?:\/\.?|\/\*|\/\.\*)*$/u;
  return recursive && args.some((word) => !word.startsWith('-') && whole.test(word.replace(/\/{2,}/gu, '/')));
}

/** undefined: it only reads. */
function whyAsk(argv: readonly string[]): string | undefined {
  const [program = '', ...args] = argv;
  if (argv.length === 0 || program === '') return 'there is no program';
  if (argv.length > WORDS_MAX || argv.some((word) => word.length > WORD_CHARS_MAX)) return 'it is too long to judge';
  if (argv.some((word) => /[\x00-\x08\x0a-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u.test(word))) return 'it holds characters that cannot be seen';
  // ./git is not git: a path names some program, and its last part proves nothing.
  if (program.includes('/') || program.includes('\\')) return `${program} is a program of a given place`;
  const reader = Object.hasOwn(READERS, program) ? READERS[program] : undefined;
  if (reader === undefined) return `${program} is not known to only read`;
  const { why, paths } = reader(args);
  const secret = paths.find(isSecret);
  return why ?? (secret === undefined ? undefined : `${secret} may hold secrets`);
}

/** The workspace itself ("." or "./") is no secret. */
function isSecret(path: string): boolean {
  const found = /^[./]*$/u.test(path) ? 'ordinary' : sensitivityOf(path, path);
  return found === 'secret' || found === 'never';
}

/** Words of an argv that name files, as far as its program is known: the path broker refuses those outside before anyone is asked. */
export function pathsOfCommand(argv: readonly string[]): readonly string[] {
  const [program = '', ...args] = argv;
  const reader = Object.hasOwn(READERS, program) ? READERS[program] : undefined;
  return reader === undefined ? [] : reader(args).paths.filter((path) => path !== '-');
}

/** Wrappers with the options that take a word of their own. */
const WRAPPERS: Readonly<Record<string, RegExp>> = {
  env: /^-[uCS]$|^--(?:unset|chdir|split-string)$/u,
  time: /^-[fo]$/u,
  timeout: /^-[ks]$/u,
  nice: /^-n$/u,
  ionice: /^-[cnp]$/u,
  nohup: /^$/u,
  setsid: /^$/u,
  stdbuf: /^-[ioe]$/u,
  command: /^$/u,
  builtin: /^$/u,
  exec: /^-a$/u,
  busybox: /^$/u,
  toybox: /^$/u,
  xargs: /^-[adEIiLlnPs]$/u,
  chrt: /^$/u,
  taskset: /^$/u,
  prlimit: /^$/u,
  watch: /^-n$/u,
  parallel: /^-[jIa]$/u,
  npx: /^-[pc]$/u,
};

/** The wrapped argv as well as can be told; only used to find what never runs. */
function behindWrapper(argv: readonly string[]): readonly string[] | undefined {
  const name = baseName(argv[0] ?? '');
  const takesWord = Object.hasOwn(WRAPPERS, name) ? WRAPPERS[name] : undefined;
  if (takesWord === undefined) return undefined;
  let at = 1;
  for (let word = argv[at]; word !== undefined; word = argv[at]) {
    if (word.startsWith('-')) at += takesWord.test(word) ? 2 : 1;
    else if (name === 'env' && /^[A-Za-z_]\w*=/u.test(word)) at += 1;
    else if ((name === 'timeout' || name === 'taskset' || name === 'chrt') && /^[\d.]+[smhd]?$|^0x/u.test(word)) at += 1;
    else break;
  }
  return at >= argv.length ? undefined : argv.slice(at);
}

const baseName = (word: string): string => word.replace(/^.*[\\/]/u, '').toLowerCase().replace(/\.exe$/u, '');
