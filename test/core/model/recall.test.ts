import assert from 'node:assert/strict';
import type { ChatModel, ChatRequest, FillRequest, ModelReply } from '../../../src/core/model/chatModel.ts';
import { createChatModel } from '../../../src/core/model/createChatModel.ts';
import { finishedIn } from '../../../src/core/run/resume.ts';
import { foldRun } from '../../../src/core/run/view.ts';
import { createClock } from '../../../src/node/clock.ts';
import { createIds } from '../../../src/node/ids.ts';
import { createOllama } from '../../../src/node/ollama.ts';
import { createOllamaStandIn, filling, saying, type OllamaStandIn } from '../../support/ollamaStandIn.ts';
import { recorder } from '../../support/sampleRun.ts';

const signal = new AbortController().signal;
const label = { role: 'coder', task: 'fix', purpose: 'p', priority: 'repair' } as const;
const sampling = { temperature: 0, seed: 1, replyTokensMax: 50 };
const chat: ChatRequest = { ...label, messages: [{ role: 'user', content: 'Fix add.' }], sampling };
const fill: FillRequest = { ...label, prefix: 'a', suffix: 'b', sampling };
const tool = { name: 'read_file', description: 'Read.', parameters: { type: 'object', properties: {} } };

/** Asked once, then by a later process of the same run: the second answer is the first one, and nothing is sent. */
async function check(ask: (model: ChatModel, server: OllamaStandIn) => Promise<ModelReply>, expected: Partial<ModelReply>, sentAgain = 0): Promise<void> {
  await using server = await createOllamaStandIn();
  using models = createOllama({ url: server.url, allowRemote: false });
  const record = recorder();
  const options = { models, name: 'm', clock: createClock(), ids: createIds(), emit: record.emit, limits: {}, memoryBytes: null, allowCloud: false };
  const sent = (): number => server.to('/api/chat').length + server.to('/api/generate').length;
  const first = await ask(await createChatModel(options, signal), server);
  for (const [key, value] of Object.entries(expected)) assert.deepEqual(first[key as keyof ModelReply], value, key); // keys of `expected`
  const before = sent();
  const again = await ask(await createChatModel({ ...options, recall: finishedIn(foldRun(record.events)).takeCall }, signal), server);
  if (sentAgain === 0) assert.deepEqual(again, first);
  assert.equal(sent() - before, sentAgain);
}

describe('a finished call of a resumed run', () => {
  it('is answered from the log', () => check(async (model) => await model.chat(chat, signal), { text: 'Hello', done: 'stop' }));
  it('is so when the client ended it', () => check(async (model, server) => {
    server.script('/api/generate', [{ chunks: filling(['one', ' two', ' three']) }]);
    return await model.fill({ ...fill, onText: (text) => !text.includes('two') }, signal);
  }, { text: 'one two', done: 'ended' }));
  it('is so when it was cut at its limit', () => check(async (model, server) => {
    server.script('/api/chat', [{ chunks: saying(['one'], { doneReason: 'length' }) }]);
    return await model.chat(chat, signal);
  }, { text: 'one', done: 'length' }));
  it('is so with the tools it called', () => check(async (model, server) => {
    server.script('/api/chat', [{ chunks: saying([], { toolCalls: [{ name: 'read_file', arguments: { path: 'a' } }] }) }]);
    return await model.chat({ ...chat, tools: [tool] }, signal);
  }, { toolCalls: [{ name: 'read_file', arguments: { path: 'a' }, recovered: false }], done: 'stop' }));
  it('is asked again when anything of its text changed', async () => {
    let round = 0;
    await check(async (model) => await model.chat({ ...chat, messages: [{ role: 'user', content: `Fix add ${round++}.` }] }, signal), {}, 1);
  });
});
