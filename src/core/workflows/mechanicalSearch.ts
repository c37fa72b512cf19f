/** Decides how mechanical edits are tried: in turns, by the hundred in one warm process where that is sound, else one cold process each. */
import type { CommandResult } from '../ports.ts';
import { mechanicalEnough } from '../repair/enough.ts';
import { mechanicalEdits, type MechanicalEdit, type MechanicalFile } from '../repair/mechanical/edits.ts';
import { prepareWarm, readWarmLine } from '../repair/warm.ts';
import { runCheck } from '../tools/runCheck.ts';
import type { Proposal } from './gates.ts';
import type { RunContext } from './runContext.ts';
import type { Offer, SearchInput } from './searchInput.ts';
import { checkLimits } from './verifier.ts';

/** Edits made for one bug: more cost more time than they find. */
const EDITS_MAX = 1_500;
/** Compiled languages pay a build for each: few, by rank. */
const EDITS_MAX_COMPILED = 40;
/** Without a warm worker each edit is a process: as many as a model needs for its own candidates. */
const EDITS_MAX_COLD = 400;
const COLD_AT_ONCE = 2;
/** One turn where no model waits for the cores, and the last one where it has done all that it can. */
export const WHOLE_TURN_MS = 120_000;
/**
 * One busy process beside a CPU model slows it from 22 tokens a second to 9 at the lowest priority that Linux knows (autogroup and
 * nice 19), and to 1 at its own (Ollama 0.11.4, two cores, November 2026: its threads wait for each other at every step). So they
 * take turns: the edits first, then the model, and the edits again where it would otherwise try its unlikelier ways.
 */
export const FIRST_TURN_MS = 6_000;
export const NEXT_TURN_MS = 20_000;

/** The edits for one bug, in the order of their rank. */
export interface EditSearch {
  /** Tries the next ones for so long; once some have passed only their rivals, which selection needs. */
  turn(wallMs: number): Promise<void>;
  /** Where it stands, for the log. */
  why(): string;
  /** Edits that fell in a warm worker: those are not offered. */
  fellWarm(): number;
}

export async function openEdits(context: RunContext, input: SearchInput, offer: Offer, stop: AbortSignal): Promise<EditSearch> {
  const edits = await makeEdits(context, input);
  const passed: MechanicalEdit[] = [];
  let left = edits;
  let fellWarm = 0;
  let isWarm = true;
  const take = (done: ReadonlySet<MechanicalEdit>): void => {
    left = left.filter((edit) => !done.has(edit));
  };
  return {
    async turn(wallMs) {
      const until = context.clock.elapsedMs() + wallMs;
      const batch = passed.length === 0 ? left : rivalsOf(passed, left);
      if (isWarm && batch.length > 0) {
        const answers = await tryWarm(context, input, { edits: batch, offer, wallMs, isFirst: passed.length === 0 }, stop);
        isWarm = answers !== undefined;
        fellWarm += (answers?.answered ?? 0) - (answers?.passed.length ?? 0);
        passed.push(...(answers?.passed ?? []));
        take(new Set(batch.slice(0, answers?.answered ?? 0)));
        if (!isWarm) left = left.slice(0, EDITS_MAX_COLD);
      }
      if (!isWarm) {
        const cold = await tryCold(context, passed.length === 0 ? left : rivalsOf(passed, left), { task: input.task, offer, until }, stop);
        passed.push(...cold.passed);
        take(new Set(cold.tried));
      }
    },
    why: () => (stop.aborted ? 'enough' : left.length === 0 ? `exhausted: ${edits.length} edits` : `${edits.length - left.length} of ${edits.length} edits`),
    fellWarm: () => fellWarm,
  };
}

/** Beside the ones that passed, then as plausible as the first of them. */
function rivalsOf(passed: readonly MechanicalEdit[], left: readonly MechanicalEdit[]): readonly MechanicalEdit[] {
  const most = mechanicalEnough(passed[0]?.rank ?? 0);
  const isBeside = (edit: MechanicalEdit): boolean => passed.some((one) => one.path === edit.path && one.line === edit.line);
  return [...left.filter(isBeside), ...left.filter((edit) => !isBeside(edit) && edit.rank <= most)];
}

