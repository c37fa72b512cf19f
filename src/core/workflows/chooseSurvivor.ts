/** Decides which of the candidates that pass every test goes on: by behaviour, and by no one's opinion. */
import type { Behaviour } from '../repair/behaviour.ts';
import type { Debate } from '../domain/debate.ts';
import { type Selection, selectSurvivor, type Survivor as Contender } from '../repair/select.ts';
import type { Failure } from './baseline.ts';
import { watch, type Watched } from './behave.ts';
import { debateSurvivors } from './debateSurvivors.ts';
import type { Gates } from './gates.ts';
import { missing } from './modelMissing.ts';
import type { RunContext } from './runContext.ts';
import type { SearchResult, Survivor } from './searchBoard.ts';

export type Choice =
  | { readonly kind: 'chosen'; readonly survivor: Survivor }
  | { readonly kind: 'undecided'; readonly reason: string }
  | { readonly kind: 'none' };

/** Survivors that are compared; the first of each source come first anyway. */
const COMPARED_MAX = 24;

/**
 * What a survivor passes now and the base does not must look different too; where it looks the same, the probes did not reach
 * the code (a fixture that they miss), and saying that survivors behave alike would be a lie.
 */
function telling({ plan, base, outputs }: Watched, id: string): Behaviour | undefined {
  const own = outputs.get(id);
  const failing = plan.set.probes.flatMap((probe, index) => (probe.fromFailing && !probe.mutated ? [index] : []));
  return failing.length > 0 && failing.every((index) => own?.[index] === base[index]) ? undefined : own;
}

export async function chooseSurvivor(context: RunContext, input: { readonly failure: Failure; readonly gates: Gates; readonly search: SearchResult }, signal: AbortSignal): Promise<Choice> {
  const survivors = input.search.survivors.slice(0, COMPARED_MAX);
  const [first] = survivors;
  if (first === undefined) return { kind: 'none' };
  if (input.failure.shownBy === 'words') {
    context.emit('candidate.chosen', { candidate: first.candidate.id, reason: 'nothing fails that could tell candidates apart; the first that breaks nothing is proposed', clusters: [] });
    return { kind: 'chosen', survivor: first };
  }
  const watched = survivors.length === 1 ? undefined : await watch(context, { failure: input.failure, gates: input.gates, survivors }, signal);
  const contenders = survivors.map(({ candidate }): Contender => ({
    id: candidate.id,
    sources: input.search.agreement.get(candidate.id) ?? [candidate.source],
    edits: candidate.patch.edits.map((edit) => ({ path: edit.path, before: input.gates.base.get(edit.path)?.text ?? '', after: edit.text ?? '' })),
    regressions: 0,
    rank: candidate.rank,
    behaviour: watched === undefined ? undefined : telling(watched, candidate.id),
  }));
  const selection = selectSurvivor(contenders, { base: watched?.base, plan: watched?.plan });
  const debate = await missing(context, 'judge', async () => await debateSurvivors(context, { ...input, survivors, selection, watched }, signal));
  const found = selection.kind === 'chosen' ? selection : judged(selection, debate);
  if (found === undefined) return undecided(context, survivors, selection);
  const chosen = survivors.find((survivor) => survivor.candidate.id === found.id) ?? first;
  context.emit('candidate.chosen', { candidate: chosen.candidate.id, reason: found.reason, clusters: selection.clusters.map((cluster) => ({ candidates: [...cluster.ids], differsOn: cluster.differsOn })) });
  return { kind: 'chosen', survivor: chosen };
}

/** What the rules left open and the judge decided, the same in both orders. */
function judged(selection: Selection, debate: Debate | undefined): { readonly id: string; readonly reason: string } | undefined {
  const id = debate?.decidedBy === 'opinion' && selection.contest !== undefined ? (debate.verdict === 'affirmative' ? selection.contest.first : selection.contest.second)[0] : undefined;
  return id === undefined ? undefined : { id, reason: 'the judge prefers it in both orders; nothing that ran decides, so this is an opinion' };
}

function undecided(context: RunContext, survivors: readonly Survivor[], selection: Selection): Choice {
  const ids = selection.kind === 'undecided' ? selection.ids : [];
  const shown = ids.map((id) => `${id}: ${survivors.find((survivor) => survivor.candidate.id === id)?.candidate.note ?? ''}`);
  const reason = `${ids.length} changes pass every test and differ. ${selection.kind === 'undecided' ? selection.differsOn : ''}`.trim();
  context.emit('user.advised', { text: `${reason}\n${shown.join('\n')}` });
  return { kind: 'undecided', reason: `${reason} ${shown.join('; ')}` };
}
