/** Decides what `npm test` runs: every test that needs neither a model nor an editor. */
import { availableParallelism } from 'node:os';
import { printCounts, runMocha, testFiles } from './mocha.ts';

const PATTERNS = ['test/{core,node,cli,harness,bench,support}/**/*.test.ts', 'test/workflows/**/*.test.ts'];
/** More jobs than this only compete: the tests start processes of their own. */
const JOBS_MAX = 4;

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort(new Error(`stopped by ${name}`)));
const named = process.argv.slice(2);
const files = named.length > 0 ? named : (await testFiles(PATTERNS)).filter((file) => !file.endsWith('.model.test.ts'));
const counts = await runMocha({ files, jobs: Math.min(JOBS_MAX, availableParallelism()) }, stop.signal);
printCounts(counts);
process.exitCode = counts.failed > 0 ? 1 : 0;
