/**
 * Decides what `npm run test:model` runs: every test/model file, against a real Ollama with a real model that it makes first; the
 * one in a real editor where that can be had.
 */
import { runCommand } from './command.ts';
import { prepareEditor } from './editor/prepare.ts';
import { createRealOllama } from './ollama.ts';
import { createProgressPrinter } from './progress.ts';
import { printCounts, runMocha, testFiles } from './mocha.ts';

/** The whole of .ci/run has 35 minutes. */
const LIMIT_MS = 20 * 60_000;
const TEST_MS = 10 * 60_000;
const IN_EDITOR = /editor\.model\.test\.ts$/u;
/** The exit of a machine that has to be set up first. */
const NO_MODEL = 2;

await runCommand(main);

async function main(signal: AbortSignal): Promise<number> {
  const onProgress = createProgressPrinter(process.stderr);
  const ollama = await createRealOllama({ onProgress }, signal);
  onProgress.end();
  if (ollama.kind === 'unavailable') {
    console.log(`not run: ${ollama.reason}. To run it: ${ollama.remedy}.`);
    const isRequired = process.env['GROUNDCREW_REQUIRE_MODEL'] === '1';
    printCounts({ passed: 0, failed: isRequired ? 1 : 0 });
    return isRequired ? NO_MODEL : 0;
  }
  await using _ollama = ollama;
  console.log(`${ollama.model} on ${ollama.url}${ollama.startedHere ? ', started for this run' : ''}`);
  const editor = await prepareEditor(onProgress, signal);
  onProgress.end();
  if (editor.kind === 'unavailable') console.log(`not run: the model in an editor: ${editor.reason}. ${editor.remedy}.`);
  const named = process.argv.slice(2);
  const files = (named.length > 0 ? named : await testFiles(['test/model/**/*.model.test.ts'])).filter((file) => editor.kind === 'ready' || !IN_EDITOR.test(file));
  const env = { GROUNDCREW_TEST_URL: ollama.url, GROUNDCREW_TEST_MODEL: ollama.model, ...(editor.kind === 'ready' ? editor.env : {}) };
  const counts = await runMocha({ files, jobs: 1, limitMs: LIMIT_MS, timeoutMs: TEST_MS, env }, signal);
  if (editor.kind === 'ready') console.log(`Screenshots of the run in the editor: ${editor.kept}`);
  printCounts(counts);
  return counts.failed > 0 ? 1 : 0;
}
