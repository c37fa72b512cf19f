import assert from 'node:assert/strict';
import type { ChatRequest, ModelReply } from '../../../src/core/model/chatModel.ts';
import { createScriptedModel, type ScriptedModelOptions } from '../../../src/core/model/scriptedModel.ts';
import { createClock } from '../../../src/node/clock.ts';
import { recordEvents } from '../../support/recordEvents.ts';

const signal = new AbortController().signal;
const REQUEST: ChatRequest = { role: 'coder', task: 't1', purpose: 'rewrite', priority: 'repair', messages: [{ role: 'user', content: 'Fix add.' }], sampling: { temperature: 0, seed: 1, replyTokensMax: 50 } };

function build(script: ScriptedModelOptions['script'], more: Partial<ScriptedModelOptions> = {}) {
  const recorded = recordEvents();
  let id = 0;
  return { ...recorded, model: createScriptedModel({ script, clock: createClock(), ids: { next: (prefix) => `${prefix}-${++id}` }, emit: recorded.emit, ...more }) };
}

describe('the scripted model', () => {
  const check = async (script: ScriptedModelOptions['script'], request: Partial<ChatRequest>, expected: Partial<ModelReply>): Promise<void> => {
    const reply = await build(script).model.chat({ ...REQUEST, ...request }, signal);
    for (const [key, value] of Object.entries(expected)) assert.deepEqual(reply[key as keyof ModelReply], value, key); // keys of `expected`
  };

  it('answers by role, purpose and kind, the first entry that matches', () =>
    check([{ role: 'reviewer', reply: 'no' }, { kind: 'fill', reply: 'no' }, { purpose: /^re/, reply: 'yes' }, { reply: 'late' }], {}, { text: 'yes', done: 'stop' }));
  it('goes on to the next entry when one is used up', async () => {
    const { model } = build([{ times: 1, reply: 'one' }, { reply: 'two' }]);
    assert.deepEqual([(await model.chat(REQUEST, signal)).text, (await model.chat(REQUEST, signal)).text, (await model.chat(REQUEST, signal)).text], ['one', 'two', 'two']);
  });
  it('answers as a function of the request', () => check([{ reply: (request) => (request.kind === 'chat' ? (request.messages[0]?.content ?? '') : '') }], {}, { text: 'Fix add.' }));
  it('ends at stop words', () => check([{ reply: 'a + b;\n}' }], { sampling: { ...REQUEST.sampling, stop: ['\n'] } }, { text: 'a + b;', done: 'stop' }));
  it('is cut at the reply limit', () => check([{ reply: 'one two three four five six seven eight' }], { sampling: { ...REQUEST.sampling, replyTokensMax: 4 } }, { done: 'length' }));
  it('ends when onText says so', () => check([{ reply: 'one two three' }], { onText: (text) => !text.includes('two') }, { text: 'one two', done: 'ended' }));
  it('calls tools, natively or recovered', async () => {
    const tools = [{ name: 'read_file', description: '', parameters: {} }];
    await check([{ reply: { text: '', toolCalls: [{ name: 'read_file', arguments: {} }] } }], { tools }, { toolCalls: [{ name: 'read_file', arguments: {}, recovered: false }] });
    await check([{ reply: '<tool_call>{"name":"read_file","arguments":{}}</tool_call>' }], { tools }, { toolCalls: [{ name: 'read_file', arguments: {}, recovered: true }] });
  });
  it('gives the same reply, counts and times each time', async () => {
    const run = async () => {
      const { model, events } = build([{ reply: 'fixed' }]);
      return [await model.chat(REQUEST, signal), await model.fill({ ...REQUEST, prefix: 'a', suffix: 'b' }, signal), events('model.started'), events('model.finished')];
    };
    assert.deepEqual(await run(), await run());
  });
  it('logs each call as a real one does', async () => {
    const { model, types, events } = build([{ reply: 'fixed' }]);
    const reply = await model.chat(REQUEST, signal);
    assert.deepEqual(types, ['model.started', 'model.finished']);
    assert.deepEqual([events('model.finished')[0]?.call, events('model.finished')[0]?.tokens], [reply.call, reply.tokens]);
  });
  it('says what the script lacks', async () => {
    const { model, events } = build([{ role: 'planner', reply: 'x' }]);
    await assert.rejects(model.chat(REQUEST, signal), /no reply for a chat by coder with purpose "rewrite"/);
    assert.equal(events('model.finished')[0]?.state, 'failed');
  });
  it('refuses a prompt that is too long', () => assert.rejects(build([{ reply: 'x' }], { facts: { windowTokens: 40 } }).model.chat(REQUEST, signal), { name: 'PromptTooLong' }));
  it('stops while it pretends to write', async () => {
    const stop = new AbortController();
    const { model, events } = build([{ reply: 'x' }], { delays: true });
    const calling = model.chat(REQUEST, stop.signal);
    stop.abort(new Error('stopped'));
    await assert.rejects(calling, /stopped/);
    assert.equal(events('model.finished')[0]?.state, 'cancelled');
  });
});
