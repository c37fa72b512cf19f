/** Decides how the crew is measured against the raw model: every way once per bug, every candidate with its hidden verdict. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Gate } from '../../src/core/domain/candidate.ts';
import { createRealOllama } from '../harness/ollama.ts';
import { createProgressPrinter } from '../harness/progress.ts';
import { layOut, layOver, readBugs, sampleBugs, type Bug } from './bugSet.ts';
import { crewFigures } from './crewFigures.ts';
import { applyPatch, buildCommandLine, runCrew, type CrewRun } from './crewRun.ts';
import { appendLog, logFolder, readLog, Way, type CandidateLine, type LogLine, type Trial } from './fixLog.ts';
import { median, summaries, summaryTable, type Summary, type Trials } from './fixTable.ts';
import { askRaw } from './rawModel.ts';
import { atLeast, atMost, plain, type Bench, type Row } from './row.ts';
import { runInTree } from './runInTree.ts';

const ALL_SOURCES = ['mechanical', 'cloze', 'rewrite'];
/** Aims of issue and design: the crew against the raw model. */
const TRULY_FACTOR = 2;
const TRULY_SHARE = 0.85;
const FALSE_SHARE_MAX = 0.03;
const TOKENS_FACTOR = 0.5;
const READ_PER_NEW_MAX = 1.1;
const MEMORY_MB_MAX = 150;

interface Where {
  /** Folder of the log. */
  readonly log: string;
  readonly url: string;
  readonly model: string;
  readonly ways: readonly Way[];
}

export const bench: Bench = async ({ sample, resume, ways }, signal) => {
  const tried = ways.length === 0 ? Way.options : ways.map((way) => Way.parse(way));
  const onProgress = createProgressPrinter(process.stderr);
  const ollama = await createRealOllama({ onProgress }, signal);
  onProgress.end();
  if (ollama.kind === 'unavailable') throw new Error(`not run: ${ollama.reason}. To run it: ${ollama.remedy}.`);
  await using _ollama = ollama;
  await buildCommandLine(signal);
  const folder = await logFolder(resume);
  const bugs = sampleBugs(await readBugs(), sample);
  console.log(`${bugs.length} bugs, ${ollama.model} on ${ollama.url}, log in ${folder}`);
  for (const bug of bugs) await tryBug(bug, { log: folder, url: ollama.url, model: ollama.model, ways: tried }, signal);
  return report(bugs, folder);
};

