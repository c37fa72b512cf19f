import assert from 'node:assert/strict';
import { ModelUnavailable } from '../../../src/core/model/chatModel.ts';
import { inspectModel, nearNames, sameModel, type ModelReport } from '../../../src/core/model/inspect.ts';
import { createOllama } from '../../../src/node/ollama.ts';
import { createOllamaStandIn, type StandInOptions } from '../../support/ollamaStandIn.ts';

const signal = new AbortController().signal;

describe('inspecting a model', () => {
  async function inspect(name: string, options: StandInOptions = {}, memoryBytes: number | null = 16e9): Promise<ModelReport> {
    await using server = await createOllamaStandIn(options);
    using models = createOllama({ url: server.url, allowRemote: false });
    return await inspectModel({ models, name, limits: { windowTokens: null }, memoryBytes, allowCloud: false }, signal);
  }
  const refused = (promise: Promise<unknown>, kind: ModelUnavailable['kind'], message: RegExp, remedy: RegExp): Promise<void> =>
    assert.rejects(promise, (error: unknown) => error instanceof ModelUnavailable && error.kind === kind && message.test(error.message) && remedy.test(error.remedy));

  it('tells what it can do and which window it gets', async () => {
    const report = await inspect('m');
    assert.deepEqual([report.canFill, report.canCallTools, report.parametersB, report.window.windowTokens], [true, true, 1.5, 8_192]);
  });
  it('offers near names and the pull for one that is not there', () =>
    refused(inspect('qwen2.5-coder:1b', { models: [{ name: 'qwen2.5-coder:1.5b' }, { name: 'llama3:8b' }] }), 'no-model', /Did you mean qwen2.5-coder:1.5b\?/, /ollama pull qwen2.5-coder:1b/));
  it('offers what is there when nothing is near', () => refused(inspect('xyz', { models: [{ name: 'llama3:8b' }] }), 'no-model', /It has: llama3:8b/, /ollama pull xyz/));
  it('offers the pull where there is no model at all', () => refused(inspect('m', { models: [] }), 'no-model', /no model at all/, /ollama pull m/));
  it('refuses a model that memory cannot hold, and names smaller ones', () =>
    refused(inspect('big', { models: [{ name: 'big', sizeBytes: 40e9 }, { name: 'm', sizeBytes: 1e9 }] }), 'too-big', /needs about 40\.\d GB of memory; this machine has 16\.0 GB/, /for instance m/));
  it('takes one that is loaded already as proof that it fits', async () =>
    assert.equal((await inspect('big', { models: [{ name: 'big', sizeBytes: 40e9 }], replies: { '/api/ps': [{ body: { models: [{ name: 'big', size: 40e9, size_vram: 40e9, context_length: 8_192 }] } }] } })).loaded?.vramBytes, 40e9));
  it('does not judge memory that is unknown', async () => assert.equal((await inspect('big', { models: [{ name: 'big', sizeBytes: 40e9 }] }, null)).name, 'big'));
  it('is careful when show fails', async () => {
    const report = await inspect('m', { replies: { '/api/show': [{ status: 500, body: { error: 'x' } }] } });
    assert.deepEqual([report.canFill, report.canCallTools, report.parametersB], [false, false, 1.5]);
  });
  it('refuses cloud models by name and by record, before anything is sent to them', async () => {
    await refused(inspect('gpt-oss:120b-cloud'), 'refused-cloud', /cloud: your code would leave/, /own machine/);
    await refused(inspect('m', { models: [{ name: 'm', remoteHost: 'https://ollama.com:443' }] }), 'refused-cloud', /remote host, https:\/\/ollama.com:443/, /own machine/);
  });
  it('says what to do when nothing answers', async () => {
    const server = await createOllamaStandIn();
    await server[Symbol.asyncDispose]();
    using models = createOllama({ url: server.url, allowRemote: false });
    await refused(inspectModel({ models, name: 'm', limits: { windowTokens: null }, memoryBytes: null, allowCloud: false }, signal), 'unreachable', /Ollama is not reachable at http/, /ollama serve/);
  });

  it('knows a name without its tag', () => {
    assert.ok(sameModel('llama3', 'llama3:latest') && sameModel('A/B:7b', 'a/b:7B'));
    assert.ok(!sameModel('llama3', 'llama3:8b'));
  });
  it('finds near names', () => {
    const installed = ['qwen2.5-coder:1.5b', 'qwen2.5:7b', 'llama3:8b', 'deepseek-coder:6.7b'];
    assert.deepEqual(nearNames('qwen2.5-coder', installed)[0], 'qwen2.5-coder:1.5b');
    assert.deepEqual(nearNames('lama3:8b', installed), ['llama3:8b']);
    assert.deepEqual(nearNames('gemma', installed), []);
  });
});
