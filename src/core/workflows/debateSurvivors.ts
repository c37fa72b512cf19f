/** Decides how the choice between survivors is argued: what each gave is the exhibit, the rules of selection vote, a judge only where the user wants one. */
import { asData } from '../agents/prompt.ts';
import { holdDebate, skipDebate } from '../consensus/debate.ts';
import type { Ballot } from '../domain/ballot.ts';
import type { Debate } from '../domain/debate.ts';
import { partings } from '../repair/behaviour.ts';
import type { Contest, Selection } from '../repair/select.ts';
import { unifiedDiff } from '../repair/unifiedDiff.ts';
import type { Failure } from './baseline.ts';
import type { Watched } from './behave.ts';
import type { Gates } from './gates.ts';
import type { RunContext } from './runContext.ts';
import type { Survivor } from './searchBoard.ts';

const EXHIBITS_MAX = 3;
const QUESTION = 'Which of the changes that pass every test is the fix?';

interface Chosen {
  readonly failure: Failure;
  readonly gates: Gates;
  readonly survivors: readonly Survivor[];
  readonly selection: Selection;
  /** undefined: they were not run side by side. */
  readonly watched: Watched | undefined;
}

/** Logged in every case: held, or skipped with what made it needless. */
export async function debateSurvivors(context: RunContext, chosen: Chosen, signal: AbortSignal): Promise<Debate> {
  const { contest } = chosen.selection;
  const debate = contest === undefined ? skipDebate(context.ids, { about: 'survivors', question: QUESTION, rule: needless(chosen) }) : await hold(context, chosen, contest, signal);
  context.emit('debate.ended', debate);
  return debate;
}

function needless({ survivors, watched }: Chosen): string {
  if (survivors.length === 1) return 'Only one change passes every test.';
  const calls = watched?.plan.set.probes.length ?? 0;
  return `All ${survivors.length} that pass every test give the same on ${calls} calls.`;
}

async function hold(context: RunContext, { failure, gates, survivors, selection, watched }: Chosen, contest: Contest, signal: AbortSignal): Promise<Debate> {
  const outputs = (ids: readonly string[]) => watched?.outputs.get(ids[0] ?? '') ?? [];
  const diffOf = (ids: readonly string[]): string => {
    const survivor = survivors.find(({ candidate }) => candidate.id === ids[0]);
    return survivor === undefined ? '' : unifiedDiff(survivor.candidate.patch, gates.base);
  };
  const ballots = contest.rules.map(({ name, favours }): Ballot => ({ voter: name, choice: favours === null ? null : favours === 'first' ? 'affirmative' : 'negative', confidence: 1, reason: favours === null ? 'the two are equal' : '' }));
  const decisive = contest.rules.find(({ favours }) => favours !== null);
  return await holdDebate(
    {
      model: context.settings.debate === 'judged' ? context.model : undefined,
      records: [asData('failing test, passes with both', failure.outcome.failure)],
      clock: context.clock, ids: context.ids, seed: context.settings.seed,
    },
    {
      about: 'survivors', question: QUESTION, rule: `${survivors.length} changes pass every test and behave in ${selection.clusters.length} ways.`,
      affirmative: { candidates: [...contest.first], opening: diffOf(contest.first) },
      negative: { candidates: [...contest.second], opening: diffOf(contest.second) },
      exhibits: watched === undefined ? [] : partings(watched.plan, { affirmative: outputs(contest.first), negative: outputs(contest.second), base: watched.base }, EXHIBITS_MAX),
      ballots, restsOn: decisive?.ran === true ? 'exhibits' : 'rules',
    },
    signal,
  );
}
