import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { FileChanged, FileRefused } from '../../src/core/domain/fileErrors.ts';
import type { Files } from '../../src/core/ports.ts';
import { createFiles } from '../../src/node/files.ts';
import { tempFolder } from '../support/tempFolder.ts';

/** GROUNDCREW_RACES=1000 for the long run; each seed can be tried again alone with GROUNDCREW_RACE_SEED. */
const RACES = Number(process.env['GROUNDCREW_RACES'] ?? 48);
const AT_ONCE = 8;
const STEPS = 6;

describe('edits of the user, the crew, its undo and other programs', () => {
  it(`lose nothing that anybody wrote, in ${RACES} interleavings`, async function () {
    this.timeout(60_000 + RACES * 500);
    using folder = tempFolder();
    const only = process.env['GROUNDCREW_RACE_SEED'];
    const seeds = only === undefined ? Array.from({ length: RACES }, (_, index) => index + 1) : [Number(only)];
    const work = async (): Promise<void> => {
      for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) await race(join(folder.path, String(seed)), seed);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  });
});

/** What others wrote is looked for in the end; what the crew deleted knowingly is excused. */
interface Race {
  readonly root: string;
  readonly files: Files;
  readonly random: () => number;
  readonly written: { readonly path: string; readonly token: string }[];
  readonly excused: Set<string>;
  readonly done: { path: string; before: string | null; after: string }[];
  tokens: number;
}

const PATHS = ['a.txt', 'sub/b.txt'] as const;

async function race(root: string, seed: number): Promise<void> {
  mkdirSync(join(root, 'sub'), { recursive: true });
  for (const path of PATHS) writeFileSync(join(root, path), 'first\n');
  const state: Race = { root, files: createFiles(root), random: randomOf(seed), written: [], excused: new Set(), done: [], tokens: 0 };
  let isOver = false;
  const others = (async () => {
    while (!isOver) {
      for (let turns = Math.floor(state.random() * 40); turns > 0 && !isOver; turns -= 1) await turn();
      if (state.random() < 0.5) saveAsUser(state);
      else saveAsProgram(state);
    }
  })();
  for (let step = 0; step < STEPS; step += 1) await crewStep(state);
  isOver = true;
  await others;
  const texts = PATHS.map((path) => textAt(root, path)).join('') + textAt(root, 'moved.txt');
  for (const { token, path } of state.written) assert.ok(state.excused.has(token) || texts.includes(token), `seed ${seed}: ${token} of ${path} is lost`);
}

/** Reads and writes in one breath, as an editor does that has just loaded the file: it loses nothing itself. */
function saveAsUser(state: Race): void {
  const { path, text } = nextSave(state);
  writeFileSync(join(state.root, path), text);
}

function saveAsProgram(state: Race): void {
  const { path, text } = nextSave(state);
  writeFileSync(join(state.root, `${path}.new`), text);
  renameSync(join(state.root, `${path}.new`), join(state.root, path));
}

function nextSave(state: Race): { readonly path: string; readonly text: string } {
  const path = pick(state, PATHS);
  state.tokens += 1;
  const token = `<other ${state.tokens}>`;
  state.written.push({ path, token });
  return { path, text: `${textAt(state.root, path)}${token}\n` };
}

async function crewStep(state: Race): Promise<void> {
  const chance = state.random();
  try {
    if (chance < 0.55) await edit(state);
    else if (chance < 0.8) await undo(state);
    else if (chance < 0.9) await remove(state);
    else await move(state);
  } catch (error) {
    if (!(error instanceof FileChanged) && !(error instanceof FileRefused)) throw error;
  }
}

async function edit({ files, done, ...state }: Race): Promise<void> {
  const path = pick(state, PATHS);
  const base = await files.read(path).catch(absent);
  const text = `${base?.text ?? ''}<crew>\n`;
  const { sha256 } = await files.write({ path, baseSha256: base?.sha256 ?? null, text });
  done.push({ path, before: base?.text ?? null, after: sha256 });
}

/** As the saga does: only what is still as the crew left it is put back. */
async function undo({ files, done, excused }: Race): Promise<void> {
  const last = done.pop();
  if (last === undefined) return;
  const now = await files.read(last.path).catch(absent);
  if (now?.sha256 !== last.after) return;
  if (last.before !== null) return void (await files.write({ path: last.path, baseSha256: last.after, text: last.before }));
  await files.remove(last.path, last.after);
  excuse(excused, now.text);
}

async function remove({ files, excused, ...state }: Race): Promise<void> {
  const path = pick(state, PATHS);
  const base = await files.read(path);
  await files.remove(path, base.sha256);
  excuse(excused, base.text);
}

async function move({ files, root, ...state }: Race): Promise<void> {
  if (existsSync(join(root, 'moved.txt'))) return;
  const path = pick(state, PATHS);
  const base = await files.read(path);
  await files.move(path, 'moved.txt', base.sha256);
}

function excuse(excused: Set<string>, text: string): void {
  for (const token of text.match(/<other \d+>/g) ?? []) excused.add(token);
}

function absent(error: unknown): undefined {
  if (error instanceof FileRefused && error.rule === 'absent') return undefined;
  throw error;
}

function textAt(root: string, path: string): string {
  return existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : '';
}

function pick({ random }: Pick<Race, 'random'>, paths: readonly string[]): string {
  return paths[Math.floor(random() * paths.length)] ?? '';
}

/** mulberry32. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
