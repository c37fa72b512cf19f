/** Decides how the sandbox is tried: npm run hostile -- --commands n --seed s [--only text] [--bare]; every command ends, and nothing of it got out. */
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { FAMILIES } from './attack.ts';
import { attacksOn } from './attacks.ts';
import { type Hostile, hostileCommands } from './generate.ts';
import { makeScene, type Scene } from './scene.ts';
import { bare, confined, faultsOf, type Player } from './play.ts';

/** Set in the child that has namespaces of its own; a command that sees it has seen our environment. */
const INSIDE = 'GROUNDCREW_HOSTILE';

interface Played {
  readonly hostile: Hostile;
  readonly faults: readonly string[];
  readonly ms: number;
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { commands: { type: 'string', default: '1000' }, seed: { type: 'string', default: '1' }, only: { type: 'string' }, bare: { type: 'boolean', default: false } } });
  const [count, seed] = [Number(values.commands), Number(values.seed)];
  if (!Number.isSafeInteger(count) || count < 1 || !Number.isSafeInteger(seed)) {
    console.error('--commands and --seed are whole numbers: npm run hostile -- --commands 1000 --seed 1');
    return 2;
  }
  const state = process.env[INSIDE];
  if (state === undefined) return again(values.bare);
  const isolated = state === 'isolated';
  if (values.bare && !isolated) {
    console.error('--bare runs attacks without a sandbox, which is done only in namespaces of our own, and unshare makes none here.');
    return 2;
  }
  await using scene = await makeScene(isolated);
  const attacks = attacksOn(scene.aim).filter(({ name, family, isGrave, isBomb, needs, language }) => [needs, language].every((program) => program === undefined || has(program)) && (isolated || isBomb !== true || name !== 'kill all that one may')
    && !(values.bare && isGrave === true) && (values.only === undefined || `${family} ${name}`.includes(values.only)));
  const commands = hostileCommands(attacks, { count, seed });
  await using player = values.bare ? bare(scene) : await confined(scene);
  const played = await playAll(commands, { scene, player, count });
  report(played, { attacks: attacks.length, isolated, seed });
  await player[Symbol.asyncDispose]();
  const left = values.bare ? [] : readdirSync(scene.tmp);
  if (left.length > 0) console.log(`left in the folder of copies: ${left.join(' ')}`);
  const failed = played.filter(({ faults }) => faults.length > 0).length + (left.length > 0 ? 1 : 0);
  console.log(`${played.length + (left.length > 0 ? 1 : 0) - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

async function playAll(commands: readonly Hostile[], { scene, player, count }: { readonly scene: Scene; readonly player: Player; readonly count: number }): Promise<readonly Played[]> {
  const played: Played[] = [];
  for (const [index, hostile] of commands.entries()) {
    const result = await player.play(hostile);
    const faults = [...faultsOf(hostile, result, scene.aim), ...(await scene.breaches())];
    played.push({ hostile, faults, ms: result.ms });
    for (const fault of faults) console.log(`FAILED ${index + 1} of ${count}: ${hostile.attack.family}, ${hostile.attack.name}, as ${hostile.disguise}: ${fault}`);
  }
  return played;
}

function report(played: readonly Played[], { attacks, isolated, seed }: { readonly attacks: number; readonly isolated: boolean; readonly seed: number }): void {
  console.log('family      commands   failed   slowest');
  for (const family of FAMILIES) {
    const own = played.filter(({ hostile }) => hostile.attack.family === family);
    console.log([family.padEnd(10), String(own.length).padStart(9), String(own.filter(({ faults }) => faults.length > 0).length).padStart(8), `${Math.max(0, ...own.map(({ ms }) => ms)).toFixed(0)} ms`.padStart(10)].join(' '));
  }
  const tried = new Set(played.map(({ hostile }) => hostile.attack.name)).size;
  console.log(`${tried} of ${attacks} attacks, seed ${seed}; ${isolated ? 'every packet and process of this machine\'s part was counted' : 'no namespaces of our own here: listeners and marked processes were looked at, packets were not'}`);
}

/** The same command in network, mount and process namespaces of its own, where they can be had. */
async function again(isBare: boolean): Promise<number> {
  const flags = [`${process.getuid?.() === 0 ? '-' : '-r'}nmpf`, '--mount-proc', '--kill-child'];
  const works = spawnSync('unshare', [...flags, 'ip', 'link', 'set', 'lo', 'up'], { stdio: 'ignore' }).status === 0;
  const file = fileURLToPath(import.meta.url);
  const argv = [...(works ? ['unshare', ...flags] : []), process.execPath, file, ...process.argv.slice(2)];
  const [program = '', ...args] = argv;
  const path = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'].join(':');
  if (!works && isBare) console.error('unshare makes no namespaces here.');
  const child = spawn(program, args, { stdio: 'inherit', env: { ...process.env, PATH: `${dirname(process.execPath)}:${path}`, [INSIDE]: works ? 'isolated' : 'shared', API_TOKEN: 'not for you' } });
  return await new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)));
}

const known = new Map<string, boolean>();
function has(program: string): boolean {
  const found = known.get(program) ?? spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status === 0;
  known.set(program, found);
  return found;
}

try {
  process.exitCode = await main();
} catch (error) {
  let first: unknown = error;
  while (first instanceof SuppressedError) first = first.suppressed;
  console.error(first);
  process.exitCode = 1;
}
