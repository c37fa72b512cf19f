/** Decides whether the reviewer's objection counts: only a counter-example that the verifier reproduces rejects a change. */
import { asData, layOut } from '../agents/prompt.ts';
import { reviewer, ReviewReply } from '../agents/roles/reviewer.ts';
import { runTurn } from '../agents/turn.ts';
import { prepareBehaviour } from '../repair/behaviour.ts';
import type { Probe } from '../repair/inputs.ts';
import { unifiedDiff } from '../repair/unifiedDiff.ts';
import type { Failure } from './baseline.ts';
import { watch } from './behave.ts';
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
  if (reply.correct || reply.counterExample === null) return passed(context, input, reply.claim);
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

/**
 * A model's "expected" is a claim. The counter-example is reproduced when running it shows the change to be worse than
 * something else that ran: the call fails after the change and did not before, or the old code or another survivor gives
 * the expected value and the change does not.
 */
async function settle(context: RunContext, input: ReviewInput, { reply, sample }: { readonly reply: ReviewReply; readonly sample: Probe | undefined }, signal: AbortSignal): Promise<Review> {
  const example = reply.counterExample;
  if (example === null) return passed(context, input, reply.claim);
  const survivors = [input.survivor, ...input.others.filter((other) => other !== input.survivor)];
  const ran = await watch(context, { failure: input.failure, gates: input.gates, survivors, probes: [{ setup: sample?.setup ?? [], observe: sample?.observe.startsWith('await ') === true ? `await (${example.call})` : example.call, fromFailing: false, mutated: false }] }, signal);
  const own = ran?.outputs.get(input.survivor.candidate.id)?.[0];
  const before = ran?.base[0];
  const rivals = [...(ran?.outputs ?? [])].filter(([id]) => id !== input.survivor.candidate.id).map(([, outputs]) => outputs[0]);
  const expected = example.expected.trim();
  const breaks = own?.startsWith('throws ') === true && before !== undefined && !before.startsWith('throws ');
  const worse = own !== undefined && own !== expected && (before === expected || rivals.includes(expected));
  if (!(breaks || worse)) return passed(context, input, `${reply.claim} (not reproduced: ${example.call} gives ${own ?? 'nothing that could be run'})`);
  const reason = `${example.call} gives ${own ?? ''}, ${breaks ? `and gave ${before ?? ''} before the change` : `not ${expected}`}.`;
  const ids = [input.survivor.candidate.id, ...[...(ran?.outputs ?? [])].filter(([id, outputs]) => id !== input.survivor.candidate.id && outputs[0] === own).map(([id]) => id)];
  for (const id of ids) context.emit('candidate.gated', { candidate: id, verdict: { gate: 'review', passed: false, reason, receipt: null } });
  send(context, { sender: 'verifier', receiver: 'coder', intent: 'inform', body: `Counter-example against ${input.survivor.candidate.id}: ${reason}` });
  return { kind: 'rejected', summary: reason, ids };
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
