/** Decides how the coder is asked: gaps first, whole functions after; both as a stream that waits until the next is wanted. */
import { clozeCandidates, type ClozeRequest, type EditProposal } from '../repair/cloze.ts';
import { type Failure, readFailure } from '../repair/evidence.ts';
import { rewriteCandidates } from '../repair/rewrite.ts';
import type { Proposal, Tried } from './gates.ts';
import type { RunContext } from './runContext.ts';
import type { SearchInput } from './searchInput.ts';

export async function* clozeProposals(context: RunContext, input: SearchInput, asked: Pick<ClozeRequest, 'first' | 'onFirstAsked' | 'onNearAsked' | 'onLinesAsked'>, signal: AbortSignal): AsyncGenerator<Proposal> {
  const { model, project, settings } = context;
  if (model === undefined) return;
  const failure = await readFailure(input.failure.outcome, project);
  for await (const edit of clozeCandidates({ model, suspects: input.suspects, project, failure, task: input.task, seed: settings.seed, ...asked }, signal)) {
    yield toProposal('cloze', edit, input.task);
  }
}

/** undefined: a reply that cannot be used. `triedAs`: how far a text of this source came, once it was offered: larger models are shown their failure. */
export async function* rewriteProposals(context: RunContext, input: SearchInput, triedAs: (text: string) => Promise<Tried> | undefined, signal: AbortSignal): AsyncGenerator<Proposal | undefined> {
  const { model, project, settings } = context;
  if (model === undefined) return;
  const failure = await readFailure(input.failure.outcome, project);
  const failureOf = async (edit: EditProposal): Promise<Failure | undefined> => {
    const tried = await triedAs(edit.text);
    return tried?.kind === 'fell' && tried.outcome !== undefined ? await readFailure(tried.outcome, project) : undefined;
  };
  const request = { model, suspects: input.suspects, project, failure, failureOf, task: input.task, seed: settings.seed, ...(settings.samples === null ? {} : { samples: settings.samples }), ...(input.advice === '' ? {} : { advice: input.advice }) };
  for await (const edit of rewriteCandidates(request, signal)) yield edit === undefined ? undefined : toProposal('rewrite', edit, input.task);
}

function toProposal(source: Proposal['source'], edit: EditProposal, task: string | null): Proposal {
  return { source, files: [{ path: edit.path, text: edit.text }], note: edit.note, rank: edit.rank, call: edit.call, task };
}
