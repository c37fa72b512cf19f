import assert from 'node:assert/strict';
import * as z from 'zod';
import type { ChatRequest } from '../../../src/core/model/chatModel.ts';
import { createScriptedModel, type ScriptEntry } from '../../../src/core/model/scriptedModel.ts';
import { askStructured, ReplyMisshapen } from '../../../src/core/model/structured.ts';
import { createClock } from '../../../src/node/clock.ts';
import { recordEvents } from '../../support/recordEvents.ts';

const signal = new AbortController().signal;
const schema = z.object({ verdict: z.enum(['pass', 'fail']), note: z.string().default('') });
const request: ChatRequest = { role: 'reviewer', task: null, purpose: 'verdict', priority: 'repair', messages: [{ role: 'user', content: 'Is it right?' }], sampling: { temperature: 0, seed: 1, replyTokensMax: 200 } };

describe('a structured reply', () => {
  async function ask(replies: readonly ScriptEntry['reply'][]) {
    const { emit, events } = recordEvents();
    let id = 0;
    const model = createScriptedModel({ script: replies.map((reply) => ({ reply, times: 1 })), clock: createClock(), ids: { next: (prefix) => `${prefix}-${++id}` }, emit });
    const outcome = await askStructured({ model, request, schema }, signal).catch((error: unknown) => error);
    return { outcome, started: events('model.started') };
  }
  async function check(replies: readonly ScriptEntry['reply'][], expected: unknown, calls: number): Promise<void> {
    const { outcome, started } = await ask(replies);
    assert.equal(started.length, calls);
    if (expected instanceof RegExp) {
      assert.ok(outcome instanceof ReplyMisshapen, String(outcome));
      return assert.match(outcome.message, expected);
    }
    assert.ok(typeof outcome === 'object' && outcome !== null && 'value' in outcome, String(outcome));
    assert.deepEqual(outcome.value, expected);
  }

  it('is checked data', () => check(['{"verdict":"pass"}'], { verdict: 'pass', note: '' }, 1));
  it('may stand in one fence', () => check(['Sure:\n```json\n{"verdict":"fail","note":"x"}\n```'], { verdict: 'fail', note: 'x' }, 1));
  it('is asked for once more, with what was wrong', async () => {
    await check(['{"verdict":"PASS!!"}', '{"verdict":"pass"}'], { verdict: 'pass', note: '' }, 2);
    const { started } = await ask(['{"verdict":"PASS!!"}', '{"verdict":"pass"}']);
    const lines = started[1]?.messages ?? [];
    assert.deepEqual(lines.slice(0, 2).map((line) => line.content), ['Is it right?', '{"verdict":"PASS!!"}'], 'what the first call sent stays in front, for the cache');
    assert.match(lines[2]?.content ?? '', /verdict: Invalid option/);
  });
  it('fails after the second wrong one, naming the schema and the field', () => check(['{"verdict":"PASS!!","x":1}', '{"verdict":"maybe"}'], /the form that the schema asks for: verdict: .*asked 2 times/, 2));
  it('fails for prose', () => check(['I think so.', 'Yes.'], /it is not JSON/, 2));
  it('is never taken from a reply that was cut, even if it parses', () => check([{ text: '{"verdict":"pass"}', done: 'length' }, { text: '{"verdict":"pass"}', done: 'length' }], /it was longer than allowed/, 2));
  it('passes on what the model throws', async () => assert.match(String((await ask([new Error('gone')])).outcome), /gone/));
});
