/** Decides what a confined command can see on Linux: the bubblewrap profile, as arguments, and the small /etc that stands in for the real one. */
import { cpSync, lstatSync, mkdirSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ProcessLimits } from '../core/ports.ts';
import { rootsFiles } from './rootsFiles.ts';
import { systemCallFilter } from './seccomp.ts';

/** Where our helper files and the folder to write to stand inside. */
export const KIT_INSIDE = '/groundcrew/kit';
export const OUT_INSIDE = '/groundcrew/out';
/** The file descriptor that bubblewrap tells its child's pid and exit code on. */
export const STATUS_FD = 3;
/** The one that it reads the filter of system calls from. */
export const FILTER_FD = 4;
/** $0 of the wrapper that sets limits: begins its message where the program cannot be executed. */
export const STARTER = 'groundcrew-start';

/** tmpfs is memory: what a test writes to /tmp and home. */
const TMP_BYTES = 1024 * 1024 * 1024;
/** V8 and the JVM commit so much more than they touch (Node 24 at rest: about 0.3 GB). */
const UNTOUCHED_BYTES = 2 * 1024 * 1024 * 1024;
const FILE_BYTES_MAX = 2 * 1024 * 1024 * 1024;
const CORE_BYTES_MAX = 0;

/** Caches that tools keep inside node_modules: an empty one each time, where the folder exists (a mount needs its place). */
export const CACHES_IN_DEPENDENCIES = ['.cache', '.vite', '.vite-temp', '.vitest'] as const;

export interface Profile {
  readonly root: string;
  readonly home: string;
  /** Made by makeEtc. */
  readonly etc: string;
  /** Folder of our own home files, bound one by one: names from Needs.homeFiles. */
  readonly homeFilesFolder: string;
  readonly homeFiles: readonly string[];
  readonly readOnly: readonly string[];
  readonly writable: readonly string[];
  /** The filter of system calls, to be open at FILTER_FD; undefined: this processor's calls are not known. */
  readonly filter?: string | undefined;
  /** What of the workspace is bound from the real one, read-only: path below root → absolute source. */
  readonly dependencies: readonly { readonly path: string; readonly source: string; readonly caches: readonly string[] }[];
}

export interface Place {
  /** The copy of the workspace that stands at the workspace's own path. */
  readonly slot: string;
  /** Shown read-only for this command alone: a program that its argv names by a path of its own. */
  readonly also: readonly string[];
  /** Sockets in what is shown, by their path inside: covered. */
  readonly sockets: readonly string[];
  readonly kit: string;
  readonly out: string;
  /** Absolute, inside. */
  readonly cwd: string;
}

/**
 * Arguments of bwrap up to and including `--`. Order matters: a later mount covers an earlier one, so the private home comes before
 * what is shown of it, and the workspace before its dependencies.
 */
export function bubblewrapArguments(profile: Profile, place: Place, env: Readonly<Record<string, string>>): string[] {
  return [
    '--unshare-all', '--die-with-parent', '--new-session', '--cap-drop', 'ALL', '--clearenv',
    ...['--json-status-fd', String(STATUS_FD), ...(profile.filter === undefined ? [] : ['--seccomp', String(FILTER_FD)])],
    ...['--ro-bind', '/usr', '/usr', ...systemLinks(), '--ro-bind', profile.etc, '/etc', '--ro-bind-try', `/etc/${ETC_BOUND}`, `/etc/${ETC_BOUND}`],
    ...['--proc', '/proc', ...rootsFiles().flatMap((path) => ['--ro-bind-try', path, path]), '--dev', '/dev'],
    ...['--size', String(TMP_BYTES), '--tmpfs', '/dev/shm', '--remount-ro', '/dev'],
    ...['--size', String(TMP_BYTES), '--tmpfs', '/tmp', '--size', String(TMP_BYTES), '--tmpfs', profile.home],
    ...profile.homeFiles.flatMap((name) => ['--ro-bind', join(profile.homeFilesFolder, name), join(profile.home, name)]),
    ...profile.readOnly.flatMap((path) => ['--ro-bind-try', path, path]),
    ...place.also.flatMap((path) => ['--ro-bind-try', path, path]),
    ...profile.writable.flatMap((path) => ['--bind', path, path]),
    ...['--bind', place.slot, profile.root],
    ...profile.dependencies.flatMap(({ path, source, caches }) => [
      ...['--ro-bind', source, join(profile.root, path)],
      ...caches.flatMap((cache) => ['--size', String(TMP_BYTES), '--tmpfs', join(profile.root, path, cache)]),
    ]),
    ...place.sockets.flatMap((path) => ['--ro-bind', '/dev/null', path]),
    ...['--ro-bind', place.kit, KIT_INSIDE, '--bind', place.out, OUT_INSIDE],
    ...Object.entries(env).flatMap(([name, value]) => ['--setenv', name, value]),
    ...['--remount-ro', '/', '--chdir', place.cwd, '--'],
  ];
}

