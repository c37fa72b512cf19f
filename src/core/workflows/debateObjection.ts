/** Decides whether the reviewer's objection holds: the call that it names is run, and only what ran can turn a change down. */
import { asData } from '../agents/prompt.ts';
import { holdDebate, skipDebate } from '../consensus/debate.ts';
import type { Ballot } from '../domain/ballot.ts';
import type { Debate } from '../domain/debate.ts';
import type { RunContext } from './runContext.ts';

const QUESTION = 'Does the objection of the reviewer hold?';

export interface Objection {
  readonly claim: string;
  /** null: it names none. */
  readonly call: string | null;
  /** What the call should give, as the reviewer says. */
  readonly expected: string;
  readonly candidate: string;
  readonly diff: string;
  readonly failure: string;
}

/** What the call gave where it ran; undefined: it could not be run there. */
export interface Ran {
  /** With the change. */
  readonly own: string | undefined;
  readonly before: string | undefined;
  /** With the other changes that pass every test. */
  readonly rivals: readonly (string | undefined)[];
}

/** Logged in every case. Affirmative: the objection holds. A judge's opinion alone never turns a change down. */
export async function debateObjection(context: RunContext, objection: Objection, ran: Ran, signal: AbortSignal): Promise<Debate> {
  const debate = objection.call === null ? skipDebate(context.ids, { about: 'finding', question: QUESTION, rule: `It names no call that could be run: ${objection.claim}` }) : await hold(context, { ...objection, call: objection.call }, ran, signal);
  context.emit('debate.ended', debate);
  return debate;
}

async function hold(context: RunContext, { claim, call, expected, candidate, diff, failure }: Objection & { readonly call: string }, ran: Ran, signal: AbortSignal): Promise<Debate> {
  const debate = await holdDebate(
    { model: context.settings.debate === 'judged' ? context.model : undefined, records: [asData('failing test, passes with the change', failure)], clock: context.clock, ids: context.ids, seed: context.settings.seed },
    {
      about: 'finding', question: QUESTION, rule: 'The reviewer objects, and names a call with the value that it should give.',
      affirmative: { candidates: [], opening: claim },
      negative: { candidates: [candidate], opening: diff },
      exhibits: [{ call, affirmative: expected, negative: ran.own ?? '', base: ran.before ?? '' }],
      ballots: ballotsOf(expected, ran), restsOn: 'exhibits',
    },
    signal,
  );
  return { ...debate, changedOutcome: isUpheld(debate) };
}

export const isUpheld = ({ verdict, decidedBy }: Debate): boolean => verdict === 'affirmative' && decidedBy === 'exhibits';

/** A model's "expected" is a claim: something else that ran must have given it, or the call must fail since the change. */
export function ballotsOf(expected: string, { own, before, rivals }: Ran): readonly Ballot[] {
  if (own === undefined) return [{ voter: 'the call', choice: null, confidence: 1, reason: 'it could not be run' }];
  const throws = (value: string | undefined): boolean => value?.startsWith('throws ') === true;
  const breaks = throws(own) && before !== undefined && !throws(before);
  const worse = own !== expected && (before === expected || rivals.includes(expected));
  return [
    { voter: 'fails since the change', choice: breaks ? 'affirmative' : null, confidence: 1, reason: breaks ? `it gave ${before}` : 'it does not' },
    { voter: 'something else that ran gives the expected value', choice: worse ? 'affirmative' : null, confidence: 1, reason: worse ? (before === expected ? 'the code before did' : 'another change that passes every test does') : 'nothing does' },
    { voter: 'not reproduced', choice: breaks || worse ? null : 'negative', confidence: 1, reason: `the change gives ${own}` },
  ];
}
