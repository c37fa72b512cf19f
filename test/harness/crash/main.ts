/** Decides how a run is proved to survive: npm run crash -- --seeds n --kills n [--every n]; killed and hit by faults at every point, then gone on with. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, appendFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { AFTER, BEFORE, build, filesOf, USERS_BYTES } from './scene.ts';
import { readLog, type Log } from './readLog.ts';
import type { Hit } from './points.ts';

const FAULTS = ['ENOSPC', 'EIO', 'EMFILE', 'EACCES', 'EROFS', 'clock-forward', 'clock-back'] as const;
const AT_ONCE = 2;
const CHILD_MS = 60_000;
/** After the process's end its checks die with it; the kernel may take a moment. */
const ORPHAN_MS = 3_000;
const USERS_FILE = 'lib/sum.js';

interface Trial {
  readonly name: string;
  readonly hit: Hit;
  readonly killAfterMs?: number;
  /** The user types into a file between the crash and the next start. */
  readonly userEdits: boolean;
}

interface Figures {
  trials: number;
  kills: number;
  faults: number;
  recovered: number;
  failures: string[];
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { seeds: { type: 'string', default: '1' }, kills: { type: 'string', default: '20' }, every: { type: 'string', default: '1' }, only: { type: 'string' } } });
  const [seeds, kills, every] = [Number(values.seeds), Number(values.kills), Number(values.every)];
  const whole = await countPoints();
  const trials = [...pointTrials(whole.points, { seeds, every }), ...randomTrials(kills, whole.ms)].filter((trial) => values.only === undefined || trial.name.includes(values.only));
  const figures: Figures = { trials: 0, kills: 0, faults: 0, recovered: 0, failures: [] };
  const left = [...trials];
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await tryOne(next, figures);
  }));
  console.log(`${whole.points.length} points; ${figures.kills} kills, ${figures.faults} faults and clock jumps; ${figures.recovered} went on to the end; ${figures.failures.length} failures`);
  console.log(`${figures.trials - figures.failures.length} passed, ${figures.failures.length} failed`);
  return figures.failures.length === 0 && figures.trials > 0 ? 0 : 1;
}

function pointTrials(points: readonly string[], { seeds, every }: { readonly seeds: number; readonly every: number }): readonly Trial[] {
  const trials: Trial[] = [];
  for (let seed = 0; seed < seeds; seed++) {
    points.forEach((name, index) => {
      if ((index + seed) % every === 0) trials.push({ name: `kill ${index + 1} ${name} seed ${seed}`, hit: { kind: 'kill', at: index + 1 }, userEdits: (index + seed) % 3 === 0 });
    });
  }
  for (const [order, kind] of FAULTS.entries()) {
    for (const [index, name] of points.entries()) {
      const canFail = name.startsWith('before') || kind.startsWith('clock');
      if (canFail && (Math.floor(index / 2) + order) % every === 0) trials.push({ name: `${kind} ${index + 1} ${name}`, hit: { kind, at: index + 1 }, userEdits: false });
    }
  }
  return trials;
}

/** Spread over the whole life of the process, its start included. */
function randomTrials(kills: number, ms: number): readonly Trial[] {
  let state = 20_251_121;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0; // Numerical Recipes' generator: seeded, so that a failure can be played again
    return state / 2 ** 32;
  };
  return Array.from({ length: kills }, (_, index) => {
    const killAfterMs = Math.floor(random() * ms * 1.1);
    return { name: `random kill ${index} after ${killAfterMs} ms`, hit: { kind: 'count', at: 0 }, killAfterMs, userEdits: index % 4 === 0 };
  });
}

interface Place extends Disposable {
  readonly root: string;
  readonly state: string;
  readonly token: string;
}

function makePlace(): Place {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'groundcrew-crash-')));
  const root = path.join(folder, 'ws');
  build(root);
  for (const args of [['init', '-q'], ['add', '-A'], ['-c', 'user.email=a@b.c', '-c', 'user.name=n', 'commit', '-qm', 'start']]) execFileSync('git', args, { cwd: root });
  return { root, state: path.join(folder, 'state'), token: `token-${path.basename(folder)}`, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

interface Said {
  readonly run?: string;
  readonly outcome?: string;
  readonly error?: string;
  readonly resumed?: string;
  readonly undone?: { readonly restored: readonly string[]; readonly conflicts: readonly string[] };
  readonly points: readonly string[];
}

async function start(place: Place, order: { readonly hit: Hit; readonly act: 'run' | 'recover'; readonly undo: boolean }, killAfterMs?: number): Promise<{ readonly said: Said | undefined; readonly killed: boolean; readonly errors: string; readonly ms: number }> {
  const began = Date.now();
  const env = { PATH: process.env['PATH'], HOME: place.state, XDG_STATE_HOME: place.state, NODE_COMPILE_CACHE: path.join(tmpdir(), 'groundcrew-corpus-cache'), NODE_NO_WARNINGS: '1' };
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'child.ts'), JSON.stringify({ root: place.root, token: place.token, ...order })], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let errors = '';
  child.stdout.on('data', (data: Buffer) => {
    out += data.toString();
  });
  child.stderr.on('data', (data: Buffer) => {
    errors += data.toString();
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), killAfterMs ?? CHILD_MS);
  await new Promise((resolve) => child.once('close', resolve));
  clearTimeout(timer);
  const line = out.trim().split('\n').at(-1) ?? '';
  return { said: line.startsWith('{') && out.endsWith('\n') ? JSON.parse(line) : undefined, killed: child.signalCode === 'SIGKILL', errors, ms: Date.now() - began };
}

