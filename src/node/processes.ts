/** Decides how commands reach the machine: through a sandbox that was tried, in a copy of the workspace, with the user's own tools. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import type { Clock, Processes, ProcessLimits, Snapshot } from '../core/ports.ts';
import { runTree } from './processTree.ts';
import { readText } from './procFiles.ts';
import { removeTree } from './removeTree.ts';
import { bubblewrapArguments, limitedArguments, makeEtc, makeFilter, makeHomeFiles, type Profile } from './sandbox.ts';
import { type Confinement, createSnapshot } from './snapshot.ts';
import { type Base, makeBase } from './snapshotBase.ts';
import { activated, collectNeeds } from './toolchains/all.ts';
import { findIn, tryRealpath, userPath } from './userPath.ts';

export interface ProcessesOptions {
  /** The workspace; its real path is used. */
  readonly root: string;
  /** Copies stand here while a run lasts; the file system of the workspace allows reflinks. Made when absent. */
  readonly tmpFolder: string;
  /** Build caches that stay between runs. Made when absent. */
  readonly cacheFolder: string;
  /** The user's environment: process.env. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Paths that git does not ignore, asked only when the workspace is too big to copy whole. */
  readonly notIgnored?: () => Promise<ReadonlySet<string> | undefined>;
}

/** Enough for `true`; a machine that needs longer than this to start a sandbox is no place to run checks in it. */
const TRIAL: ProcessLimits = { wallMs: 10_000, silenceMs: 10_000, outputBytes: 64 * 1024, memoryBytes: 1024 * 1024 * 1024, processes: 64 };

export function createProcesses(options: ProcessesOptions): Processes {
  const root = tryRealpath(options.root) ?? options.root;
  const home = tryRealpath(options.env['HOME'] ?? '') ?? '/nonexistent/home';
  const path = userPath({ root, env: options.env });
  const needs = collectNeeds({ root, home, env: options.env, path, cacheFolder: options.cacheFolder });
  const found = [...activated({ root, env: options.env }), ...path];
  let tried: Promise<Confinement> | undefined;

  function profileIn(folder: string, base: Pick<Base, 'dependencies'>): Profile {
    const etc = join(folder, 'etc');
    const homeFilesFolder = join(folder, 'home');
    makeEtc(etc, home);
    makeHomeFiles(homeFilesFolder, needs.homeFiles);
    for (const place of needs.writable) mkdirSync(place, { recursive: true });
    return { root, home, etc, homeFilesFolder, homeFiles: Object.keys(needs.homeFiles), readOnly: needs.readOnly, writable: needs.writable, filter: makeFilter(folder), dependencies: base.dependencies };
  }

  async function tryConfinement(): Promise<Confinement> {
    const folder = makeFolder(options.tmpFolder);
    try {
      if (process.platform === 'darwin') return seatbelt();
      const tryOnce = async (at: string): Promise<Confinement> => {
        const place = join(folder, at);
        mkdirSync(place);
        return await tryBubblewrap(findIn(path, 'bwrap'), profileIn(place, { dependencies: [] }), place, needs.env);
      };
      const first = await tryOnce('first');
      // A machine under load can fail once at what it can do: a second no is believed.
      return first.kind === 'none' ? await tryOnce('second') : first;
    } finally {
      removeTree(folder);
    }
  }
  const confinement = (): Promise<Confinement> => (tried ??= tryConfinement());

  return {
    async confinement() {
      const result = await confinement();
      return result.kind === 'none' ? result : { kind: result.kind };
    },
    async snapshot({ slots }, signal): Promise<Snapshot> {
      sweep(options.tmpFolder);
      const folder = makeFolder(options.tmpFolder);
      try {
        const base = await makeBase({ root, folder: join(folder, 'base'), notIgnored: options.notIgnored ?? (async () => undefined) }, signal);
        const profile = profileIn(folder, base);
        return createSnapshot({ folder, base, slots, profile, env: needs.env, path: found, confinement: await confinement(), clock: options.clock });
      } catch (error) {
        removeTree(folder);
        throw error;
      }
    },
    which: async (name) => findIn(path, name),
  };
}

