/**
 * Decides what `npm run test:editor` runs: the packed extension in a real editor, as a host of tests and as a user. A file
 * that fails is run once more, in a fresh editor, and named: two programs that draw and a person's clicks between them are
 * not in step on every machine, and a defect of ours fails twice.
 */
import { readdir } from 'node:fs/promises';
import { runCommand } from '../command.ts';
import { type Counts, printCounts, runMocha, testFiles } from '../mocha.ts';
import { createProgressPrinter } from '../progress.ts';
import { prepareEditor } from './prepare.ts';

/** A file takes a minute on two idle cores; a machine at work takes longer, and a test that hangs for ever. */
const LIMIT_MS = 6 * 60_000;
const TEST_MS = 180_000;
const CANNOT = 2;

await runCommand(async (signal) => {
  const onProgress = createProgressPrinter(process.stderr);
  const prepared = await prepareEditor(onProgress, signal);
  onProgress.end();
  if (prepared.kind === 'unavailable') {
    console.error(`not run: ${prepared.reason}. ${prepared.remedy}.`);
    const isExcused = process.env['CI'] === 'true' && process.env['GROUNDCREW_REQUIRE_EDITOR'] !== '1';
    return isExcused ? 0 : CANNOT;
  }
  const named = process.argv.slice(2);
  const files = named.length > 0 ? named : await testFiles(['test/editor/**/*.test.ts']);
  const run = (file: string): Promise<Counts> => runMocha({ files: [file], jobs: 1, limitMs: LIMIT_MS, timeoutMs: TEST_MS, env: prepared.env }, signal);
  let counts: Counts = { passed: 0, failed: 0 };
  const unsteady: string[] = [];
  for (const file of files) {
    let ran = await run(file);
    if (ran.failed > 0) {
      const again = await run(file);
      if (again.failed === 0) unsteady.push(file);
      ran = again;
    }
    counts = { passed: counts.passed + ran.passed, failed: counts.failed + ran.failed };
  }
  for (const file of unsteady) console.log(`unsteady: ${file} failed, and passed when it was run again: see above for what failed`);
  const kept = (await readdir(prepared.kept)).filter((name) => /\.(?:png|log)$/u.test(name));
  if (counts.failed > 0) console.log(`Screenshots and logs of what failed: ${prepared.kept} (${kept.join(', ')})`);
  printCounts(counts);
  return counts.failed > 0 ? 1 : 0;
});
