/** Decides where a command runs: in which copy, what it is given, what is read back, and that the copy is clean for the next one. */
import { createHash, randomUUID } from 'node:crypto';
import { closeSync, constants, existsSync, fstatSync, mkdirSync, openSync, readdirSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Clock, Command, CommandResult, Snapshot } from '../core/ports.ts';
import { sensitivityOf } from '../core/tools/protectedPaths.ts';
import { boundSockets } from './boundSockets.ts';
import { linkDependency } from './linkDependency.ts';
import { runTree, type TreeSpec } from './processTree.ts';
import { removeTree } from './removeTree.ts';
import { bubblewrapArguments, KIT_INSIDE, limitedArguments, memoryFolders, OUT_INSIDE, type Profile } from './sandbox.ts';
import { seatbeltProfile } from './seatbelt.ts';
import { createSlot, type Slot } from './slot.ts';
import type { Base } from './snapshotBase.ts';
import { findIn, isExecutable, isInside } from './userPath.ts';

const COLLECTED_BYTES_MAX = 32 * 1024 * 1024;

export type Confinement =
  | { readonly kind: 'bubblewrap'; readonly program: string }
  | { readonly kind: 'seatbelt'; readonly program: string }
  | { readonly kind: 'none'; readonly reason: string; readonly remedy: string };

export interface SnapshotOptions {
  /** Ours alone; removed on dispose. */
  readonly folder: string;
  readonly base: Base;
  readonly slots: number;
  readonly profile: Profile;
  readonly env: Readonly<Record<string, string>>;
  /** Where a bare program name is looked up. */
  readonly path: readonly string[];
  readonly confinement: Confinement;
  readonly clock: Clock;
}

/** Makes no copy yet: a slot is filled when the first command needs it. */
export function createSnapshot(options: SnapshotOptions): Snapshot {
  const pool = createPool(options);
  const closing = new AbortController();
  const running = new Set<Promise<unknown>>();
  return {
    treeSha256: options.base.treeSha256,
    leftOut: options.base.leftOut,
    place: options.base.folder,
    async run(command, signal) {
      const either = AbortSignal.any([signal, closing.signal]);
      const work = pool.use(command.confined, either, (slot) => runInSlot(options, slot, command, either));
      running.add(work);
      try {
        return (await work) ?? failed(command, 'stopped', 'The run was stopped before this command began.');
      } finally {
        running.delete(work);
      }
    },
    async [Symbol.asyncDispose]() {
      closing.abort(new Error('The snapshot was disposed.'));
      await Promise.allSettled(running);
      // Thousands of files: not on the event loop. What a command made unreadable is opened up first, the slow way.
      await rm(options.folder, { recursive: true, force: true }).catch(() => removeTree(options.folder));
    },
  };
}

interface Pooled extends Slot {
  readonly out: string;
}

interface Pool {
  /** undefined: aborted while waiting. */
  use<T>(confined: boolean, signal: AbortSignal, work: (slot: Pooled) => Promise<T>): Promise<T | undefined>;
}

