/** Decides how the reviewer is measured: rules alone, the raw model asked once, and the reviewer, on files with one planted bug and their clean twins. */
import { execFile } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { parseEvent } from '../../src/core/domain/event.ts';
import { createRealOllama } from '../harness/ollama.ts';
import { createProgressPrinter } from '../harness/progress.ts';
import { buildCommandLine } from './crewRun.ts';
import { plainChat } from './plainChat.ts';
import { layOutPair, namesBug, readPairs, samplePairs, type Pair, type Side } from './reviewSet.ts';
import { atLeast, atMost, type Bench, figure, markdownTable, plain, type Row } from './row.ts';
import { userPath } from './runInTree.ts';

const Way = z.enum(['rules', 'raw', 'reviewer']);
type Way = z.infer<typeof Way>;

const Trial = z.object({
  pair: z.string(), side: z.enum(['clean', 'wrong']), way: Way,
  findings: z.array(z.object({ line: z.number(), claim: z.string(), severity: z.string(), proof: z.string(), category: z.string() })),
  seconds: z.number(), promptTokens: z.number(), replyTokens: z.number(), model: z.string(),
});
type Trial = z.infer<typeof Trial>;

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const LOGS = join(ROOT, '.bench');
/** Nobody answers here: the rules are alone. */
const NO_HOST = 'http://127.0.0.1:1';
const PRECISION_FACTOR = 2;
const PER_CLEAN_MAX = 0.1;
const REPLY_TOKENS_MAX = 600;
const WINDOW_TOKENS = 8_192;
const SEED = 7;

interface Where {
  readonly url: string;
  readonly model: string;
  readonly log: string;
}

export const bench: Bench = async ({ sample, resume, ways }, signal) => {
  const tried = ways.length === 0 ? Way.options : ways.map((way) => Way.parse(way));
  const pairs = samplePairs(await readPairs(), sample);
  const log = await logFile(resume);
  await buildCommandLine(signal);
  await using model = tried.some((way) => way !== 'rules') ? await realModel(signal) : undefined;
  const where: Where = { url: model?.url ?? NO_HOST, model: model?.model ?? '', log };
  console.log(`${pairs.length} pairs, ${2 * pairs.length} files, ${where.model === '' ? 'no model' : where.model}, log in ${log}`);
  const done = new Set((await readTrials(log)).map(keyOf));
  for (const pair of pairs) {
    for (const side of ['wrong', 'clean'] as const) for (const way of tried) {
      if (done.has(keyOf({ pair: pair.name, side, way }))) continue;
      const trial = await tryPair(pair, side, way, where, signal);
      await appendFile(log, `${JSON.stringify(trial)}\n`);
      const right = side === 'wrong' && trial.findings.some(({ line }) => namesBug(pair, line));
      console.log(`${pair.name} ${side} ${way}: ${trial.findings.length} findings${side === 'wrong' ? (right ? ', found' : ', MISSED') : ''}, ${trial.seconds.toFixed(1)} s, ${trial.promptTokens}+${trial.replyTokens} tokens`);
    }
  }
  return await report(pairs, tried, log);
};

async function realModel(signal: AbortSignal) {
  const onProgress = createProgressPrinter(process.stderr);
  const ollama = await createRealOllama({ onProgress }, signal);
  onProgress.end();
  if (ollama.kind === 'unavailable') throw new Error(`not run: ${ollama.reason}. To run it: ${ollama.remedy}. Rules alone need no model: --ways rules.`);
  return ollama;
}