/** Every way that the log does not hold yet. */
async function tryBug(bug: Bug, where: Where, signal: AbortSignal): Promise<void> {
  const done = new Set((await readLog(where.log, bug.name)).flatMap((line) => (line.kind === 'trial' ? [line.way] : [])));
  for (const way of where.ways) {
    if (done.has(way)) continue;
    const folder = await mkdtemp(join(tmpdir(), 'groundcrew-bench-'));
    try {
      const lines = await tryWay({ bug, way, folder, ...where }, signal);
      await appendLog(where.log, bug.name, lines);
      const trial = lines.at(-1);
      if (trial?.kind === 'trial') console.log(`${bug.name} ${way}: ${trial.outcome}${trial.claimsFixed ? (trial.truly ? ', truly' : ', FALSELY') : ''}, ${trial.seconds.toFixed(0)} s, ${trial.promptTokens}+${trial.replyTokens} tokens ${trial.reason}`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

async function tryWay({ bug, way, folder, url, model }: Where & { readonly bug: Bug; readonly way: Way; readonly folder: string }, signal: AbortSignal): Promise<readonly LogLine[]> {
  const tree = join(folder, 'tree');
  await layOut(bug, tree);
  const verdict = async (of: string): Promise<boolean> => {
    await layOver(bug, 'hidden', of);
    return (await runInTree(bug.hidden, of, signal)).passed;
  };
  if (way === 'raw') return [await askRaw({ bug, tree, url, model, verdict }, signal)];
  const run = await runCrew({ bug, tree, state: join(folder, 'state'), url, model, sources: way === 'crew' ? ALL_SOURCES : [way] }, signal);
  const lines: LogLine[] = [];
  for (const candidate of candidatesOf(run)) {
    lines.push({ ...candidate.line, way, truly: candidate.reachedTests ? await onFreshTree(bug, folder, (fresh) => applyPatch(candidate.patch, fresh), verdict) : null });
  }
  const { outcome, seconds } = run;
  const patch = outcome.patch;
  const truly = patch !== null && (await onFreshTree(bug, folder, (fresh) => gitApply(patch, fresh), verdict));
  const figures = crewFigures(run.events);
  const trial: Trial = { kind: 'trial', way, outcome: outcome.kind, claimsFixed: outcome.kind === 'fixed', truly, seconds: seconds - figures.reviewMs / 1000, reviewSeconds: figures.reviewMs / 1000, promptTokens: outcome.tokens.prompt, replyTokens: outcome.tokens.reply, model, reloads: figures.reloads, readPerNew: figures.readPerNew, peakMemoryBytes: run.peakMemoryBytes, reason: outcome.reason };
  return [...lines, trial];
}

async function onFreshTree(bug: Bug, folder: string, change: (tree: string) => Promise<void>, verdict: (tree: string) => Promise<boolean>): Promise<boolean> {
  const fresh = await mkdtemp(join(folder, 'verdict-'));
  try {
    await layOut(bug, fresh);
    await change(fresh);
    return await verdict(fresh);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

async function gitApply(patch: string, tree: string): Promise<void> {
  await writeFile(join(tree, '.git', 'bench.patch'), patch);
  await promisify(execFile)('git', ['apply', '--whitespace=nowarn', join('.git', 'bench.patch')], { cwd: tree });
}

/** Each candidate of a run with the last gate that judged it; those past the visible check deserve the hidden one. */
function candidatesOf({ events }: CrewRun) {
  const startedAt = events[0]?.at ?? 0;
  return events.flatMap((event) => {
    if (event.type !== 'candidate.offered') return [];
    const verdicts = events.filter((other) => other.type === 'candidate.gated' && other.data.candidate === event.data.id);
    const last = verdicts.at(-1);
    const judged = last?.type === 'candidate.gated' ? last.data.verdict : undefined;
    const reachedTests = verdicts.some((other) => other.type === 'candidate.gated' && PAST_TARGET.has(other.data.verdict.gate));
    const line: Omit<CandidateLine, 'way' | 'truly'> = {
      kind: 'candidate', source: event.data.source, note: event.data.note, gate: judged?.gate ?? 'applies', passed: judged?.passed ?? false, atMs: (last ?? event).at - startedAt, reason: judged?.reason ?? 'never judged',
    };
    return [{ line, patch: event.data.patch, reachedTests }];
  });
}

/** Gates that only a candidate meets which passes the visible check. */
const PAST_TARGET: ReadonlySet<Gate> = new Set(['types', 'affected', 'all', 'selection', 'review']);

async function report(bugs: readonly Bug[], folder: string): Promise<readonly Row[]> {
  const trialsOf = async (some: readonly Bug[]): Promise<Trials> => new Map(await Promise.all(some.map(async (bug) => [bug.name, (await readLog(folder, bug.name)).filter((line) => line.kind === 'trial')] as const)));
  const checked = summaries(await trialsOf(bugs.filter(({ test }) => test !== null)));
  const table = [`With a failing check:\n${summaryTable(checked)}`];
  const worded = bugs.filter(({ test }) => test === null);
  if (worded.length > 0) table.push(`Given in words or by a stack trace only:\n${summaryTable(summaries(await trialsOf(worded)))}`);
  console.log(`\n${table.join('\n\n')}`);
  await writeFile(join(folder, 'table.md'), `${table.join('\n\n')}\n`);
  return [...aims(checked), ...useOfTheModel([...(await trialsOf(bugs)).values()].flat().filter(({ way }) => way === 'crew'))];
}

/** The crew's figures beside what is aimed at. */
function aims(rows: readonly Summary[]): readonly Row[] {
  const raw = rows[0];
  const crew = rows.at(-1);
  if (raw === undefined || crew === undefined || crew.bugs === 0) return [plain('bugs tried by the crew', 0, 'bugs')];
  return [
    atLeast('truly fixed', crew.truly, 'bugs', Math.min(TRULY_FACTOR * raw.truly, Math.ceil(TRULY_SHARE * crew.bugs))),
    atMost('false "fixed"', crew.falsely / crew.bugs, 'of bugs', FALSE_SHARE_MAX),
    // Where the raw model fixes nothing there is nothing to compare with.
    ...(raw.truly === 0 ? [] : [atMost('median time to a true fix', crew.medianSeconds, 's', raw.medianSeconds), atMost('tokens per true fix', crew.tokensPerFix, 'tokens', TOKENS_FACTOR * raw.tokensPerFix)]),
  ];
}

/** How the crew's own runs treated the model, and this machine. */
function useOfTheModel(trials: readonly Trial[]): readonly Row[] {
  if (trials.length === 0) return [];
  const known = (of: (trial: Trial) => number | null): readonly number[] => trials.flatMap((trial) => of(trial) ?? []);
  return [
    atMost('prompt tokens read ÷ truly new', median(known((trial) => trial.readPerNew)), '×', READ_PER_NEW_MAX),
    plain('median time of the review', median(trials.filter(({ reviewSeconds }) => reviewSeconds > 0).map(({ reviewSeconds }) => reviewSeconds)), 's'),
    atMost('model reloads', trials.reduce((sum, { reloads }) => sum + reloads, 0), '', 0),
    atMost('peak memory of a run', Math.max(...known((trial) => trial.peakMemoryBytes)) / 1e6, 'MB', MEMORY_MB_MAX),
  ];
}
