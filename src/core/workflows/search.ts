/** Decides how the three sources of candidates share the time: side by side, cheapest first, until one thing is clear. */
import type { Source } from '../domain/candidate.ts';
import type { CheckOutcome } from '../domain/check.ts';
import { ModelUnavailable, PromptTooLong } from '../model/chatModel.ts';
import type { Place } from '../repair/cloze.ts';
import { isEnough, RIVALS_MS, SECOND_OPINION_MS } from '../repair/enough.ts';
import { clozeProposals, rewriteProposals } from './askCoder.ts';
import type { Proposal, Tried } from './gates.ts';
import { HEAD_START_MS, tryMechanical } from './mechanicalSearch.ts';
import type { Suspect } from '../repair/suspect.ts';
import type { RunContext } from './runContext.ts';
import type { Offer, SearchInput } from './searchInput.ts';

export type Survivor = Extract<Tried, { kind: 'survived' }>;

export interface SearchResult {
  readonly survivors: readonly Survivor[];
  /** Sources of each survivor, by candidate id. */
  readonly agreement: ReadonlyMap<string, readonly Source[]>;
  /** Candidates that got as far as a test. */
  readonly attempts: number;
  /** The fallen candidate that came furthest: shown when nothing survives. */
  readonly best: Extract<Tried, { kind: 'fell' }> | undefined;
}

/** Candidates of a model that may wait for the CPU at once: enough to keep it busy, few enough to stop at once. */
const WAITING_MAX = 4;

/** Never throws for a source that fails: the others go on, and `degraded` says which one is missing. */
export async function searchCandidates(context: RunContext, input: SearchInput, signal: AbortSignal): Promise<SearchResult> {
  const board = createBoard(context, signal);
  const wanted = new Set(context.settings.sources.filter((name) => input.sources.includes(name)));
  const source = async (name: Source, run: (offer: Offer, stop: AbortSignal) => Promise<string>): Promise<void> => {
    if (!wanted.has(name)) return board.finish(name); // nobody waits for what will not come
    const started = context.clock.elapsedMs();
    const counts = { offered: 0, passed: 0 };
    const offer: Offer = async (proposal) => {
      counts.offered += 1;
      const tried = await board.attempt(async () => await input.gates.try(proposal, board.stop));
      if (tried.kind === 'survived') counts.passed += 1;
      board.add(tried);
      return tried;
    };
    const stopped = await guarded(context, name, board, async () => await run(offer, board.stop));
    board.finish(name);
    context.emit('sources.summarised', { source: name, ...counts, durationMs: context.clock.elapsedMs() - started, stopped });
  };
  const mechanical = source('mechanical', async (offer, stop) => await tryMechanical(context, input, offer, stop));
  await Promise.all([
    mechanical,
    (async () => {
      if (context.model?.facts.sharesCores === true) await Promise.race([mechanical, headStart(context, board.stop)]);
      await source('cloze', async (offer, stop) => await fromModel(context, fillsOf(context, input, board), offer, stop));
      if (!board.isOver()) await source('rewrite', async (offer, stop) => await rewritesOf(context, input, offer, stop));
    })(),
  ]);
  signal.throwIfAborted();
  return board.result();
}

function fillsOf(context: RunContext, input: SearchInput, board: Board): AsyncIterable<Proposal> {
  const places = (): readonly Place[] => placesOf(input, board.survivors());
  return clozeProposals(context, { ...input, suspects: promoted(input, places()) }, { first: () => places().slice(0, PLACES_MAX), onFirstAsked: board.opinionGiven }, board.stop);
}

/** Each is remembered by its text, so that a model which can use it is shown how its last one failed. */
async function rewritesOf(context: RunContext, input: SearchInput, offer: Offer, stop: AbortSignal): Promise<string> {
  const tried = new Map<string, Promise<Tried>>();
  const noted: Offer = (proposal) => {
    const one = offer(proposal);
    for (const { text } of proposal.files) tried.set(text, one);
    return one;
  };
  return await fromModel(context, rewriteProposals(context, input, (text) => tried.get(text), stop), noted, stop);
}

/**
 * Functions in which an edit already passes come first: what the model writes there is the second opinion that tells the
 * right edit from those that only happen to pass.
 */
function promoted({ suspects }: SearchInput, places: readonly Place[]): readonly Suspect[] {
  const holds = (suspect: Suspect): boolean => places.some(({ path, line }) => path === suspect.path && suspect.line <= line && line <= suspect.endLine);
  return suspects.map((suspect) => (holds(suspect) ? { ...suspect, score: suspect.score + PROMOTION } : suspect)).toSorted((a, b) => b.score - a.score);
}

/** The first line that each of them changes. */
function placesOf({ gates }: SearchInput, survivors: readonly Survivor[]): readonly Place[] {
  return survivors.flatMap(({ candidate }) => candidate.patch.edits.map(({ path, text }) => ({ path, line: firstChangedLine(gates.base.get(path)?.text ?? '', text ?? '') })));
}

/** Places that the model is asked about for a second opinion: those of the likeliest survivors. */
const PLACES_MAX = 4;

/** Above every score that localisation gives. */
const PROMOTION = 100;

