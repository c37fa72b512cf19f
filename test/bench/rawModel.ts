/** Decides the yardstick: the model asked once, with file, test and failure in one prompt, for the whole corrected file. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bug } from './bugSet.ts';
import type { Trial } from './fixLog.ts';
import { plainChat } from './plainChat.ts';
import { runInTree } from './runInTree.ts';

/** Room for what a user would send at most; prompts beyond it are the raw model's failure, told as such. */
const WINDOW_TOKENS = 8_192;
const REPLY_TOKENS_MAX = 3_000;
const FAILURE_CHARS_MAX = 3_000;
const SEED = 7;

/** It gets the file of the reference fix, which no user could name so surely: the yardstick errs in its favour. */
export async function askRaw(
  { bug, tree, url, model, verdict }: { readonly bug: Bug; readonly tree: string; readonly url: string; readonly model: string; readonly verdict: (tree: string) => Promise<boolean> },
  signal: AbortSignal,
): Promise<Trial> {
  const startedAt = performance.now();
  const path = bug.touches[0] ?? '';
  const failure = bug.test === null ? '' : (await runInTree(bug.test, tree, signal)).output;
  const reply = await plainChat(url, { model, messages: [{ role: 'user', content: await promptOf({ bug, tree, path, failure }) }], options: { num_ctx: WINDOW_TOKENS, num_predict: REPLY_TOKENS_MAX, temperature: 0, seed: SEED } }, signal);
  const tokens = { promptTokens: reply.prompt_eval_count, replyTokens: reply.eval_count };
  const ended = (outcome: string, reason: string, truly: boolean): Trial => ({
    kind: 'trial', way: 'raw', outcome, claimsFixed: outcome === 'fixed', truly, seconds: (performance.now() - startedAt) / 1000, model, reviewSeconds: 0, reloads: 0, readPerNew: null, peakMemoryBytes: null, reason, ...tokens,
  });
  const text = codeOf(reply.message.content);
  if (text === undefined) return ended('gave-up', `no code in the reply (${reply.done_reason})`, false);
  await writeFile(join(tree, path), text);
  // Without a visible check there is nothing that could keep the raw model from claiming.
  const passes = bug.test === null || (await runInTree(bug.test, tree, signal)).passed;
  const trial = ended(passes ? 'fixed' : 'gave-up', passes ? '' : 'its file fails the visible check', false);
  return passes ? { ...trial, truly: await verdict(tree) } : trial;
}

async function promptOf({ bug, tree, path, failure }: { readonly bug: Bug; readonly tree: string; readonly path: string; readonly failure: string }): Promise<string> {
  const block = async (file: string): Promise<string> => `${file}:\n\`\`\`\n${await readFile(join(tree, file), 'utf8')}\`\`\`\n`;
  const parts = [await block(path)];
  const test = await testFileOf(bug, tree);
  if (test !== undefined) parts.push(await block(test));
  if (bug.words !== null) parts.push(`${bug.words}\n`);
  if (failure !== '') parts.push(`The test fails:\n\`\`\`\n${failure.slice(0, FAILURE_CHARS_MAX)}\n\`\`\`\n`);
  parts.push(`Fix the bug in ${path}. Answer with the whole corrected file in one code block.`);
  return parts.join('\n');
}

/** The last word of the check's argv that is a file: what the check runs. */
async function testFileOf(bug: Bug, tree: string): Promise<string | undefined> {
  for (const word of (bug.test ?? []).toReversed()) {
    const path = word.split('::')[0] ?? '';
    if (path !== '' && !path.startsWith('/') && (await readFile(join(tree, path)).then(() => true, () => false))) return path;
  }
  return undefined;
}

/** The longest fenced block, whose final fence may be missing. */
export function codeOf(reply: string): string | undefined {
  const blocks = [...reply.matchAll(/^```[^\n]*\n([\s\S]*?)(?:^```|(?![\s\S]))/gm)].map((match) => match[1] ?? '');
  return blocks.toSorted((a, b) => b.length - a.length).find((block) => block.trim() !== '');
}
