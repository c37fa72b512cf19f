/** Decides what `npm test` runs: every test that needs neither a model nor an editor. */
import { availableParallelism } from 'node:os';
import { runCommand } from './command.ts';
import { printCounts, runMocha, testFiles } from './mocha.ts';

const PATTERNS = ['test/{core,node,cli,protocol,webview,vscode,harness,bench,support}/**/*.test.ts', 'test/workflows/**/*.test.ts'];
/** More jobs than this only compete: the tests start processes of their own. */
const JOBS_MAX = 4;
/** Three times what the suite may take: a busy machine is no failure, a test that hangs is. */
const LIMIT_MS = 15 * 60_000;

await runCommand(async (signal) => {
  const named = process.argv.slice(2);
  const files = named.length > 0 ? named : (await testFiles(PATTERNS)).filter((file) => !file.endsWith('.model.test.ts'));
  const counts = await runMocha({ files, jobs: Math.min(JOBS_MAX, availableParallelism()), limitMs: LIMIT_MS }, signal);
  printCounts(counts);
  return counts.failed > 0 ? 1 : 0;
});
