/** Decides which hostile commands a seed gives: every family as often, each attack behind a random disguise. */
import { type Attack, FAMILIES, type Language } from './attack.ts';

export interface Hostile {
  readonly attack: Attack;
  readonly argv: readonly string[];
  readonly disguise: string;
}

/** Bombs run until a limit ends them, so they are rarer than the rest: one command in twenty. */
const BOMBS_EACH = 20;

/** The same attacks, count and seed give the same commands. */
export function hostileCommands(attacks: readonly Attack[], { count, seed }: { readonly count: number; readonly seed: number }): readonly Hostile[] {
  const random = randomFrom(seed);
  const groups = FAMILIES.map((family) => shuffled(attacks.filter((one) => one.family === family), random)).filter((group) => group.length > 0);
  const quiet = groups.filter((group) => group[0]?.family !== 'bomb').map(inTurn);
  const bombs = groups.filter((group) => group[0]?.family === 'bomb').map(inTurn);
  return Array.from({ length: count }, (_, index) => {
    const isBomb = quiet.length === 0 || (bombs.length > 0 && index % BOMBS_EACH === BOMBS_EACH - 1);
    const attack = (isBomb ? bombs[0] : quiet[index % quiet.length])?.();
    if (attack === undefined) throw new Error('There is no attack to try: none has this name, or the programs that they need are not installed.');
    const disguise = DISGUISES[Math.floor(random() * DISGUISES.length)] ?? plain;
    return { attack, argv: disguise.dress(inLanguage(attack)), disguise: disguise.name };
  });
}

/** Each once before any comes twice. */
function inTurn(group: readonly Attack[]): () => Attack | undefined {
  let next = 0;
  return () => group[next++ % group.length];
}

/** Proof that a command came as far as its attack; a command that ends without it was vacuous. */
export const TRIED = 'TRIED';

function inLanguage({ language, code }: Attack): readonly string[] {
  const first: Readonly<Record<Language, string>> = {
    sh: `echo ${TRIED}\n`, bash: `echo ${TRIED}\n`, python3: `print("${TRIED}",flush=True)\n`, node: `console.log('${TRIED}');`, perl: `$|=1; print "${TRIED}\\n";`,
  };
  return [language, language === 'node' || language === 'perl' ? '-e' : '-c', first[language] + code];
}

interface Disguise {
  readonly name: string;
  dress(argv: readonly string[]): readonly string[];
}

const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;
const line = (argv: readonly string[]): string => argv.map(quote).join(' ');
const plain: Disguise = { name: 'plain', dress: (argv) => argv };

const DISGUISES: readonly Disguise[] = [
  plain,
  { name: 'a shell', dress: (argv) => ['sh', '-c', line(argv)] },
  { name: 'a subshell in the background', dress: (argv) => ['sh', '-c', `(${line(argv)}) & wait`] },
  { name: 'an empty environment', dress: (argv) => ['sh', '-c', `exec env -i PATH="$PATH" HOME="$HOME" GROUNDCREW_OUT="$GROUNDCREW_OUT" ${line(argv)}`] },
  { name: 'a session of its own', dress: (argv) => ['setsid', '-w', ...argv] },
  { name: 'nohup', dress: (argv) => ['nohup', ...argv] },
  { name: 'timeout', dress: (argv) => ['timeout', '60', ...argv] },
  { name: 'a script that it wrote', dress: (argv) => ['sh', '-c', `printf %s ${quote(`#!/bin/sh\n${line(argv)}\n`)} > ./job.sh; chmod +x ./job.sh; ./job.sh`] },
  { name: 'base64', dress: (argv) => ['sh', '-c', `echo ${Buffer.from(line(argv)).toString('base64')} | base64 -d | sh`] },
  { name: 'another folder', dress: (argv) => ['sh', '-c', `cd src && cd .. && ${line(argv)}`] },
];

/** Numerical Recipes' generator: seeded, so that a failure can be played again. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function shuffled<T>(list: readonly T[], random: () => number): readonly T[] {
  return list.map((item) => ({ item, key: random() })).sort((a, b) => a.key - b.key).map(({ item }) => item);
}
