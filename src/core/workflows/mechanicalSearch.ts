/** Decides how mechanical edits are tried: by the hundred in one warm process where that is sound, else one cold process each. */
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
/** Wall limit of one warm batch; candidates not reached by then are not tried. */
const WARM_WALL_MS = 120_000;

/**
 * A busy worker on the cores of a CPU model slows it twentyfold (22 tokens a second to 1, measured with Ollama 0.11.4 on two
 * cores: its threads wait for each other at every step). So the edits have the cores first, then only what the model leaves.
 */
export const HEAD_START_MS = 6_000;

/** Resolves with why it ended, and how many edits fell in a warm worker: those are not offered. */
export async function tryMechanical(context: RunContext, input: SearchInput, offer: Offer, stop: AbortSignal): Promise<{ readonly why: string; readonly fellWarm: number }> {
  const edits = await makeEdits(context, input);
  const shares = context.model?.facts.sharesCores === true;
  const first = await tryWarm(context, input, { edits, offer, wallMs: shares ? HEAD_START_MS : WARM_WALL_MS, background: false }, stop);
  if (first === undefined) return { why: await tryCold(context, edits, input, offer, stop), fellWarm: 0 };
  const later = stop.aborted ? undefined : await tryLater(context, input, { edits, offer, first }, stop);
  const passed = first.passed.length + (later?.passed.length ?? 0);
  const answered = first.answered + (later?.answered ?? 0);
  return { why: stop.aborted ? 'enough' : `exhausted: ${answered} of ${edits.length} edits, ${passed} pass warm`, fellWarm: answered - passed };
}

/** With a survivor: its rivals, in front, since selection needs them. Without one: all the others, in what the model leaves. */
async function tryLater(context: RunContext, input: SearchInput, { edits, offer, first }: { readonly edits: readonly MechanicalEdit[]; readonly offer: Offer; readonly first: Answers }, stop: AbortSignal): Promise<Answers | undefined> {
  const left = edits.slice(first.answered);
  const [best] = first.passed;
  const isBeside = (edit: MechanicalEdit): boolean => first.passed.some((passed) => passed.path === edit.path && passed.line === edit.line);
  const beside = left.filter(isBeside);
  const near = left.filter((edit) => !isBeside(edit) && best !== undefined && edit.rank <= mechanicalEnough(best.rank));
  const next = best === undefined ? left : [...beside, ...near];
  if (next.length === 0) return undefined;
  return await tryWarm(context, input, { edits: next, offer, wallMs: best === undefined ? WARM_WALL_MS : HEAD_START_MS, background: best === undefined }, stop);
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
  readonly background: boolean;
}

/**
 * One process tries them in order; whoever passes in it goes through the cold gates like any other candidate. undefined where
 * a warm worker is not sound for this runner, or where it died at once.
 */
async function tryWarm(context: RunContext, input: SearchInput, batch: Batch, stop: AbortSignal): Promise<Answers | undefined> {
  const { edits, offer, background } = batch;
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
    if (first !== undefined && !background && edit.rank > mechanicalEnough(first.rank) && edit.line !== first.line) enough.abort();
    if (verdict.verdict !== 'passed' || stop.aborted) return;
    passed.push(edit);
    cold.push(offer(toProposal(edit, input.task, false)));
  };
  const result = await until(enough.signal, context.tools('verifier').call(runCheck, {
    check: target, argv: [...prepared.argv], env: { ...prepared.env }, kit: { ...prepared.kit }, collect: [], overlay: [...context.verifier.supporting],
    limits: { ...checkLimits(batch.wallMs), ...prepared.limits, ...(background ? { background } : {}) }, confined: context.confined, onLine,
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

/** One process each, at most so many: in front until the head start is over, then in what the model leaves. */
async function tryCold(context: RunContext, edits: readonly MechanicalEdit[], input: SearchInput, offer: Offer, stop: AbortSignal): Promise<string> {
  const queue = edits.slice(0, EDITS_MAX_COLD);
  const shares = context.model?.facts.sharesCores === true;
  const until = context.clock.elapsedMs() + HEAD_START_MS;
  let tried = 0;
  const worker = async (): Promise<void> => {
    for (let edit = queue.shift(); edit !== undefined && !stop.aborted; edit = queue.shift()) {
      tried += 1;
      await offer(toProposal(edit, input.task, shares && context.clock.elapsedMs() > until));
    }
  };
  await Promise.all(Array.from({ length: COLD_AT_ONCE }, worker));
  return stop.aborted ? 'enough' : `exhausted: ${tried} of ${edits.length} edits, cold`;
}

function toProposal(edit: MechanicalEdit, task: string | null, background: boolean): Proposal {
  return { source: 'mechanical', files: [{ path: edit.path, text: edit.text }], note: edit.note, rank: edit.rank, call: null, task, background };
}
