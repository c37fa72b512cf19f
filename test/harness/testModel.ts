/** Decides what `npm run test:model` runs: every test/model file, against a real Ollama with a real model that it makes first. */
import { createRealOllama } from './ollama.ts';
import { createProgressPrinter } from './progress.ts';
import { printCounts, runMocha, testFiles } from './mocha.ts';

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort(new Error(`stopped by ${name}`)));
process.exitCode = await main(stop.signal);

async function main(signal: AbortSignal): Promise<number> {
  const onProgress = createProgressPrinter(process.stderr);
  const ollama = await createRealOllama({ onProgress }, signal);
  onProgress.end();
  if (ollama.kind === 'unavailable') {
    console.log(`not run: ${ollama.reason}. To run it: ${ollama.remedy}.`);
    const isRequired = process.env['GROUNDCREW_REQUIRE_MODEL'] === '1';
    printCounts({ passed: 0, failed: isRequired ? 1 : 0 });
    return isRequired ? 2 : 0;
  }
  await using _ollama = ollama;
  console.log(`${ollama.model} on ${ollama.url}${ollama.startedHere ? ', started for this run' : ''}`);
  const counts = await runMocha(
    { files: await testFiles(['test/model/**/*.model.test.ts']), jobs: 1, timeoutMs: 10 * 60_000, env: { GROUNDCREW_TEST_URL: ollama.url, GROUNDCREW_TEST_MODEL: ollama.model } },
    signal,
  );
  printCounts(counts);
  return counts.failed > 0 ? 1 : 0;
}
