/** Decides whether the reviewer's objection counts: only a counter-example that the verifier reproduces rejects a change. */
import { asData, layOut } from '../agents/prompt.ts';
import { reviewer, ReviewReply } from '../agents/roles/reviewer.ts';
import { runTurn } from '../agents/turn.ts';
import { prepareBehaviour } from '../repair/behaviour.ts';
import type { Probe } from '../repair/inputs.ts';
import { unifiedDiff } from '../repair/unifiedDiff.ts';
import type { Debate } from '../domain/debate.ts';
import type { Failure } from './baseline.ts';
import { watch } from './behave.ts';
import { debateObjection, isUpheld } from './debateObjection.ts';
import type { Gates } from './gates.ts';
import { missing } from './modelMissing.ts';
import { type RunContext, send } from './runContext.ts';
import type { Survivor } from './searchBoard.ts';

export type Review =
  | { readonly kind: 'reviewed'; readonly summary: string }
  | { readonly kind: 'not-reviewed'; readonly summary: string }
  /** `ids`: every survivor that the same counter-example shows to be wrong, the reviewed one first. */
  | { readonly kind: 'rejected'; readonly summary: string; readonly ids: readonly string[] };

export interface ReviewInput {
  readonly failure: Failure;
  readonly gates: Gates;
  readonly survivor: Survivor;
  readonly others: readonly Survivor[];
}

export async function reviewChange(context: RunContext, input: ReviewInput, signal: AbortSignal): Promise<Review> {
  if (!context.settings.review || context.model === undefined) {
    context.emit('degraded', { what: 'not reviewed: no model' });
    return { kind: 'not-reviewed', summary: 'not reviewed' };
  }
  const { candidate } = input.survivor;
  const request = send(context, { sender: 'orchestrator', receiver: 'reviewer', intent: 'ask', type: 'request', expects: 'finding', body: `Review ${candidate.id}.` });
  const sample = await sampleCall(context, input);
  const reply = await ask(context, input, sample, signal);
  if (reply === undefined) {
    context.emit('degraded', { what: 'not reviewed: the model gave no usable answer' });
    return { kind: 'not-reviewed', summary: 'not reviewed' };
  }
  send(context, { sender: 'reviewer', receiver: 'orchestrator', intent: 'inform', type: 'response', replyTo: request, body: reply.claim });
  if (reply.correct) return passed(context, input, reply.claim);
  return await settle(context, input, { reply, sample }, signal);
}

/** The call whose result the failing test looks at: shown, so that a counter-example is written as something that can run. */
async function sampleCall(context: RunContext, input: ReviewInput): Promise<Probe | undefined> {
  const plan = await prepareBehaviour(input.failure.outcome, context.project);
  return plan?.set.probes.find((probe) => probe.fromFailing && !probe.mutated);
}

async function ask(context: RunContext, input: ReviewInput, sample: Probe | undefined, signal: AbortSignal): Promise<ReviewReply | undefined> {
  const { model } = context;
  if (model === undefined) return undefined;
  const diff = unifiedDiff(input.survivor.candidate.patch, input.gates.base);
  const records = [asData('failing test, passes now', input.failure.outcome.failure), asData('change', diff), ...(sample === undefined ? [] : [asData('call in that test', plainCall(sample))])];
  const answer = await missing(context, 'reviewer', async () => await runTurn({
    model,
    messages: layOut({ records }, reviewer, ''),
    toolbox: context.turnTools('reviewer'),
    label: { role: 'reviewer', task: 'review', purpose: 'review', priority: 'verify' },
    sampling: { temperature: 0, seed: context.settings.seed, replyTokensMax: reviewer.limits.replyTokensMax },
    schema: ReviewReply,
    turnsMax: reviewer.limits.turnsMax,
  }, signal));
  return answer?.value;
}

/** The counter-example is run with the change, without it, and with its rivals; what they gave decides (debateObjection.ts). */
async function settle(context: RunContext, input: ReviewInput, { reply, sample }: { readonly reply: ReviewReply; readonly sample: Probe | undefined }, signal: AbortSignal): Promise<Review> {
  const { candidate } = input.survivor;
  const example = reply.counterExample;
  const survivors = [input.survivor, ...input.others.filter((other) => other !== input.survivor)];
  const probe = (call: string): Probe => ({ setup: sample?.setup ?? [], observe: sample?.observe.startsWith('await ') === true ? `await (${call})` : call, fromFailing: false, mutated: false });
  const ran = example === null ? undefined : await watch(context, { failure: input.failure, gates: input.gates, survivors, probes: [probe(example.call)] }, signal);
  const gave = new Map([...(ran?.outputs ?? [])].map(([id, outputs]) => [id, outputs[0]]));
  const own = gave.get(candidate.id);
  const expected = example?.expected.trim() ?? '';
  const debate = await debateObjection(
    context,
    { claim: reply.claim, call: example?.call ?? null, expected, candidate: candidate.id, diff: unifiedDiff(candidate.patch, input.gates.base), failure: input.failure.outcome.failure },
    { own, before: ran?.base[0], rivals: [...gave].filter(([id]) => id !== candidate.id).map(([, value]) => value) },
    signal,
  );
  if (!isUpheld(debate)) return passed(context, input, `${reply.claim}${whyNot(example?.call, own, debate)}`);
  const shown = debate.ballots.find(({ choice }) => choice === 'affirmative');
  const reason = `${example?.call ?? ''} gives ${own ?? ''}: ${shown?.voter ?? ''}, ${shown?.reason ?? ''}.`;
  const ids = [candidate.id, ...[...gave].filter(([id, value]) => id !== candidate.id && value === own).map(([id]) => id)];
  for (const id of ids) context.emit('candidate.gated', { candidate: id, verdict: { gate: 'review', passed: false, reason, receipt: null } });
  send(context, { sender: 'verifier', receiver: 'coder', intent: 'inform', body: `Counter-example against ${candidate.id}: ${reason}` });
  return { kind: 'rejected', summary: reason, ids };
}

function whyNot(call: string | undefined, own: string | undefined, { verdict }: Debate): string {
  if (call === undefined) return '';
  const opinion = verdict === 'affirmative' ? '; a judge agrees with it all the same, by opinion alone' : '';
  return ` (not reproduced: ${call} gives ${own ?? 'nothing that could be run'}${opinion})`;
}

/** As a person would write it; the last lines of a long setup say what the arguments are. */
function plainCall({ setup, observe }: Probe): string {
  return [...setup.slice(-SETUP_SHOWN), observe.replace(/^await \(([\s\S]*)\)$/u, '$1')].join('\n').slice(-SAMPLE_CHARACTERS_MAX);
}

const SETUP_SHOWN = 3;
const SAMPLE_CHARACTERS_MAX = 400;

function passed(context: RunContext, input: ReviewInput, claim: string): Review {
  context.emit('candidate.gated', { candidate: input.survivor.candidate.id, verdict: { gate: 'review', passed: true, reason: claim, receipt: null } });
  return { kind: 'reviewed', summary: claim };
}
