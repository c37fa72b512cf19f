/** Decides what `npm run bench [name] [--sample n|all] [--resume] [--ways raw,crew]` runs: one file of this folder, or every quick one. */
import { access } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { runCommand } from '../harness/command.ts';
import { printCounts } from '../harness/mocha.ts';
import { rowsTable, type Bench } from './row.ts';

const SAMPLE = 12;
/** Name → file that exports `bench`. */
const FILES: Readonly<Record<string, string>> = { core: './core.ts', journal: './journal.ts', sandbox: './sandbox.ts', bugs: './validateBugs.ts', fix: './fix.ts', review: './review.ts', editor: './editor.ts' };
/** Without a name: those that take seconds. */
const QUICK = ['core', 'journal', 'sandbox'];

await runCommand((signal) => main(process.argv.slice(2), signal));

async function main(argv: readonly string[], signal: AbortSignal): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...argv], allowPositionals: true, options: { sample: { type: 'string' }, resume: { type: 'boolean' }, ways: { type: 'string' } } });
  const sample = values.sample === 'all' ? Number.POSITIVE_INFINITY : Number(values.sample ?? SAMPLE);
  const unknown = positionals.find((name) => !Object.hasOwn(FILES, name));
  if (unknown !== undefined || !(sample >= 1)) {
    console.error(unknown === undefined ? `--sample takes a number from 1 on, or all; it was ${values.sample}.` : `There is no benchmark "${unknown}": use ${Object.keys(FILES).join(', ')}.`);
    return 2;
  }
  let failed = 0;
  let passed = 0;
  for (const name of positionals.length > 0 ? positionals : QUICK) {
    const rows = await (await load(name))({ sample, resume: values.resume === true, ways: values.ways?.split(',') ?? [] }, signal);
    console.log(`\n${name}\n${rowsTable(rows)}`);
    failed += rows.filter(({ ok }) => !ok).length;
    passed += rows.filter(({ ok, aim }) => ok && aim !== '').length;
  }
  printCounts({ passed, failed });
  return failed > 0 ? 1 : 0;
}

async function load(name: string): Promise<Bench> {
  const url = new URL(FILES[name] ?? '', import.meta.url);
  await access(url);
  const module: { readonly bench?: unknown } = await import(url.href);
  if (typeof module.bench !== 'function') throw new Error(`${url.pathname} exports no function named bench.`);
  return module.bench as Bench; // a file of this folder that exports `bench` follows the type in row.ts
}
