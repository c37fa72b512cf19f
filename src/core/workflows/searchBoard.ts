/** Decides what a search keeps of what it tried, and the moment when it may end. */
import type { Source } from '../domain/candidate.ts';
import type { CheckOutcome } from '../domain/check.ts';
import { isEnough, RIVALS_MS, SECOND_OPINION_MS } from '../repair/enough.ts';
import type { Tried } from './gates.ts';
import type { RunContext } from './runContext.ts';

export type Survivor = Extract<Tried, { kind: 'survived' }>;

export interface SearchResult {
  readonly survivors: readonly Survivor[];
  /** Sources of each survivor, by candidate id. */
  readonly agreement: ReadonlyMap<string, readonly Source[]>;
  /** Candidates that got as far as a test, those in a warm worker too. */
  readonly attempts: number;
  /** The fallen candidate that came furthest: shown when nothing survives. */
  readonly best: Extract<Tried, { kind: 'fell' }> | undefined;
}

export interface Board {
  /** Fires when the search may end, and with the run's own signal. */
  readonly stop: AbortSignal;
  /** Never rejects: whoever offers may be waiting for something else. A failure ends the search, and `result` throws it. */
  attempt(work: () => Promise<Tried>): Promise<Tried>;
  /** Ends the search; `result` throws the first of them. */
  fail(error: unknown): void;
  add(tried: Tried): void;
  /** So many more were tested and fell, without being added one by one. */
  fellElsewhere(count: number): void;
  /** It does nothing now: at its end, or until it is its turn again. */
  finish(source: Source): void;
  /** The model has written what it would at the places where survivors are. */
  opinionGiven(): void;
  isOver(): boolean;
  survivors(): readonly Survivor[];
  /** @throws what made an attempt fail. */
  result(): SearchResult;
}

/** The first survivor, the first that a model wrote, and when it had said what it would write where survivors are. */
type Moment = 'first' | 'model' | 'opinion';

/** Keeps what was tried, and ends the search as soon as `isEnough` says so: looked at with every arrival and when the wait is over. */
export function createBoard(context: RunContext, signal: AbortSignal): Board {
  const over = new AbortController();
  const stop = AbortSignal.any([signal, over.signal]);
  const survivors: Survivor[] = [];
  const agreement = new Map<string, Source[]>();
  const finished: Source[] = [];
  const failures: unknown[] = [];
  let attempts = 0;
  let pending = 0;
  let best: SearchResult['best'];

  const { note, since } = createMoments(context, stop, () => look());
  const look = (): void => {
    const survivors = [...agreement.values()].map((sources) => ({ sources }));
    if (isEnough({ survivors, finished, sinceFirstMs: since('first'), sinceModelMs: since('model'), sinceOpinionMs: since('opinion'), pending })) over.abort();
  };
  const fail = (error: unknown): void => {
    failures.push(error);
    over.abort();
  };
  const finish = (source: Source): void => {
    finished.push(source);
    look();
  };
  return {
    stop,
    async attempt(work) {
      try {
        pending += 1;
        return await work();
      } catch (error) {
        if (!stop.aborted) fail(error);
        return { kind: 'seen' };
      } finally {
        pending -= 1;
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
        note('first', RIVALS_MS, SECOND_OPINION_MS);
        if (tried.candidate.source !== 'mechanical') note('model', RIVALS_MS);
      } else if (rankOf(tried.outcome) > rankOf(best?.outcome)) best = tried;
      if (tried.kind === 'survived' || tried.outcome !== undefined) attempts += 1;
      look();
    },
    fellElsewhere(count) {
      attempts += count;
    },
    finish,
    opinionGiven() {
      note('opinion', RIVALS_MS);
      look();
    },
    isOver: () => over.signal.aborted || survivors.length > 0,
    survivors: () => survivors,
    result() {
      if (failures.length > 0) throw failures[0];
      return { survivors, agreement, attempts, best };
    },
  };
}

interface Moments {
  /** Only the first time counts; `onOver` is called after each of `waits`. */
  note(moment: Moment, ...waits: readonly number[]): void;
  /** Milliseconds; undefined: it has not come. */
  since(moment: Moment): number | undefined;
}

function createMoments({ clock }: Pick<RunContext, 'clock'>, stop: AbortSignal, onOver: () => void): Moments {
  const moments = new Map<Moment, number>();
  return {
    note(moment, ...waits) {
      if (moments.has(moment)) return;
      moments.set(moment, clock.elapsedMs());
      for (const ms of waits) void clock.delay(ms, stop).then(onOver, () => undefined); // aborted: the search is over anyway
    },
    since(moment) {
      const at = moments.get(moment);
      return at === undefined ? undefined : clock.elapsedMs() - at;
    },
  };
}

const rankOf = (outcome: CheckOutcome | undefined): number => (outcome === undefined ? -1 : (outcome.tests?.filter((test) => test.state === 'passed').length ?? 0));