function firstChangedLine(before: string, after: string): number {
  const lines = after.split('\n');
  return before.split('\n').findIndex((line, index) => line !== lines[index]) + 1;
}

/** Mechanical edits have the cores to themselves for so long: after that the model goes first (mechanicalSearch.ts). */
async function headStart(context: RunContext, stop: AbortSignal): Promise<void> {
  await context.clock.delay(HEAD_START_MS, stop).catch(() => undefined); // stopped: the sources see it themselves
}

/** Pulls the next candidate while the ones before are tested. Resolves with why it ended. */
async function fromModel(context: RunContext, proposals: AsyncIterable<Proposal>, offer: Offer, stop: AbortSignal): Promise<string> {
  if (context.model === undefined) return 'no model';
  const waiting = new Set<Promise<unknown>>();
  for await (const proposal of proposals) {
    if (stop.aborted) break;
    const one: Promise<unknown> = offer(proposal).finally(() => waiting.delete(one));
    waiting.add(one);
    if (waiting.size >= WAITING_MAX) await Promise.race(waiting);
  }
  await Promise.all(waiting);
  return stop.aborted ? 'enough' : 'exhausted';
}

/** A source that was told to stop has ended well; one whose server fails is missed, and said so; anything else ends the search. */
async function guarded(context: RunContext, name: Source, board: Board, run: () => Promise<string>): Promise<string> {
  try {
    return await run();
  } catch (error) {
    if (board.stop.aborted) return 'enough';
    if (!(error instanceof ModelUnavailable || error instanceof PromptTooLong)) board.fail(error);
    else context.emit('degraded', { what: `${name}: ${error.message}` });
    return 'failed';
  }
}

interface Board {
  /** Fires when the search may end, and with the run's own signal. */
  readonly stop: AbortSignal;
  /** Never rejects: whoever offers may be waiting for something else. A failure ends the search, and `result` throws it. */
  attempt(work: () => Promise<Tried>): Promise<Tried>;
  /** Ends the search; `result` throws the first of them. */
  fail(error: unknown): void;
  add(tried: Tried): void;
  finish(source: Source): void;
  /** The model has written what it would at the places where survivors are. */
  opinionGiven(): void;
  isOver(): boolean;
  survivors(): readonly Survivor[];
  /** @throws what made an attempt fail. */
  result(): SearchResult;
}

/** Keeps what was tried, and ends the search as soon as `isEnough` says so: looked at with every arrival and when the wait is over. */
function createBoard(context: RunContext, signal: AbortSignal): Board {
  const over = new AbortController();
  const stop = AbortSignal.any([signal, over.signal]);
  const survivors: Survivor[] = [];
  const agreement = new Map<string, Source[]>();
  const finished: Source[] = [];
  const failures: unknown[] = [];
  let attempts = 0;
  let firstAt: number | undefined;
  let modelAt: number | undefined;
  let opinionAt: number | undefined;
  let best: SearchResult['best'];

  const look = (): void => {
    const since = (at: number | undefined): number | undefined => (at === undefined ? undefined : context.clock.elapsedMs() - at);
    const survivors = [...agreement.values()].map((sources) => ({ sources }));
    if (isEnough({ survivors, finished, sinceFirstMs: since(firstAt), sinceModelMs: since(modelAt), sinceOpinionMs: since(opinionAt) })) over.abort();
  };
  const fail = (error: unknown): void => {
    failures.push(error);
    over.abort();
  };
  const lookAgainAfter = (ms: number): void => void context.clock.delay(ms, stop).then(look, () => undefined); // aborted: the search is over anyway
  return {
    stop,
    async attempt(work) {
      try {
        return await work();
      } catch (error) {
        if (!stop.aborted) fail(error);
        return { kind: 'seen' };
      }
    },
    fail,
    add(tried) {
      if (tried.kind === 'seen') return;
      if (tried.kind === 'agreed') {
        agreement.get(tried.with.id)?.push(tried.candidate.source);
        return look();
      }
      if (tried.kind === 'survived') {
        survivors.push(tried);
        agreement.set(tried.candidate.id, [tried.candidate.source]);
        if (firstAt === undefined) {
          firstAt = context.clock.elapsedMs();
          lookAgainAfter(RIVALS_MS);
          lookAgainAfter(SECOND_OPINION_MS);
        }
        if (modelAt === undefined && tried.candidate.source !== 'mechanical') {
          modelAt = context.clock.elapsedMs();
          lookAgainAfter(RIVALS_MS);
        }
      } else if (rankOf(tried.outcome) > rankOf(best?.outcome)) best = tried;
      if (tried.kind === 'survived' || tried.outcome !== undefined) attempts += 1;
      look();
    },
    finish(source) {
      finished.push(source);
      look();
    },
    opinionGiven() {
      if (opinionAt !== undefined) return;
      opinionAt = context.clock.elapsedMs();
      lookAgainAfter(RIVALS_MS);
    },
    isOver: () => over.signal.aborted || survivors.length > 0,
    survivors: () => survivors,
    result() {
      if (failures.length > 0) throw failures[0];
      return { survivors, agreement, attempts, best };
    },
  };
}

const rankOf = (outcome: CheckOutcome | undefined): number => (outcome === undefined ? -1 : (outcome.tests?.filter((test) => test.state === 'passed').length ?? 0));