async function countPoints(): Promise<{ readonly points: readonly string[]; readonly ms: number }> {
  using place = makePlace();
  const { said, errors, ms } = await start(place, { hit: { kind: 'count', at: 0 }, act: 'run', undo: true });
  if (said === undefined || said.outcome !== 'fixed') throw new Error(`The run does not even end well when nothing hits it: ${JSON.stringify(said)} ${errors}`);
  const wrong = differences(filesOf(place.root), BEFORE);
  if (wrong.length > 0) throw new Error(`Undo does not bring everything back: ${wrong.join(', ')}`);
  return { points: said.points, ms };
}

async function tryOne(trial: Trial, figures: Figures): Promise<void> {
  using place = makePlace();
  figures.trials++;
  const wrong = await judge(trial, place, figures).catch((error: unknown) => [`the trial itself failed: ${error instanceof Error ? error.message : String(error)}`]);
  if (wrong.length === 0) return;
  figures.failures.push(trial.name);
  console.log(`✗ ${trial.name}\n    ${wrong.join('\n    ')}`);
}

async function judge(trial: Trial, place: Place, figures: Figures): Promise<readonly string[]> {
  const wrong: string[] = [];
  const hit = await start(place, { hit: trial.hit, act: 'run', undo: true }, trial.killAfterMs);
  const mustDie = trial.hit.kind === 'kill' || (trial.killAfterMs !== undefined && hit.killed);
  if (mustDie) figures.kills++;
  else figures.faults++;
  if (!mustDie && hit.said === undefined) wrong.push(`it died of it: ${hit.errors.slice(0, 800)}`);
  wrong.push(...tornFiles(place.root), ...(await orphans(place.token)));
  const userEdits = trial.userEdits && filesOf(place.root).has(USERS_FILE);
  if (userEdits) appendFileSync(path.join(place.root, USERS_FILE), USERS_BYTES);
  const kept = userEdits ? readFileSync(path.join(place.root, USERS_FILE)) : undefined;

  const next = await start(place, { hit: { kind: 'count', at: 0 }, act: 'recover', undo: false });
  if (next.said === undefined) return [...wrong, `going on failed: ${next.errors.slice(0, 800)}`];
  const log = await readLog(place.root, place.state);
  wrong.push(...log.problems, ...explained(place.root, log, userEdits), ...(await orphans(place.token)));
  const undo = await start(place, { hit: { kind: 'count', at: 0 }, act: 'recover', undo: true });
  if (undo.said === undefined || (undo.said.error !== undefined && log.runs > 0)) wrong.push(`undo failed: ${undo.said?.error ?? undo.errors.slice(0, 800)}`);
  if (kept !== undefined && !readFileSync(path.join(place.root, USERS_FILE)).equals(kept)) wrong.push(`${USERS_FILE}: the user's bytes were lost`);
  const left = differences(filesOf(place.root), BEFORE).filter((file) => !userEdits || file !== USERS_FILE);
  if (left.length > 0) wrong.push(`after undo these are not as before: ${left.join(', ')}; resumed: ${next.said.resumed}; undone: ${JSON.stringify(undo.said)?.slice(0, 300)}`);
  if (wrong.length === 0) figures.recovered++;
  return wrong;
}

/** At every moment a file is the old one or the new one; ours alone may be half, under a name of ours. */
function tornFiles(root: string): readonly string[] {
  return [...filesOf(root)].flatMap(([file, bytes]) => {
    if (isTemporary(file)) return [];
    const versions = [BEFORE[file], AFTER[file]].filter((version) => version !== undefined && version !== null);
    return versions.some((version) => version.equals(bytes)) ? [] : [`${file} is torn: ${bytes.length} bytes`];
  });
}

const isTemporary = (file: string): boolean => /\/?\.groundcrew-\d+-[0-9a-f]+\.tmp$/.test(file);

/** The tree is what the log says it is: all of the change, or nothing of it. */
function explained(root: string, log: Log, userEdits: boolean): readonly string[] {
  if (log.isUndoing) return []; // and no file is torn: that was looked at
  const expected = log.isApplied ? AFTER : BEFORE;
  const wrong = differences(filesOf(root), expected).filter((file) => !userEdits || file !== USERS_FILE);
  // With the user in one of the files the run keeps theirs and takes the others back, or had written all before.
  if (userEdits && differences(filesOf(root), BEFORE).every((file) => file === USERS_FILE)) return [];
  return wrong.length === 0 ? [] : [`the log says ${log.isApplied ? 'written' : 'not written'} (${log.last}), but: ${wrong.join(', ')}`];
}

function differences(found: ReadonlyMap<string, Buffer>, wanted: Readonly<Record<string, Buffer | null>>): readonly string[] {
  const names = new Set([...found.keys(), ...Object.keys(wanted)]);
  return [...names].filter((name) => {
    const want = wanted[name] ?? undefined;
    const have = found.get(name);
    return want === undefined ? have !== undefined : have === undefined || !want.equals(have);
  });
}

/** Processes whose command line holds the token. */
async function orphans(token: string): Promise<readonly string[]> {
  for (const until = Date.now() + ORPHAN_MS; ; ) {
    const found = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && commandLine(name).includes(token));
    if (found.length === 0) return [];
    if (Date.now() > until) return [`processes are left: ${found.map((pid) => `${pid} ${commandLine(pid).slice(0, 120)}`).join('; ')}`];
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ');
  } catch {
    return ''; // gone
  }
}

process.exitCode = await main();