/** Confined and unconfined commands have copies of their own: only the latter hold links to the real dependency folders. */
function createPool({ folder, base, slots, profile, confinement }: SnapshotOptions): Pool {
  const free: { readonly bound: boolean; readonly slot: Promise<Pooled> }[] = [];
  const waiting: (() => void)[] = [];
  let busy = 0;

  async function make(bound: boolean): Promise<Pooled> {
    const place = join(folder, `slot-${randomUUID()}`);
    const out = join(place, 'out');
    mkdirSync(out, { recursive: true });
    // Some tests look at the name of the folder that they run in.
    const copy = join(place, basename(profile.root) || 'workspace');
    const placeDependency = (path: string): void => {
      const dependency = base.dependencies.find((one) => one.path === path);
      if (!bound && dependency) linkDependency(dependency.source, join(copy, path));
    };
    return { ...(await createSlot({ base, folder: copy, placeDependency })), out };
  }

  function waitForTurn(signal: AbortSignal): Promise<boolean> {
    if (busy < slots) return Promise.resolve(true);
    return new Promise((settle) => {
      const go = (): void => {
        signal.removeEventListener('abort', leave);
        settle(true);
      };
      const leave = (): void => {
        waiting.splice(waiting.indexOf(go), 1);
        settle(false);
      };
      waiting.push(go);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  return {
    async use(confined, signal, work) {
      if (signal.aborted || !(await waitForTurn(signal))) return undefined;
      busy += 1;
      const bound = confined && confinement.kind === 'bubblewrap';
      const index = free.findIndex((one) => one.bound === bound);
      const taken = index < 0 ? { bound, slot: make(bound) } : free.splice(index, 1)[0];
      try {
        const slot = await taken?.slot;
        if (!slot || !taken) return undefined;
        const result = await work(slot);
        free.push(taken);
        return result;
      } finally {
        busy -= 1;
        waiting.shift()?.();
      }
    },
  };
}

async function runInSlot(options: SnapshotOptions, slot: Pooled, command: Command, signal: AbortSignal): Promise<CommandResult> {
  const startedAt = options.clock.elapsedMs();
  empty(slot.out);
  try {
    slot.apply(command.overlay);
    if (command.hide !== undefined) slot.hide(secretsOf(options.base));
    const prepared = prepare(options, slot, command);
    if (prepared.kind === 'unstarted') return failed(command, 'unstarted', prepared.why);
    const result = await runTree(prepared.spec, signal);
    const shown = prepared.rename;
    return {
      ...result,
      stdout: shown(result.stdout),
      stderr: shown(result.stderr),
      collected: collect(slot.out, command.collect, shown),
      durationMs: options.clock.elapsedMs() - startedAt,
      confined: command.confined,
      environmentSha256: prepared.environmentSha256,
    };
  } finally {
    await slot.restore();
  }
}

/** By name, links too: what they lead to has a name of its own. */
function secretsOf({ entries }: Base): readonly string[] {
  return [...entries].filter(([path, entry]) => entry.kind !== 'folder' && sensitivityOf(path, path) === 'secret').map(([path]) => path);
}

const failed = (command: Command, ended: CommandResult['ended'], stderr: string): CommandResult => ({
  ended, exit: null, stdout: '', stderr, outputSha256: sha256(''), collected: {}, durationMs: 0, confined: command.confined, environmentSha256: sha256(''),
});

function empty(folder: string): void {
  for (const name of readdirSync(folder)) removeTree(join(folder, name));
}

type Prepared =
  | { readonly kind: 'unstarted'; readonly why: string }
  | { readonly kind: 'ready'; readonly spec: TreeSpec; readonly environmentSha256: string; readonly rename: (text: string) => string };

function prepare(options: SnapshotOptions, slot: Pooled, command: Command): Prepared {
  const { confinement, folder } = options;
  const profile = command.hide === 'secrets-and-git' ? { ...options.profile, dependencies: options.profile.dependencies.filter(({ path }) => !/(?:^|\/)\.git$/u.test(path)) } : options.profile;
  const cwd = resolve(profile.root, command.cwd);
  const copied = (path: string): string => (isInside(path, profile.root) ? resolve(slot.folder, path.slice(profile.root.length + 1)) : path);
  if (!isInside(cwd, profile.root) || !isFolder(copied(cwd))) return { kind: 'unstarted', why: `The folder ${JSON.stringify(command.cwd)} is not in the workspace.` };
  if ([...command.argv, ...Object.entries(command.env).flat()].some((word) => word.includes('\0'))) return { kind: 'unstarted', why: 'An argument holds a NUL.' };
  const program = findProgram(options, command.argv[0] ?? '', cwd, copied);
  if (program === undefined) return { kind: 'unstarted', why: `${command.argv[0]}: not found. Looked on PATH: ${options.path.join(':')}. Install it, or name it by its path.` };
  if (command.confined && confinement.kind === 'none') return { kind: 'unstarted', why: `${confinement.reason} ${confinement.remedy}` };
  const kit = kitFolder(folder, command.kit);
  const identity = identify(program.host);
  const digest = (profileText: unknown, env: unknown): string => sha256(JSON.stringify({ identity, profile: profileText, env }));
  const base = { limits: command.limits, ...(command.onLine ? { onLine: command.onLine } : {}) };

  if (command.confined && confinement.kind === 'bubblewrap') {
    const places = { kit: KIT_INSIDE, out: OUT_INSIDE };
    const env = { ...options.env, ...placed(command.env, places), TMPDIR: '/tmp', GROUNDCREW_KIT: KIT_INSIDE, GROUNDCREW_OUT: OUT_INSIDE };
    const words = command.argv.slice(1).map((word) => place(word, places));
    const shown = ['/usr', profile.root, ...profile.readOnly].some((path) => isInside(program.inside, path));
    const also = shown || !command.argv[0]?.includes('/') ? [] : [program.inside];
    const args = (folders: { readonly slot: string; readonly kit: string; readonly out: string; readonly sockets: readonly string[] }): string[] => bubblewrapArguments(profile, { ...folders, also, cwd }, env);
    const spec: TreeSpec = {
      ...base,
      file: confinement.program,
      args: [...args({ slot: slot.folder, kit, out: slot.out, sockets: socketsShown(profile) }), ...limitedArguments(command.limits, [program.inside, ...words])],
      cwd: '/',
      env: {},
      held: { kind: 'namespace', filter: profile.filter, memoryFolders: memoryFolders(profile), folder: slot.folder },
    };
    return { kind: 'ready', spec, environmentSha256: digest(args({ slot: 'slot', kit: 'kit', out: 'out', sockets: [] }), env), rename: (text) => text };
  }

  // No mount namespace: the copy stands elsewhere, so its path is put for the workspace's in arguments and back in what is printed.
  const places = { kit, out: slot.out };
  const env = { ...options.env, ...placed(command.env, places), GROUNDCREW_KIT: kit, GROUNDCREW_OUT: slot.out };
  const moved = command.argv.slice(1).map((word) => moveWord(place(word, places), profile.root, slot.folder));
  const argv = limitedArguments(command.limits, [copied(program.inside), ...moved]);
  const confinedHere = command.confined && confinement.kind === 'seatbelt';
  const seatbelt = confinedHere
    ? [confinement.program, '-p', seatbeltProfile({ writable: [slot.folder, slot.out, ...profile.writable], readable: [...profile.readOnly, kit, ...options.base.dependencies.map((one) => one.source)] })]
    : [];
  const [file = '', ...args] = [...seatbelt, ...argv];
  const onLine = command.onLine;
  const rename = (text: string): string => text.replaceAll(slot.folder, profile.root);
  const spec: TreeSpec = {
    ...base,
    ...(onLine ? { onLine: (line: string) => onLine(rename(line)) } : {}),
    file,
    args,
    cwd: copied(cwd),
    env,
    held: { kind: 'group', marker: randomUUID() },
  };
  return { kind: 'ready', spec, environmentSha256: digest(confinedHere ? 'seatbelt' : 'unconfined', { ...options.env, ...command.env }), rename };
}

/** Paths inside. */
function socketsShown({ root, dependencies, readOnly, writable }: Profile): readonly string[] {
  const shown = [...[...readOnly, ...writable].map((path) => ({ source: path, inside: path })), ...dependencies.map(({ path, source }) => ({ source, inside: join(root, path) }))];
  return boundSockets(shown.map(({ source }) => source)).flatMap((path) => shown.filter(({ source }) => isInside(path, source)).map(({ source, inside }) => inside + path.slice(source.length)));
}

/** `inside`: as the command names it, absolute; `host`: the same file outside, to look at. */
function findProgram(options: SnapshotOptions, name: string, cwd: string, copied: (path: string) => string): { readonly inside: string; readonly host: string } | undefined {
  if (!name.includes('/')) {
    const found = findIn(options.path, name);
    return found === undefined ? undefined : { inside: found, host: found };
  }
  const inside = resolve(cwd, name);
  // Dependencies are not in a confined copy; there the real file is the one that runs.
  const host = [copied(inside), inside].find(isExecutable);
  return host === undefined ? undefined : { inside, host };
}

interface Places {
  readonly kit: string;
  readonly out: string;
}

/** ports.ts, Command: the two names stand for folders that only the host knows. */
const place = (text: string, { kit, out }: Places): string => text.replaceAll('$GROUNDCREW_KIT', kit).replaceAll('$GROUNDCREW_OUT', out);
const placed = (env: Readonly<Record<string, string>>, places: Places): Record<string, string> => Object.fromEntries(Object.entries(env).map(([name, value]) => [name, place(value, places)]));

const moveWord = (word: string, root: string, folder: string): string => (word === root || word.startsWith(`${root}/`) ? folder + word.slice(root.length) : word);

/** A new version of the program has another size or time; hashing 100 MB for each command would cost more than it tells. */
function identify(path: string): unknown {
  const { size, mtimeMs } = statSync(path);
  return { path: isInside(path, '/proc') ? path : realpathSync(path), size, mtimeMs };
}

/** Named by content: candidates of one run share it. @throws RangeError for a name that leaves the folder. */
function kitFolder(folder: string, kit: Readonly<Record<string, string>>): string {
  const place = join(folder, 'kit', sha256(JSON.stringify(Object.entries(kit).sort())));
  if (existsSync(place)) return place;
  mkdirSync(place, { recursive: true });
  for (const [name, text] of Object.entries(kit)) {
    const path = resolve(place, name);
    if (path === place || !isInside(path, place)) throw new RangeError(`The helper file ${JSON.stringify(name)} must lie below its folder.`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return place;
}

/** What the command left in its out folder. It may have left links to the user's files: only regular files really below are read. */
function collect(out: string, names: readonly string[], rename: (text: string) => string): Record<string, string> {
  const collected: Record<string, string> = {};
  for (const name of names) {
    const text = readPlain(join(out, name), out);
    if (text !== undefined) collected[name] = rename(text);
  }
  return collected;
}

function readPlain(path: string, folder: string): string | undefined {
  let descriptor: number | undefined;
  try {
    if (!isInside(realpathSync(dirname(path)), realpathSync(folder))) return undefined;
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stats = fstatSync(descriptor);
    return stats.isFile() && stats.size <= COLLECTED_BYTES_MAX ? readFileSync(descriptor, 'utf8') : undefined;
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
