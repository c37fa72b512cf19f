/** Decides where many candidates may be tried in one process, how that process is started, and how its answers are read. */
import * as z from 'zod';
import { recognise } from '../checks/invocation.ts';
import { splitArgs, withoutOptions } from '../checks/runners/options.ts';
import { KIT } from '../checks/runners/runner.ts';
import type { Check } from '../domain/check.ts';
import type { ProcessLimits } from '../ports.ts';
import { NODE_WARM, NODE_WARM_THREAD } from './kit/nodeWarm.ts';
import { PYTHON_WARM } from './kit/pythonWarm.ts';

export interface WarmInput {
  readonly check: Check;
  /** One file each, tried in this order; paths relative to the workspace root. */
  readonly candidates: readonly { readonly id: string; readonly path: string; readonly text: string }[];
  /** Upper bound; the worker lowers it to a few times what the base takes. */
  readonly perCandidateMs: number;
}

export interface WarmRun {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly kit: Readonly<Record<string, string>>;
  readonly limits: Partial<ProcessLimits>;
}

const Answer = z.object({
  groundcrew: z.literal('warm'),
  id: z.string(),
  verdict: z.enum(['passed', 'failed', 'timeout', 'error']),
  ms: z.number(),
});
export type WarmAnswer = Omit<z.infer<typeof Answer>, 'groundcrew'>;

/** Answers are short lines, but a test may print beside them. */
const OUTPUT_BYTES = 64_000_000;
/** Two runs of the unchanged code, each up to the limit, come before the first answer. */
const SILENCE_FACTOR = 4;
const SILENCE_FLOOR_MS = 20_000;

/**
 * The command of one worker for all candidates; undefined: not sound, or not known how, for this check. The worker itself runs the
 * unchanged code first and exits without an answer when that passes there. Files are put back by it, and by the snapshot after it.
 */
export function prepareWarm({ check, candidates, perCandidateMs }: WarmInput): WarmRun | undefined {
  const started = candidates.length === 0 ? undefined : startOf(check);
  if (!started) return undefined;
  return {
    argv: started.argv,
    env: { ...started.env, GROUNDCREW_WARM_MS: String(Math.round(perCandidateMs)) },
    kit: { ...started.kit, 'gc_candidates.json': JSON.stringify(batchOf(check.cwd, candidates)) },
    limits: { silenceMs: Math.max(SILENCE_FLOOR_MS, perCandidateMs * SILENCE_FACTOR), outputBytes: OUTPUT_BYTES },
  };
}

/** undefined: not one of the worker's lines. A test can forge one; that only costs a cold run, which decides. */
export function readWarmLine(line: string): WarmAnswer | undefined {
  if (!line.startsWith('{') || !line.includes('"warm"')) return undefined;
  try {
    const parsed = Answer.safeParse(JSON.parse(line));
    return parsed.success ? { id: parsed.data.id, verdict: parsed.data.verdict, ms: parsed.data.ms } : undefined;
  } catch {
    return undefined; // other output that looks like JSON
  }
}

type Start = Omit<WarmRun, 'limits'>;

function startOf(check: Check): Start | undefined {
  const { runner, launcher, args } = recognise(check.plain ?? check.argv);
  if (runner === 'pytest') return startPytest(launcher, args);
  if (runner === 'unittest') return startPython(launcher.slice(0, -2), ['unittest', ...args], launcher.at(-2) === '-m');
  if (runner === 'mocha') return startMocha(args);
  if (runner === 'node-test') return startNode(launcher, args);
  if (runner !== 'script') return undefined;
  const tool = launcher[0]?.split('/').at(-1) ?? '';
  if (/^python[\d.]*$/.test(tool) && args[0]?.endsWith('.py') === true) return startPython(launcher, ['script', ...args], true);
  return /^node(js)?$/.test(tool) ? startNode(launcher, args) : undefined;
}

const PYTHON_KIT = { 'gc_warm.py': PYTHON_WARM };
const PYTHON_ENV = { PYTHONDONTWRITEBYTECODE: '1' };

