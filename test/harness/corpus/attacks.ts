/** Decides how a file of attacks is played and counted: npm run corpus:attacks -- <file.jsonl> [id or class …] */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tryWhich } from '../which.ts';
import { type AttackCase, type AttackResult, CorpusInvalid, parseAttacks } from './attackCase.ts';
import { countLine, exitCode, tableOf } from './attackTable.ts';
import { namespace } from './network.ts';

/** Each is two processes of Node and what the case itself starts; two cores run two cases. */
const CASES_AT_ONCE = 2;
const SETUP_FAILED = 'it could not be set up';
/** A case that its own keeper cannot end. */
const CASE_MS = 300_000;


async function main([named, ...wanted]: readonly string[]): Promise<number> {
  if (named === undefined) {
    console.error('Name the file: npm run corpus:attacks -- test/corpora/attacks.jsonl');
    return 2;
  }
  const file = resolve(named);
  try {
    const cases = parseAttacks(readFileSync(file, 'utf8'));
    const results = await playAll(file, cases, wanted);
    console.log(tableOf(cases, results));
    console.log(countLine(results));
    return results.some(({ notRun: why }) => why?.startsWith(SETUP_FAILED)) ? 2 : exitCode(results);
  } catch (error) {
    console.error(error instanceof CorpusInvalid || (error instanceof Error && 'code' in error) ? error.message : error);
    return 2;
  }
}

async function playAll(file: string, cases: readonly AttackCase[], wanted: readonly string[]): Promise<readonly AttackResult[]> {
  const inside = namespace();
  const lines = lineNumbers(file);
  const waiting = cases.map((attack, index) => ({ attack, line: lines[index] ?? 0 })).filter(({ attack }) => wanted.length === 0 || wanted.includes(attack.id) || wanted.includes(attack.class));
  const results: AttackResult[] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const why = await whyNotRun(next.attack, inside !== undefined);
      const result = why === undefined ? await playOne(file, next, inside ?? []) : notRun(next.attack, why);
      results.push(result);
      console.log(JSON.stringify(result));
    }
  };
  await Promise.all(Array.from({ length: CASES_AT_ONCE }, work));
  return results;
}

/** Index of each line of the file that holds a case. */
function lineNumbers(file: string): readonly number[] {
  return readFileSync(file, 'utf8').split('\n').flatMap((line, index) => (line.trim() === '' ? [] : [index]));
}

async function whyNotRun(attack: AttackCase, hasNamespace: boolean): Promise<string | undefined> {
  for (const program of attack.needs ?? []) if ((await tryWhich(program, process.env)) === undefined) return `${program} is not installed`;
  const text = JSON.stringify([attack.input, attack.setup, attack.oracle]);
  return !hasNamespace && /\$(?:EVIL|SINK|REQLOG|PORT)\b|\d+\.\d+\.\d+\.\d+/.test(text) ? 'no network namespace can be had here' : undefined;
}

function notRun({ id, class: kind, tool, expect }: AttackCase, why: string): AttackResult {
  return { id, class: kind, tool, expect, got: null, ok: false, breaches: [], vacuous: false, notRun: why, ms: 0 };
}

/** A case that could not be set up is the file's fault: the others go on, and the command says so at the end. */
async function playOne(file: string, { attack, line }: { readonly attack: AttackCase; readonly line: number }, inside: readonly string[]): Promise<AttackResult> {
  const keeper = fileURLToPath(new URL('keepCase.ts', import.meta.url));
  const [program = process.execPath, ...args] = [...inside, process.execPath, keeper, file, String(line), inside.length > 0 ? 'isolated' : 'shared'];
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NODE_NO_WARNINGS: '1' }, timeout: CASE_MS, killSignal: 'SIGKILL' });
  let out = '';
  let complaint = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  await new Promise((resolve) => child.once('close', resolve));
  try {
    return JSON.parse(out);
  } catch {
    console.error(`Line ${line + 1} could not be played: ${complaint.slice(0, 4_000)}`);
    return notRun(attack, `${SETUP_FAILED}: see above`);
  }
}

process.exitCode = await main(process.argv.slice(2));