const PREFIX = 'groundcrew-run-';

/** Names its owner, so that what a killed run left can be told from what a live one uses. */
function makeFolder(tmpFolder: string): string {
  const folder = join(tmpFolder, `${PREFIX}${process.pid}-${randomUUID()}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return tryRealpath(folder) ?? folder;
}

/** Removes the copies of runs whose process is gone. */
function sweep(tmpFolder: string): void {
  mkdirSync(tmpFolder, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(tmpFolder)) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`, 'u').exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) removeTree(join(tmpFolder, name));
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, as another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function seatbelt(): Confinement {
  const program = findIn(['/usr/bin'], 'sandbox-exec');
  if (program !== undefined) return { kind: 'seatbelt', program };
  return { kind: 'none', reason: 'sandbox-exec is missing from /usr/bin.', remedy: 'Run unconfined (--unconfined), or repair macOS.' };
}

/** Runs the real profile once; nothing less tells whether user namespaces and mounts work here. */
async function tryBubblewrap(program: string | undefined, profile: Profile, folder: string, env: Readonly<Record<string, string>>): Promise<Confinement> {
  if (process.platform !== 'linux') return { kind: 'none', reason: `There is no sandbox for ${process.platform}.`, remedy: 'Run unconfined (--unconfined), or inside WSL or a Linux machine.' };
  if (program === undefined) return { kind: 'none', reason: 'bubblewrap (bwrap) is not installed.', remedy: `Install it: ${installCommand()}` };
  const place = (name: string): string => {
    mkdirSync(join(folder, name));
    return join(folder, name);
  };
  const args = bubblewrapArguments(profile, { slot: place('slot'), kit: place('kit'), out: place('out'), also: [], sockets: [], cwd: profile.root }, env);
  const result = await runTree(
    { file: program, args: [...args, ...limitedArguments(TRIAL, ['/bin/sh', '-c', ':'])], cwd: '/', env: {}, limits: TRIAL, held: { kind: 'namespace', filter: profile.filter, memoryFolders: [], folder } },
    new AbortController().signal,
  );
  if (result.exit === 0) return { kind: 'bubblewrap', program };
  return { kind: 'none', reason: `bubblewrap cannot make a sandbox here: ${result.stderr.trim().split('\n')[0] || result.ended}.`, remedy: remedyFor() };
}

function remedyFor(): string {
  if (readText('/proc/sys/kernel/apparmor_restrict_unprivileged_userns').trim() === '1') {
    return 'This system (Ubuntu 24.04 and later) keeps user namespaces for named programs. Allow it for bwrap: sudo apt-get install -y apparmor-profiles && sudo ln -sf /usr/share/apparmor/extra-profiles/bwrap-userns-restrict /etc/apparmor.d/ && sudo apparmor_parser -r /etc/apparmor.d/bwrap-userns-restrict';
  }
  if (readText('/proc/sys/kernel/unprivileged_userns_clone').trim() === '0') return 'Allow user namespaces: sudo sysctl -w kernel.unprivileged_userns_clone=1';
  if (readText('/proc/sys/user/max_user_namespaces').trim() === '0') return 'Allow user namespaces: sudo sysctl -w user.max_user_namespaces=15000';
  return `In a container, start it with --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined; else run unconfined (--unconfined). Kernel ${release()}.`;
}

/** By the system's package manager (os-release ID and ID_LIKE). */
function installCommand(): string {
  const system = readText('/etc/os-release');
  const is = (names: string): boolean => new RegExp(`^ID(?:_LIKE)?=.*\\b(?:${names})\\b`, 'mu').test(system);
  if (is('fedora|rhel|centos')) return 'sudo dnf install -y bubblewrap';
  if (is('arch')) return 'sudo pacman -S --noconfirm bubblewrap';
  if (is('alpine')) return 'sudo apk add bubblewrap';
  if (is('suse|opensuse')) return 'sudo zypper install -y bubblewrap';
  return 'sudo apt-get install -y bubblewrap';
}