/** Where what is written is memory: paths inside. */
export const memoryFolders = ({ home, root, dependencies }: Profile): readonly string[] => ['/tmp', '/dev/shm', home, ...dependencies.flatMap(({ path, caches }) => caches.map((cache) => join(root, path, cache)))];

/**
 * A shell that lowers limits and becomes the program. `processes` is per user, so it counts only where the sandbox has a user namespace
 * of its own (Linux 5.14); the watcher in processTree.ts counts as well. Data is bounded far above the tree's memory,
 * for what grows between two looks of the watcher. dash names the process limit p, which bash refuses, since there it is the size of a pipe.
 */
export function limitedArguments(limits: ProcessLimits, argv: readonly string[]): string[] {
  const kilobytes = Math.ceil((limits.memoryBytes * 2 + UNTOUCHED_BYTES) / 1024);
  const script = [
    `ulimit -c ${CORE_BYTES_MAX}; ulimit -f ${FILE_BYTES_MAX / 512}`,
    `ulimit -d ${kilobytes} 2>/dev/null`,
    `ulimit -p ${limits.processes} 2>/dev/null || ulimit -u ${limits.processes} 2>/dev/null`,
    'exec "$@"',
  ];
  return ['/bin/sh', '-c', script.join('; '), STARTER, ...argv];
}

/** /bin, /lib and the like are links into /usr on merged systems and folders elsewhere. */
function systemLinks(): string[] {
  return ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'].flatMap((path) => {
    try {
      return lstatSync(path).isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path];
    } catch {
      return [];
    }
  });
}

/** What programs read in /etc and that is no secret. shadow, ssh, machine-id, cron, sudoers, ssl/private and the rest are absent. */
const ETC_COPIED = [
  'debian_version', 'ld.so.cache', 'ld.so.conf', 'ld.so.conf.d', 'locale.alias', 'localtime', 'magic', 'maven', 'mime.types', 'nsswitch.conf', 'os-release',
  'pki/tls/certs/ca-bundle.crt', 'protocols', 'services', 'ssl/cert.pem', 'ssl/certs/ca-certificates.crt', 'ssl/certs/java/cacerts', 'ssl/openssl.cnf', 'timezone',
] as const;
/** Hundreds of links on Debian: a mount is cheaper than a copy. */
const ETC_BOUND = 'alternatives';

/** Writes the stand-in once for a run; one mount is cheaper than twenty (about 0.3 ms each). Unreadable files are left out. */
export function makeEtc(folder: string, home: string): void {
  mkdirSync(join(folder, ETC_BOUND), { recursive: true });
  const java = namesIn('/etc').filter((name) => /^java-/u.test(name));
  for (const name of [...ETC_COPIED, ...java]) copyShown(join('/etc', name), join(folder, name));
  const uid = process.getuid?.() ?? 0;
  const gid = process.getgid?.() ?? 0;
  const user = uid === 0 ? '' : `user:x:${uid}:${gid}:user:${home}:/bin/sh\n`;
  writeFileSync(join(folder, 'passwd'), `root:x:0:0:root:${uid === 0 ? home : '/root'}:/bin/sh\n${user}nobody:x:65534:65534:nobody:/nonexistent:/bin/false\n`);
  writeFileSync(join(folder, 'group'), `root:x:0:\n${gid === 0 ? '' : `user:x:${gid}:\n`}nogroup:x:65534:\n`);
  writeFileSync(join(folder, 'hosts'), '127.0.0.1 localhost\n::1 localhost\n');
}

/** Writes the filter for --seccomp below `folder`, and gives its path; undefined where there is none for this processor. */
export function makeFilter(folder: string): string | undefined {
  const filter = systemCallFilter();
  if (filter === undefined) return undefined;
  const path = join(folder, 'seccomp.bpf');
  writeFileSync(path, filter);
  return path;
}

function copyShown(from: string, to: string): void {
  try {
    mkdirSync(dirname(to), { recursive: true });
    cpSync(from, to, { recursive: true, verbatimSymlinks: true });
  } catch {
    // Absent on this system, or a part of it is not for us: programs that need it do without.
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Writes our stand-ins for files of the user's home below `folder`. */
export function makeHomeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}
