import assert from 'node:assert/strict';
import * as z from 'zod';
import { layOut, SYSTEM } from '../../../src/core/agents/prompt.ts';
import type { RoleCard } from '../../../src/core/agents/role.ts';
import { cards } from '../../../src/core/agents/roles/all.ts';
import { runTurn } from '../../../src/core/agents/turn.ts';
import { createScriptedModel, type ScriptedRequest } from '../../../src/core/model/scriptedModel.ts';
import { createTokenCounter } from '../../../src/core/model/tokenCount.ts';
import { allTools } from '../../../src/core/openRun.ts';
import { createClock } from '../../../src/node/clock.ts';
import { recordEvents } from '../../support/recordEvents.ts';
import { never, rig } from '../../support/registryRig.ts';

const TOKENS_SMALL_MAX = 700;
const TOKENS_LARGE_MAX = 1_500;
/** Roles whose model may call tools; the others are asked once by code. */
const turnTakers: ReadonlySet<string> = new Set(['planner', 'reviewer']);

/** The first request of a role's turn when nothing but the static part is in it. */
async function staticRequest(card: RoleCard, parametersB: number): Promise<Extract<ScriptedRequest, { kind: 'chat' }>> {
  let seen: ScriptedRequest | undefined;
  const { schema, answer } = card.reply === undefined ? { schema: z.unknown(), answer: '1' } : { schema: card.reply, answer: 'no answer' };
  const model = createScriptedModel({ clock: createClock(), emit: recordEvents().emit, ids: { next: (prefix) => prefix }, facts: { parametersB, windowTokens: 32_768 }, script: [{ reply: (request) => {
    seen ??= request;
    return answer;
  } }] });
  const { registry } = rig({ parts: { tools: allTools } });
  await runTurn({ model, messages: layOut({ records: [] }, card, ''), toolbox: registry.as(card.name), label: { role: card.name, task: null, purpose: 'static', priority: 'verify' }, sampling: { temperature: 0, seed: 1, replyTokensMax: 50 }, schema, turnsMax: turnTakers.has(card.name) ? card.limits.turnsMax : 1 }, never).catch(() => undefined); // the request is what counts
  assert.ok(seen?.kind === 'chat');
  return seen;
}

/** By the upper estimate, as calls are counted before they are sent. */
function tokensOf({ messages, tools = [], format }: Extract<ScriptedRequest, { kind: 'chat' }>): number {
  const counter = createTokenCounter();
  return counter.expected(counter.countPrompt([...messages.map((message) => message.content), ...(format === undefined ? [] : [JSON.stringify(format)])], tools.length === 0 ? undefined : JSON.stringify(tools)));
}

describe('the role cards', () => {
  for (const card of cards) {
    describe(card.name, () => {
      const check = async (parametersB: number, tokensMax: number, hasTools: boolean): Promise<void> => {
        const request = await staticRequest(card, parametersB);
        assert.equal((request.tools ?? []).length > 0, hasTools);
        assert.equal(request.messages[0]?.content, SYSTEM);
        const tokens = tokensOf(request);
        assert.ok(tokens > 20 && tokens <= tokensMax, `${tokens} tokens`);
      };
      it(`has a static prompt of at most ${TOKENS_SMALL_MAX} tokens for models up to 3B, its reply schema included`, async () => await check(1.5, TOKENS_SMALL_MAX, false));
      it(`has one of at most ${TOKENS_LARGE_MAX} above, its tools included`, async () => await check(7.6, TOKENS_LARGE_MAX, turnTakers.has(card.name)));
      it('says what it does, what it cannot do, its limits and its version', () => {
        assert.match(card.version, /^\d+$/u);
        assert.match(card.does, /\.$/u);
        assert.match(card.cannot, /\b(?:not|cannot|no|nothing)\b.*\.$/iu);
        assert.ok(card.limits.turnsMax >= 1 && card.limits.replyTokensMax >= 1);
        assert.ok(Object.isFrozen(card));
      });
    });
  }

  it('are one for each role that may use a model', () => assert.deepEqual(cards.map((card) => card.name), ['planner', 'coder', 'reviewer', 'verifier', 'judge']));
});