async function tryPair(pair: Pair, side: Side, way: Way, where: Where, signal: AbortSignal): Promise<Trial> {
  if (way === 'raw') return await askRaw(pair, side, where, signal);
  const folder = await mkdtemp(join(tmpdir(), 'groundcrew-bench-'));
  try {
    const tree = join(folder, 'tree');
    await mkdir(tree);
    await layOutPair(pair, side, tree);
    const args = ['review', ...(pair.mode === 'change' ? ['--changes'] : [pair.path]), '--json', '--approve', 'safe', '--cwd', tree, '--host', way === 'rules' ? NO_HOST : where.url, ...(way === 'rules' ? [] : ['--model', where.model])];
    const startedAt = performance.now();
    const env = { ...process.env, PATH: userPath(process.env['PATH'] ?? ''), XDG_STATE_HOME: join(folder, 'state') };
    const stdout = await new Promise<string>((resolve, reject) => {
      // Exit 1 says that there are errors: what it printed is read either way.
      execFile(process.execPath, [join(ROOT, 'dist', 'groundcrew.js'), ...args], { cwd: tree, env, signal, maxBuffer: 64e6 }, (error, out) => (signal.aborted ? reject(error ?? new Error('stopped')) : resolve(out)));
    });
    const last = stdout.trim().split('\n').at(-1) ?? '';
    const event = parseEvent(JSON.parse(last));
    if (event.type !== 'run.finished' || event.data.kind !== 'reviewed') throw new Error(`${pair.name} ${side}: the review ended without findings to read: ${last.slice(0, 300)}`);
    const { findings, tokens } = event.data;
    return { pair: pair.name, side, way, findings: findings.map(({ line, claim, severity, proof, category }) => ({ line, claim, severity, proof, category })), seconds: (performance.now() - startedAt) / 1000, promptTokens: tokens.prompt, replyTokens: tokens.reply, model: way === 'rules' ? '' : where.model };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const RawReply = z.object({ findings: z.array(z.object({ line: z.number(), claim: z.string() })) });

/** What anyone would ask: the numbered file, a list of bugs as JSON, once. */
async function askRaw(pair: Pair, side: Side, { url, model }: Where, signal: AbortSignal): Promise<Trial> {
  const startedAt = performance.now();
  const numbered = pair[side].trimEnd().split('\n').map((line, index) => `${index + 1}: ${line}`).join('\n');
  const prompt = `Review this file and list the bugs in it, each with its line number. If there is none, give an empty list.\n\n${pair.path}:\n\`\`\`\n${numbered}\n\`\`\``;
  const reply = await plainChat(url, { model, format: z.toJSONSchema(RawReply), messages: [{ role: 'user', content: prompt }], options: { num_ctx: WINDOW_TOKENS, num_predict: REPLY_TOKENS_MAX, temperature: 0, seed: SEED } }, signal);
  const findings = readFindings(reply.message.content).map(({ line, claim }) => ({ line, claim, severity: 'warning', proof: 'opinion', category: 'bug' }));
  return { pair: pair.name, side, way: 'raw', findings, seconds: (performance.now() - startedAt) / 1000, promptTokens: reply.prompt_eval_count, replyTokens: reply.eval_count, model };
}

/** A reply that was cut has told nothing. */
function readFindings(text: string): z.infer<typeof RawReply>['findings'] {
  try {
    return RawReply.parse(JSON.parse(text)).findings;
  } catch {
    return [];
  }
}

export interface ReviewFigures {
  readonly files: number;
  readonly bugs: number;
  readonly found: number;
  readonly findings: number;
  readonly right: number;
  readonly perClean: number;
  readonly precision: number;
  readonly recall: number;
  readonly seconds: number;
  readonly tokens: number;
}

/** Precision counts every finding: one that does not name the planted bug is wrong, in a file with a bug too. */
export function figuresOf(pairs: readonly Pair[], trials: readonly Trial[]): ReviewFigures {
  const by = new Map(pairs.map((pair) => [pair.name, pair]));
  const known = trials.flatMap((trial) => {
    const pair = by.get(trial.pair);
    return pair === undefined ? [] : [{ trial, right: trial.side === 'wrong' ? trial.findings.filter(({ line }) => namesBug(pair, line)).length : 0 }];
  });
  const wrong = known.filter(({ trial }) => trial.side === 'wrong');
  const clean = known.filter(({ trial }) => trial.side === 'clean');
  const findings = known.reduce((sum, { trial }) => sum + trial.findings.length, 0);
  const right = known.reduce((sum, one) => sum + one.right, 0);
  const found = wrong.filter((one) => one.right > 0).length;
  return {
    files: known.length, bugs: wrong.length, found, findings, right,
    perClean: clean.reduce((sum, { trial }) => sum + trial.findings.length, 0) / clean.length,
    precision: right / findings, recall: found / wrong.length,
    seconds: known.reduce((sum, { trial }) => sum + trial.seconds, 0) / known.length,
    tokens: known.reduce((sum, { trial }) => sum + trial.promptTokens + trial.replyTokens, 0) / known.length,
  };
}

async function report(pairs: readonly Pair[], ways: readonly Way[], log: string): Promise<readonly Row[]> {
  const trials = await readTrials(log);
  const figures = new Map(ways.map((way) => [way, figuresOf(pairs, trials.filter((trial) => trial.way === way))] as const));
  const table = markdownTable(['way', 'bugs found', 'precision', 'recall', 'per clean file', 's a file', 'tokens a file'], [...figures].map(([way, of]) => [way, `${of.found} of ${of.bugs}`, figure(of.precision), figure(of.recall), figure(of.perClean), figure(of.seconds), figure(of.tokens)]));
  console.log(`\n${table}`);
  await writeFile(log.replace(/\.jsonl$/, '.md'), `${table}\n`);
  const [raw, reviewer, rules] = [figures.get('raw'), figures.get('reviewer'), figures.get('rules')];
  const own = reviewer ?? rules;
  if (own === undefined) return [];
  return [
    ...(raw === undefined || reviewer === undefined ? [plain('precision', own.precision, ''), plain('recall', own.recall, '')] : [atLeast('precision', own.precision, '', Math.min(1, PRECISION_FACTOR * raw.precision)), atLeast('recall', own.recall, '', raw.recall)]),
    atMost('findings per clean file', own.perClean, '', PER_CLEAN_MAX),
  ];
}

function keyOf({ pair, side, way }: Pick<Trial, 'pair' | 'side' | 'way'>): string {
  return `${pair} ${side} ${way}`;
}

/** Every finished trial; a last line that a kill cut short is left out. */
async function readTrials(log: string): Promise<readonly Trial[]> {
  const text = await readFile(log, 'utf8').catch(() => '');
  return text.split('\n').slice(0, -1).map((line) => Trial.parse(JSON.parse(line)));
}

/** A new log, or the newest where one is resumed. */
async function logFile(resume: boolean): Promise<string> {
  await mkdir(LOGS, { recursive: true });
  const newest = (await readdir(LOGS)).filter((name) => /^review-.*\.jsonl$/.test(name)).sort().at(-1);
  return join(LOGS, resume && newest !== undefined ? newest : `review-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}.jsonl`);
}