async function makeEdits(context: RunContext, input: SearchInput): Promise<readonly MechanicalEdit[]> {
  const files: MechanicalFile[] = [];
  for (const path of new Set(input.suspects.map((suspect) => suspect.path))) {
    const file = await context.project.read(path);
    const tree = file === undefined ? undefined : await context.syntax.parse(path, file.text);
    if (file !== undefined && tree !== undefined) files.push({ file, root: tree.root, language: context.syntax.languageOf(path) });
  }
  const isCompiled = ['go', 'cargo', 'maven', 'gradle'].includes(input.failure.target.runner);
  return mechanicalEdits({ files, suspects: input.suspects, lineScores: input.lineScores, failure: input.failure.outcome.failure }, isCompiled ? EDITS_MAX_COMPILED : EDITS_MAX);
}

interface Answers {
  /** Edits tried, from the first on. */
  readonly answered: number;
  readonly passed: readonly MechanicalEdit[];
}

interface Batch {
  readonly edits: readonly MechanicalEdit[];
  readonly offer: Offer;
  readonly wallMs: number;
  /** None has passed yet: the batch ends where the rivals of the first one end. */
  readonly isFirst: boolean;
}

/**
 * One process tries them in order; whoever passes in it goes through the cold gates like any other candidate. undefined where
 * a warm worker is not sound for this runner, or where it died at once.
 */
async function tryWarm(context: RunContext, input: SearchInput, batch: Batch, stop: AbortSignal): Promise<Answers | undefined> {
  const { edits, offer, isFirst } = batch;
  const { target, wallMs } = input.failure;
  const prepared = prepareWarm({ check: target, candidates: edits.map((edit, index) => ({ id: String(index), path: edit.path, text: edit.text })), perCandidateMs: wallMs });
  if (prepared === undefined) return undefined;
  const passed: MechanicalEdit[] = [];
  const cold: Promise<unknown>[] = [];
  let answered = 0;
  const enough = new AbortController();
  const onLine = (line: string): void => {
    const verdict = readWarmLine(line);
    const edit = verdict === undefined ? undefined : edits[Number(verdict.id)];
    if (verdict === undefined || edit === undefined) return;
    answered += 1;
    const [first] = passed;
    if (first !== undefined && isFirst && edit.rank > mechanicalEnough(first.rank) && edit.line !== first.line) enough.abort();
    if (verdict.verdict !== 'passed' || stop.aborted) return;
    passed.push(edit);
    cold.push(offer(toProposal(edit, input.task)));
  };
  const result = await until(enough.signal, context.tools('verifier').call(runCheck, {
    check: target, argv: [...prepared.argv], env: { ...prepared.env }, kit: { ...prepared.kit }, collect: [], overlay: [...context.verifier.supporting],
    limits: { ...checkLimits(batch.wallMs), ...prepared.limits }, confined: context.confined, onLine,
  }, AbortSignal.any([stop, enough.signal])));
  await Promise.all(cold);
  const died = answered === 0 && edits.length > 0 && result !== undefined && result.ended !== 'wall-limit';
  return died ? undefined : { answered, passed };
}

/** undefined when `enough` ended it; any other end is the caller's. */
async function until(enough: AbortSignal, work: Promise<CommandResult>): Promise<CommandResult | undefined> {
  try {
    return await work;
  } catch (error) {
    if (enough.aborted) return undefined;
    throw error;
  }
}

interface ColdBatch {
  readonly task: string | null;
  readonly offer: Offer;
  /** None is begun after it, by the run's clock. */
  readonly until: number;
}

/** One process each, so many at once. */
async function tryCold(context: RunContext, edits: readonly MechanicalEdit[], { task, offer, until }: ColdBatch, stop: AbortSignal): Promise<{ readonly tried: readonly MechanicalEdit[]; readonly passed: readonly MechanicalEdit[] }> {
  const queue = [...edits];
  const tried: MechanicalEdit[] = [];
  const passed: MechanicalEdit[] = [];
  const worker = async (): Promise<void> => {
    while (!stop.aborted && context.clock.elapsedMs() < until) {
      const edit = queue.shift();
      if (edit === undefined) return;
      tried.push(edit);
      if ((await offer(toProposal(edit, task))).kind === 'survived') passed.push(edit);
    }
  };
  await Promise.all(Array.from({ length: COLD_AT_ONCE }, worker));
  return { tried, passed };
}

function toProposal(edit: MechanicalEdit, task: string | null): Proposal {
  return { source: 'mechanical', files: [{ path: edit.path, text: edit.text }], note: edit.note, rank: edit.rank, call: null, task };
}
