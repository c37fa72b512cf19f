/** Decides how a file of faults is played and counted: npm run corpus:faults -- <file.jsonl> [id or class …] */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { CorpusInvalid } from './attackCase.ts';
import { expand } from './expand.ts';
import { FaultCase } from './faultCase.ts';
import { countLine, exitCode, tableOf } from './faultTable.ts';
import type { FaultResult } from './faultPlay.ts';
import { namespace } from './network.ts';

/** Cases mostly wait, but each has a server and a product of its own. */
const CASES_AT_ONCE = 2;
/** A case that its own limit cannot end. */
const CASE_MS = 180_000;

interface Waiting {
  readonly fault: FaultCase;
  readonly line: string;
}

async function main([file, ...wanted]: readonly string[]): Promise<number> {
  if (file === undefined) {
    console.error('Name the file: npm run corpus:faults -- test/corpora/faults.jsonl');
    return 2;
  }
  try {
    const cases = parseFaults(readFileSync(file, 'utf8')).filter(({ fault }) => wanted.length === 0 || wanted.includes(fault.id) || wanted.includes(fault.class));
    const results = await playAll(cases);
    console.log(tableOf(results));
    console.log(countLine(results));
    return exitCode(results);
  } catch (error) {
    console.error(error instanceof CorpusInvalid || (error instanceof Error && 'code' in error) ? error.message : error);
    return 2;
  }
}

/** @throws CorpusInvalid naming the line and the key. */
function parseFaults(text: string): readonly Waiting[] {
  const ids = new Set<string>();
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const fault = parseFault(line, index + 1);
    if (ids.has(fault.id)) throw new CorpusInvalid(`Line ${index + 1}: the id ${fault.id} stands twice.`);
    ids.add(fault.id);
    return [{ fault, line }];
  });
}

function parseFault(line: string, number: number): FaultCase {
  try {
    return FaultCase.parse(expand(JSON.parse(line)));
  } catch (error) {
    if (error instanceof z.ZodError) throw new CorpusInvalid(`Line ${number} is no fault: ${z.prettifyError(error)}`);
    throw new CorpusInvalid(`Line ${number} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function playAll(waiting: readonly Waiting[]): Promise<readonly FaultResult[]> {
  const inside = namespace();
  const left = [...waiting];
  const results: FaultResult[] = [];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      // Every fault has a server on a port of its own, so none can be played without a network of its own.
      const result = inside === undefined ? notRun(next.fault, 'no network namespace can be had here') : await playOne(next, inside);
      results.push(result);
      console.log(JSON.stringify(result));
    }
  };
  await Promise.all(Array.from({ length: CASES_AT_ONCE }, work));
  return results;
}

function notRun({ id, class: kind, endpoint, oracle }: FaultCase, why: string): FaultResult {
  return { id, class: kind, tool: endpoint, expect: [oracle.outcome ?? 'any'].flat().join('|'), got: null, ok: false, breaches: [], vacuous: false, notRun: why, ms: 0 };
}

/** @throws CorpusInvalid when the case could not be set up. */
async function playOne({ fault, line }: Waiting, inside: readonly string[]): Promise<FaultResult> {
  const [program = process.execPath, ...args] = [...inside, process.execPath, fileURLToPath(new URL('faultPlay.ts', import.meta.url))];
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, NODE_NO_WARNINGS: '1', NODE_COMPILE_CACHE: path.join(tmpdir(), 'groundcrew-corpus-cache') }, timeout: CASE_MS, killSignal: 'SIGKILL' });
  let out = '';
  let complaint = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  child.stdin.on('error', () => undefined); // it died before it read: what it printed says so
  child.stdin.end(line);
  await new Promise((resolve) => child.once('close', resolve));
  if (process.env['FAULT_DEBUG'] !== undefined) console.error(complaint);
  try {
    return JSON.parse(out);
  } catch {
    throw new CorpusInvalid(`The case ${fault.id} could not be played: ${complaint.slice(0, 4_000)}`);
  }
}

process.exitCode = await main(process.argv.slice(2));
