import { deepEqual, equal, ok } from 'node:assert/strict';
import { type Dispute, holdDebate, skipDebate } from '../../../src/core/consensus/debate.ts';
import type { Debate } from '../../../src/core/domain/debate.ts';
import { createScriptedModel } from '../../../src/core/model/scriptedModel.ts';
import { createClock } from '../../../src/node/clock.ts';
import { createIds } from '../../../src/node/ids.ts';

const DISPUTE: Dispute = {
  about: 'survivors', question: 'Which?', rule: '2 changes behave in 2 ways.', restsOn: 'exhibits', ballots: [],
  affirmative: { candidates: ['c1'], opening: '+ return 0;' },
  negative: { candidates: ['c2'], opening: '+ return null;' },
  exhibits: [{ call: 'total([])', affirmative: '0', negative: 'null', base: 'throws TypeError' }],
};
const rule = (voter: string, choice: string | null): Dispute['ballots'][number] => ({ voter, choice, confidence: 1, reason: '' });

/** The judge says `replies` in turn; prompts are kept. */
async function debate(dispute: Partial<Dispute>, verdicts: readonly string[] | undefined): Promise<{ readonly debate: Debate; readonly prompts: readonly string[] }> {
  const prompts: string[] = [];
  const [clock, ids] = [createClock(), createIds()];
  const reply = (request: Parameters<Extract<Parameters<typeof createScriptedModel>[0]['script'][number]['reply'], (request: never) => unknown>>[0]): string => {
    prompts.push(request.kind === 'chat' ? request.messages.map(({ content }) => content).join('\n') : '');
    return JSON.stringify({ verdict: verdicts?.[prompts.length - 1] ?? 'inconclusive', criterion: 'evidence', confidence: 0.8, reason: 'total([])' });
  };
  const model = verdicts === undefined ? undefined : createScriptedModel({ script: [{ role: 'judge', reply }], clock, ids, emit: () => undefined });
  return { debate: await holdDebate({ model, records: ['the test'], clock, ids, seed: 7 }, { ...DISPUTE, ...dispute }, new AbortController().signal), prompts };
}

describe('debate', () => {
  const check = async (dispute: Partial<Dispute>, verdicts: readonly string[] | undefined, expected: readonly unknown[]): Promise<void> => {
    const held = await debate(dispute, verdicts);
    deepEqual([held.debate.verdict, held.debate.decidedBy, held.debate.confidence, held.debate.changedOutcome], expected);
  };

  it('is decided by the first rule that takes a side, and no judge is asked', async () => {
    const ballots = [rule('odd', null), rule('sources', 'negative'), rule('size', 'affirmative'), rule('strays', 'negative')];
    await check({ ballots }, ['first', 'first'], ['negative', 'exhibits', 2 / 3, false]);
    equal((await debate({ ballots }, ['first', 'first'])).prompts.length, 0);
  });
  it('stays open where nothing decides and no judge is wanted', async () => await check({}, undefined, ['inconclusive', 'nobody', null, false]));
  it('takes a judge\'s verdict that is the same in both orders, and calls it an opinion', async () => await check({}, ['first', 'second'], ['affirmative', 'opinion', 1, true]));
  it('takes none that turns with the order, or that comes in one order only', async () => {
    await check({}, ['first', 'first'], ['inconclusive', 'nobody', 0, false]);
    await check({}, ['second', 'inconclusive'], ['inconclusive', 'nobody', 0, false]);
    await check({}, ['inconclusive', 'inconclusive'], ['inconclusive', 'nobody', null, false]);
  });
  it('shows the judge results and changes, and never who wrote them', async () => {
    const { prompts } = await debate({}, ['first', 'second']);
    ok(prompts[0]?.includes('first change: 0') && prompts[1]?.includes('first change: null'), prompts.join('\n---\n'));
    ok(prompts.every((prompt) => !/c1|c2|mechanical|cloze|rewrite|affirmative|negative/u.test(prompt)));
  });
  it('counts the judge\'s tokens', async () => ok((await debate({}, ['first', 'second'])).debate.tokens.reply > 0));
  it('that is skipped says why', () => {
    const skipped = skipDebate(createIds(), { about: 'survivors', question: 'Which?', rule: 'Only one change passes every test.' });
    deepEqual([skipped.state, skipped.verdict, skipped.rule], ['skipped', null, 'Only one change passes every test.']);
  });
});
