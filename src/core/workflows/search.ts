/** Decides how the three sources of candidates share the time: cheapest first, side by side or in turns, until one thing is clear. */
import type { Source } from '../domain/candidate.ts';
import { ModelUnavailable, PromptTooLong } from '../model/chatModel.ts';
import type { Place } from '../repair/cloze.ts';
import { clozeProposals, rewriteProposals } from './askCoder.ts';
import type { Proposal, Tried } from './gates.ts';
import { type EditSearch, FIRST_TURN_MS, NEXT_TURN_MS, openEdits, WHOLE_TURN_MS } from './mechanicalSearch.ts';
import type { Suspect } from '../repair/suspect.ts';
import type { RunContext } from './runContext.ts';
import { type Board, createBoard, type SearchResult, type Survivor } from './searchBoard.ts';
import type { Offer, SearchInput } from './searchInput.ts';

/** Candidates of a model that may wait for the CPU at once: enough to keep it busy, few enough to stop at once. */
const WAITING_MAX = 4;

/** Never throws for a source that fails: the others go on, and `degraded` says which one is missing. */
export async function searchCandidates(context: RunContext, input: SearchInput, signal: AbortSignal): Promise<SearchResult> {
  const board = createBoard(context, signal);
  const wanted = new Set(context.settings.sources.filter((name) => input.sources.includes(name)));
  const open = (name: Source): OpenSource => openSource(context, { name, wanted: wanted.has(name), input, board });
  const mechanical = open('mechanical');
  let edits: EditSearch | undefined;
  const turn = async (wallMs: number): Promise<void> => await mechanical.run(async (offer, stop) => {
    edits ??= await openEdits(context, input, offer, stop);
    const had = board.survivors().length;
    await edits.turn(wallMs);
    if (had === 0 && board.survivors().length > 0) await edits.turn(FIRST_TURN_MS); // their rivals
    return edits.why();
  });
  const sources = { fills: open('cloze'), rewrites: open('rewrite') };
  if (context.model?.facts.sharesCores === true) {
    await turn(FIRST_TURN_MS);
    board.finish('mechanical');
    await askModel(context, input, board, { ...sources, meanwhile: async () => await turn(NEXT_TURN_MS) });
    if (!board.isOver()) await turn(WHOLE_TURN_MS);
  } else await Promise.all([turn(WHOLE_TURN_MS).then(() => board.finish('mechanical')), askModel(context, input, board, sources)]);
  board.fellElsewhere(edits?.fellWarm() ?? 0);
  mechanical.close();
  signal.throwIfAborted();
  return board.result();
}

/**
 * The likeliest lines, then one rewrite, then every other line, then the other rewrites, then the lines in other ways: a bug
 * that no single gap holds waited 80 calls (several minutes) for its first rewrite.
 */
async function askModel(context: RunContext, input: SearchInput, board: Board, { fills, rewrites, meanwhile }: { readonly fills: OpenSource; readonly rewrites: OpenSource; /** What else the cores can do before the model goes on. */ readonly meanwhile?: () => Promise<void> }): Promise<void> {
  const places = (): readonly Place[] => distinct(placesOf(input, board.survivors()));
  const tried = new Map<string, Promise<Tried>>();
  const proposals = rewriteProposals(context, input, (text) => tried.get(text), board.stop);
  // Each is remembered by its text, so that a model which can use it is shown how its last one failed.
  const noting = (offer: Offer): Offer => (proposal) => {
    const one = offer(proposal);
    for (const { text } of proposal.files) tried.set(text, one);
    return one;
  };
  const oneRewrite = async (): Promise<void> => {
    if (!board.isOver()) await meanwhile?.();
    if (board.isOver()) return;
    await rewrites.run(async (offer) => {
      const next = await proposals.next();
      if (next.done !== true && next.value !== undefined) await noting(offer)(next.value);
      return '';
    });
  };
  const otherRewrites = async (): Promise<void> => {
    if (!board.isOver()) await meanwhile?.();
    if (!board.isOver()) await rewrites.run(async (offer, stop) => await fromModel(context, proposals, noting(offer), stop));
  };
  await fills.run(async (offer, stop) => {
    const asked = { first: () => places().slice(0, PLACES_MAX), onFirstAsked: board.opinionGiven, onNearAsked: oneRewrite, onLinesAsked: otherRewrites };
    return await fromModel(context, clozeProposals(context, { ...input, suspects: promoted(input, places()) }, asked, stop), offer, stop);
  });
  fills.close();
  await otherRewrites();
  rewrites.close();
}

/** A source at work, in one go or in several. */
interface OpenSource {
  /** Does nothing where the user does not want this source. */
  run(work: (offer: Offer, stop: AbortSignal) => Promise<string>): Promise<void>;
  /** Nothing more comes from it. */
  close(): void;
}

function openSource(context: RunContext, { name, wanted, input, board }: { readonly name: Source; readonly wanted: boolean; readonly input: SearchInput; readonly board: Board }): OpenSource {
  const started = context.clock.elapsedMs();
  const counts = { offered: 0, passed: 0 };
  let stopped: string | undefined;
  const offer: Offer = async (proposal) => {
    counts.offered += 1;
    const tried = await board.attempt(async () => await input.gates.try(proposal, board.stop));
    if (tried.kind === 'survived') counts.passed += 1;
    board.add(tried);
    return tried;
  };
  return {
    async run(work) {
      if (wanted) stopped = await guarded(context, name, board, async () => await work(offer, board.stop));
    },
    close() {
      board.finish(name);
      if (stopped !== undefined) context.emit('sources.summarised', { source: name, ...counts, durationMs: context.clock.elapsedMs() - started, stopped });
    },
  };
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

/** A line where many edits pass is one place. */
function distinct(places: readonly Place[]): readonly Place[] {
  return [...new Map(places.map((place) => [`${place.path}:${place.line}`, place])).values()];
}

/** Places that the model is asked about for a second opinion: those of the likeliest survivors. */
const PLACES_MAX = 4;

/** Above every score that localisation gives. */
const PROMOTION = 100;

function firstChangedLine(before: string, after: string): number {
  const lines = after.split('\n');
  return before.split('\n').findIndex((line, index) => line !== lines[index]) + 1;
}

/**
 * Pulls the next candidate while the ones before are tested; where the model shares the cores with them, after that: its threads
 * would crawl meanwhile. Resolves with why it ended.
 */
async function fromModel(context: RunContext, proposals: AsyncIterable<Proposal | undefined>, offer: Offer, stop: AbortSignal): Promise<string> {
  if (context.model === undefined) return 'no model';
  const most = context.model.facts.sharesCores ? 1 : WAITING_MAX;
  const waiting = new Set<Promise<unknown>>();
  for await (const proposal of proposals) {
    if (stop.aborted) break;
    if (proposal === undefined) continue;
    const one: Promise<unknown> = offer(proposal).finally(() => waiting.delete(one));
    waiting.add(one);
    if (waiting.size >= most) await Promise.race(waiting);
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