function startPytest(launcher: readonly string[], args: readonly string[]): Start | undefined {
  // Workers of xdist and files written by coverage would be shared by all children.
  if (args.some((word) => /^(-n\d*|--numprocesses|--dist|-f|--looponfail|--forked|--cov|--pdb)(=|$)/.test(word))) return undefined;
  return { argv: [...launcher, '-p', 'gc_warm', '-p', 'no:cacheprovider', ...args], env: { ...PYTHON_ENV, PYTHONPATH: KIT }, kit: PYTHON_KIT };
}

function startPython(launcher: readonly string[], rest: readonly string[], known: boolean): Start | undefined {
  if (!known || launcher.length === 0) return undefined;
  return { argv: [...launcher, `${KIT}/gc_warm.py`, ...rest], env: PYTHON_ENV, kit: PYTHON_KIT };
}

const NODE_KIT = { 'gc_warm.cjs': NODE_WARM, 'gc_warm_thread.cjs': NODE_WARM_THREAD };
const NODE_FLAGS_WITH_VALUE = ['--import', '--require', '-r', '--loader', '--experimental-loader', '--test-name-pattern', '--test-skip-pattern', '--conditions', '-C', '--env-file'];
const RUNNER_FLAGS = ['--test', '--test-reporter', '--test-reporter-destination', '--test-concurrency', '--test-timeout', '--test-shard', '--test-isolation', '--experimental-test-isolation', '--test-force-exit'];
const WATCHERS = /^(--watch|--inspect|--cpu-prof|--heap-prof|--experimental-test-coverage|--experimental-permission|--permission|--allow-)/;

function startNode(launcher: readonly string[], args: readonly string[]): Start | undefined {
  const { options, positionals, tail } = splitArgs(withoutOptions(args.filter((word) => word !== '--test'), RUNNER_FLAGS.slice(1)), NODE_FLAGS_WITH_VALUE);
  const files = positionals.filter((word) => /\.[cm]?[jt]sx?$/.test(word) && !/[*?{[]/.test(word));
  const isTest = args.includes('--test');
  // Folders and patterns are node's to resolve; what follows a script is its own.
  if (files.length === 0 || (isTest && files.length !== positionals.length) || tail.length > 0 || options.some((word) => WATCHERS.test(word))) return undefined;
  if (!isTest && args[0] !== files[0] && args.indexOf(files[0] ?? '') !== args.length - 1) return undefined;
  const own = isTest ? files : files.slice(0, 1);
  return { argv: [...launcher, ...options, `${KIT}/gc_warm.cjs`, 'file', ...own], env: {}, kit: NODE_KIT };
}

function startMocha(args: readonly string[]): Start | undefined {
  if (args.some((word) => /^(-p|--parallel|-j|--jobs|-w|--watch|--inspect|--inspect-brk)(=|$)/.test(word))) return undefined;
  return { argv: ['node', `${KIT}/gc_warm.cjs`, 'mocha', ...args], env: {}, kit: NODE_KIT };
}

interface Batch {
  /** From the check's folder to the workspace root. */
  readonly up: string;
  /** One text for each path, which the candidates differ from by one span. */
  readonly reference: Readonly<Record<string, string>>;
  readonly candidates: readonly { readonly id: string; readonly path: string; readonly start: number; readonly rest: number; readonly text: string }[];
}

/** Candidates of one file differ in a few lines: only those travel, so that 1,500 of a long file stay small. */
function batchOf(cwd: string, candidates: WarmInput['candidates']): Batch {
  const reference: Record<string, string> = {};
  const spans = candidates.map(({ id, path, text }) => {
    reference[path] ??= text;
    const base = reference[path];
    return { id, path, ...spanOf(base, text) };
  });
  const depth = cwd.split('/').filter((part) => part !== '' && part !== '.').length;
  return { up: '../'.repeat(depth) || '.', reference, candidates: spans };
}

function spanOf(base: string, text: string): { start: number; rest: number; text: string } {
  const most = Math.min(base.length, text.length);
  let start = 0;
  while (start < most && base.charCodeAt(start) === text.charCodeAt(start)) start++;
  let rest = 0;
  while (rest < most - start && base.charCodeAt(base.length - 1 - rest) === text.charCodeAt(text.length - 1 - rest)) rest++;
  return { start, rest, text: text.slice(start, text.length - rest) };
}
