/** A ChatModel on the real adapter, over a real socket, against each class of fault that a server can show. */
import assert from 'node:assert/strict';
import { createChatModel } from '../../src/core/model/createChatModel.ts';
import { ModelUnavailable, type ChatModel, type ChatRequest, type ModelReply } from '../../src/core/model/chatModel.ts';
import type { ModelLimits } from '../../src/core/model/limits.ts';
import { createClock } from '../../src/node/clock.ts';
import { createOllama } from '../../src/node/ollama.ts';
import { createOllamaStandIn, saying, type OllamaStandIn, type ReplyMaker, type StandInOptions } from '../support/ollamaStandIn.ts';
import { recordEvents, type Recorded } from '../support/recordEvents.ts';

const signal = new AbortController().signal;
const REQUEST: ChatRequest = {
  role: 'coder', task: null, purpose: 'test', priority: 'repair',
  messages: [{ role: 'system', content: 'You fix code.' }, { role: 'user', content: 'Say hello.' }],
  sampling: { temperature: 0, seed: 7, replyTokensMax: 64 },
};
const WRITE = { name: 'write_file', description: 'Writes.', parameters: { type: 'object' } };
const CALL = { name: 'write_file', arguments: { path: 'a.js', content: 'x' } };
const HELLO: ReplyMaker = { chunks: saying(['Hel', 'lo']) };

interface Stage extends Recorded {
  readonly server: OllamaStandIn;
  readonly model: ChatModel;
}

async function onStage<T>(options: StandInOptions & { limits?: Partial<ModelLimits>; allowCloud?: boolean }, play: (stage: Stage) => Promise<T>): Promise<T> {
  await using server = await createOllamaStandIn(options);
  using models = createOllama({ url: server.url, allowRemote: false, responseBytes: 16 * 1024 * 1024 });
  const recorded = recordEvents();
  let id = 0;
  const model = await createChatModel(
    { models, name: 'm', clock: createClock(), ids: { next: (prefix) => `${prefix}-${++id}` }, emit: recorded.emit, limits: { backoffMs: 1, retryMax: 2, ...options.limits }, memoryBytes: 64e9, allowCloud: options.allowCloud ?? false },
    signal,
  );
  return await play({ server, model, ...recorded }); // awaited here, before the server is disposed
}

interface Expected {
  readonly text?: string;
  readonly done?: ModelReply['done'];
  readonly kind?: ModelUnavailable['kind'];
  readonly message?: RegExp;
  readonly requests: number;
  readonly toolCalls?: number;
  readonly request?: Partial<ChatRequest>;
  readonly limits?: Partial<ModelLimits>;
}

/** What a chat gives when /api/chat answers with `replies`, one after another. */
async function check(replies: readonly ReplyMaker[], expected: Expected): Promise<void> {
  await onStage({ replies: { '/api/chat': replies }, ...(expected.limits === undefined ? {} : { limits: expected.limits }) }, async ({ server, model, events }) => {
    const outcome = await model.chat({ ...REQUEST, ...expected.request }, signal).catch((error: unknown) => error);
    if (expected.kind !== undefined) {
      assert.ok(outcome instanceof ModelUnavailable, `wanted ${expected.kind}, got ${String(outcome)}`);
      assert.equal(outcome.kind, expected.kind);
      assert.ok(outcome.remedy.length > 10, 'says what to do');
      assert.match(outcome.message, expected.message ?? /./);
    } else {
      if (outcome instanceof Error) throw outcome;
      const reply = outcome as ModelReply; // not an Error, so what chat resolves with
      assert.deepEqual([reply.text, reply.done, reply.toolCalls.length], [expected.text, expected.done ?? 'stop', expected.toolCalls ?? 0]);
    }
    const sent = server.to('/api/chat');
    assert.equal(sent.length, expected.requests, 'requests');
    if (expected.request?.tools === undefined) assert.equal(new Set(sent.map((request) => request.text)).size, 1, 'every attempt sends the same bytes');
    const started = events('model.started').map((data) => data.call);
    assert.deepEqual(events('model.finished').map((data) => data.call), started, 'each attempt is started once and finished once');
  });
}

describe('a chat model over a real socket', () => {
  it('reads a reply, in however many pieces its bytes come', () =>
    check([{ chunks: saying(['日本語 🙂', ' naïve', ' 👩‍💻']).map((chunk) => ({ ...chunk, splitBytes: 2 })) }], { text: '日本語 🙂 naïve 👩‍💻', requests: 1 }));
  it('ignores what follows the first final record', () => check([{ chunks: [...saying(['a']), ...saying(['b'])] }], { text: 'a', requests: 1 }));
  it('does not wait for a server that stays open after its final record', () => check([{ chunks: saying(['a']), end: 'hang' }], { text: 'a', requests: 1 }));

  describe('sends the same prompt again', () => {
    it('after a reset in the middle of a reply', () => check([{ chunks: saying(['He'], { final: false }), end: 'rst' }, HELLO], { text: 'Hello', requests: 2 }));
    it('after a reset before any reply', () => check([{ action: 'rst' }, HELLO], { text: 'Hello', requests: 2 }));
    it('after a close before any reply', () => check([{ action: 'close' }, HELLO], { text: 'Hello', requests: 2 }));
    it('after a connection closed inside a JSON line', () => check([{ chunks: [...saying(['a'], { final: false }), { raw: '{"model":"m","mess' }], end: 'fin' }, HELLO], { text: 'Hello', requests: 2 }));
    it('after a stream that ends properly without a final record', () => check([{ chunks: saying(['a'], { final: false }) }, HELLO], { text: 'Hello', requests: 2 }));
    it('after a full queue', () => check([{ status: 503, body: { error: 'server busy, please try again.  maximum pending requests exceeded' } }, HELLO], { text: 'Hello', requests: 2 }));
    it('after a runner that died while it loaded', () => check([{ status: 500, body: { error: 'llama runner process has terminated: exit status 2' } }, HELLO], { text: 'Hello', requests: 2 }));
    it('after a line that is not JSON', () => check([{ chunks: [{ raw: 'not json\n' }, ...saying(['a'])] }, HELLO], { text: 'Hello', requests: 2 }));
    it('after bytes that are not UTF-8', () => check([{ chunks: [{ raw: new Uint8Array([0x7b, 0xff, 0xfe, 0x0a]) }] }, HELLO], { text: 'Hello', requests: 2 }));
    it('after an error line under HTTP 200', () => check([{ chunks: [...saying(['a'], { final: false }), { json: { error: 'unexpected EOF' } }] }, HELLO], { text: 'Hello', requests: 2 }));
    it('after a reply that stood still', () => check([{ chunks: saying(['a'], { final: false }), end: 'hang' }, HELLO], { text: 'Hello', requests: 2, limits: { idleMs: 60 } }));
  });

  describe('gives up, saying why and what next,', () => {
    it('when retries do not help', () => check([{ status: 503, body: { error: 'server busy' } }], { kind: 'overloaded', message: /busy.*queue/, requests: 3 }));
    it('when the model does not fit, without trying again', () =>
      check([{ status: 500, body: { error: 'model requires more system memory (12.0 GiB) than is available (8.0 GiB)' } }], { kind: 'too-big', message: /memory/, requests: 1 }));
    it('when memory runs out in the middle of a reply', () => check([{ chunks: [...saying(['a'], { final: false }), { json: { error: 'CUDA error: out of memory' } }] }], { kind: 'too-big', message: /memory/, requests: 1 }));
    it('when an error is JSON inside the string', () =>
      check([{ chunks: [{ json: { error: '{"error":{"code":500,"message":"failed to allocate compute buffers","type":"server_error"}}' } }] }], { kind: 'too-big', message: /: failed to allocate compute buffers\.$/, requests: 1 }));
    it('when the model is gone', () => check([{ status: 404, body: { error: "model 'm' not found" } }], { kind: 'no-model', message: /no model m/, requests: 1 }));
    it('when the server refuses the host name', () => check([{ status: 403, body: '' }], { kind: 'refused-cloud', message: /Host and Origin/, requests: 1 }));
    it('when something else listens there, without repeating its markup', () =>
      check([{ headers: { 'content-type': 'text/html' }, body: '<html>captive portal</html>' }], { kind: 'garbage', message: /not an Ollama server: it said "captive portal"/, requests: 1 }));
    it('when it is sent elsewhere', () => check([{ status: 302, headers: { location: 'http://192.0.2.1/' }, body: '' }], { kind: 'garbage', message: /redirect/, requests: 1 }));
    it('when a line never ends', () => check([{ chunks: [{ raw: '{"message":{"content":"' }, { raw: 'x'.repeat(65_536), repeat: 200 }] }], { kind: 'garbage', message: /line longer than the limit/, requests: 1 }));
    it('when a reply never ends', () => check([{ chunks: [{ json: { message: { content: 'x'.repeat(65_536) }, done: false }, repeat: 300 }] }], { kind: 'garbage', message: /went on past the 64 tokens/, requests: 1 }));
    it('when no first token comes', () => check([{ action: 'never' }], { kind: 'stalled', message: /no answer came for 0.1 s/, requests: 2, limits: { firstTokenMs: 60 } }));
    it('when the whole step takes too long', () => check([{ chunks: [{ json: { message: { content: 'a' }, done: false }, delayMs: 15, repeat: 50 }] }], { kind: 'stalled', message: /took longer than 0.1 s/, requests: 1, limits: { stepMs: 100 } }));
    it('when the reason of its end is none', () => check([{ chunks: saying([], { doneReason: 'load' }) }], { kind: 'garbage', message: /"load"/, requests: 3 }));
    it('at once when the model turns out to run elsewhere', () =>
      check([{ chunks: [{ json: { message: { content: 'a' }, done: false, remote_host: 'https://evil.example' } }], end: 'hang' }], { kind: 'refused-cloud', message: /remote host, https:\/\/evil.example/, requests: 1 }));
  });

  it('lets a slow load take its time, which is no stall', () =>
    check([{ chunks: saying(['a']).map((chunk, index) => (index === 0 ? { ...chunk, delayMs: 200 } : chunk)) }], { text: 'a', requests: 1, limits: { idleMs: 80 } }));

  describe('delivers tool calls', () => {
    const tools = { request: { tools: [WRITE] } };
    it('of the server, after stop', () => check([{ chunks: saying([], { toolCalls: [CALL] }) }], { text: '', toolCalls: 1, requests: 1, ...tools }));
    it('that leaked into the text', () => check([{ chunks: saying([`<tool_call>\n${JSON.stringify(CALL)}\n</tool_call>`]) }], { text: `<tool_call>\n${JSON.stringify(CALL)}\n</tool_call>`, toolCalls: 1, requests: 1, ...tools }));
    it('never of a reply that was cut', () => check([{ chunks: saying(['a'], { toolCalls: [CALL], doneReason: 'length' }) }], { text: 'a', done: 'length', toolCalls: 0, requests: 1, ...tools }));
    it('never of a reply that broke off', () => check([{ chunks: saying(['a'], { toolCalls: [CALL], final: false }), end: 'rst' }, HELLO], { text: 'Hello', toolCalls: 0, requests: 2, ...tools }));
    it('without the tools field where the model has none, told in the text instead', () =>
      onStage({ replies: { '/api/chat': [{ status: 400, body: { error: '"m" does not support tools' } }, HELLO] } }, async ({ server, model }) => {
        assert.equal((await model.chat({ ...REQUEST, tools: [WRITE] }, signal)).text, 'Hello');
        const [, second] = server.to('/api/chat');
        assert.equal(second?.body['tools'], undefined);
        assert.match(second?.text ?? '', /<tool_call>/);
        assert.equal(model.facts.canCallTools, false);
      }));
  });

  it('asks for no silent cut, one window and a long stay in every request', () =>
    onStage({}, async ({ server, model }) => {
      await model.chat(REQUEST, signal);
      await model.fill({ ...REQUEST, prefix: 'a(', suffix: '' }, signal);
      const sent = [...server.to('/api/chat'), ...server.to('/api/generate')].map(({ body }) => body);
      for (const body of sent) {
        assert.deepEqual([body['truncate'], body['shift'], body['keep_alive']], [false, false, '30m']);
        assert.deepEqual(body['options'], { num_ctx: 8_192, num_predict: 64, temperature: 0, seed: 7 });
      }
      assert.equal(sent[1]?.['suffix'], '\n', 'an empty suffix would turn the fill into a chat');
    }));

  it('closes the socket at once when the user stops, and counts what came', () =>
    onStage({ replies: { '/api/chat': [{ chunks: saying(['a', 'b'], { final: false }), end: 'hang' }] } }, async ({ server, model, events }) => {
      const stop = new AbortController();
      const onText = (text: string): boolean => {
        if (text === 'ab') stop.abort(new Error('stopped by the user'));
        return true;
      };
      const calling = model.chat({ ...REQUEST, onText }, stop.signal);
      await assert.rejects(calling, /stopped by the user/);
      assert.equal(await server.to('/api/chat')[0]?.ended, 'closed');
      const [finished] = events('model.finished');
      assert.deepEqual([finished?.state, finished?.reply, finished?.tokens.reply, finished?.tokens.estimated], ['cancelled', 'ab', 2, true]);
      assert.ok((finished?.tokens.prompt ?? 0) > 5);
    }));

  it('stops while no header has come', () =>
    onStage({ replies: { '/api/chat': [{ action: 'never' }] } }, async ({ server, model }) => {
      const stop = new AbortController();
      const calling = model.chat(REQUEST, stop.signal);
      while (server.to('/api/chat').length === 0) await new Promise((resolve) => setImmediate(resolve));
      stop.abort(new Error('stopped'));
      await assert.rejects(calling, /stopped/);
      assert.equal(await server.to('/api/chat')[0]?.ended, 'closed');
    }));

  it('ends a reply early when onText says so, and closes the connection', () =>
    onStage({ replies: { '/api/chat': [{ chunks: saying(['a', 'b', 'c']), end: 'hang' }] } }, async ({ server, model }) => {
      const reply = await model.chat({ ...REQUEST, onText: (text) => text !== 'ab' }, signal);
      assert.deepEqual([reply.text, reply.done, reply.tokens.estimated, reply.tokens.reply], ['ab', 'ended', true, 2]);
      assert.equal(await server.to('/api/chat')[0]?.ended, 'closed');
    }));

  const long = { ...REQUEST, messages: [{ role: 'user' as const, content: 'const total = items.map((item) => item.price);\n'.repeat(200) }] };

  it('shows a prompt that was cut in silence as an error', () =>
    onStage({ replies: { '/api/chat': [{ chunks: saying(['Sure'], { promptTokens: 1_024 }) }] }, limits: { firstTokenMs: 5_000 } }, async ({ model, events }) => {
      await assert.rejects(model.chat(long, signal), (error: unknown) => error instanceof ModelUnavailable && error.kind === 'cut-prompt' && /only 1024 of about \d{4}/.test(error.message));
      assert.deepEqual(events('model.finished')[0]?.tokens, { prompt: 1_024, reply: 1, estimated: false });
      assert.match(events('model.finished').at(-1)?.error ?? '', /it cut the prompt/);
    }));

  it('takes a count without cached tokens for what it is', () =>
    onStage({ replies: { '/api/chat': [{ chunks: saying(['Sure'], { promptTokens: 10 }) }] } }, async ({ model }) => assert.equal((await model.chat(long, signal)).text, 'Sure')));

  it('sends nothing that cannot fit, and says by how much', () =>
    onStage({ limits: { windowTokens: 1_024 } }, async ({ server, model }) => {
      await assert.rejects(model.chat(long, signal), { name: 'PromptTooLong', windowTokens: 1_024, message: /needs about \d{4} tokens; the model's window holds 1024/ });
      assert.equal(server.to('/api/chat').length, 0);
    }));

  it('takes an overflow that the server tells for a prompt that is too long', () =>
    onStage({ replies: { '/api/chat': [{ status: 400, body: { error: 'the prompt is longer than the context length', n_prompt_tokens: 6_000, n_ctx: 4_096 } }] } }, async ({ server, model }) => {
      await assert.rejects(model.chat(REQUEST, signal), { name: 'PromptTooLong', neededTokens: 6_000, windowTokens: 4_096 });
      assert.equal(server.to('/api/chat').length, 1);
    }));

  const ON_CPU: ReplyMaker = { body: { models: [{ name: 'm', size: 1e9, size_vram: 0, context_length: 16_384 }] } };

  it('sends a long prompt whole where nothing says that reading is slow', () =>
    onStage({ replies: { '/api/chat': [HELLO] } }, async ({ server, model }) => {
      await model.chat(long, signal);
      assert.equal(server.to('/api/chat').length, 1);
    }));

  it('reads a long prompt in growing slices, so that it can be cancelled between them', () =>
    onStage({ replies: { '/api/ps': [ON_CPU], '/api/chat': [(body) => ({ chunks: saying(['x'], { promptTokens: Math.round(JSON.stringify(body['messages']).length / 3.9) }) })] } }, async ({ server, model, events }) => {
      const reply = await model.chat(long, signal);
      const sizes = server.to('/api/chat').map(({ body }) => JSON.stringify(body['messages']).length);
      assert.ok(sizes.length >= 3, `${sizes.length} requests`);
      assert.deepEqual(sizes, sizes.toSorted((a, b) => a - b));
      const whole = server.to('/api/chat').at(-1)?.contents[0] ?? '';
      assert.ok(server.to('/api/chat').every(({ contents }) => whole.startsWith(contents[0] ?? '?')), 'a slice is a beginning of the prompt');
      assert.equal(events('model.finished').length, sizes.length);
      assert.equal(events('model.finished').at(-1)?.call, reply.call);
    }));

  it('leaves a failing host alone after two failed calls, and says the last reason at once', () =>
    onStage({ replies: { '/api/chat': [{ status: 500, body: { error: 'llama runner process has terminated' } }] }, limits: { retryMax: 0 } }, async ({ server, model }) => {
      for (let i = 0; i < 4; i++) await assert.rejects(model.chat(REQUEST, signal), /llama runner/);
      assert.equal(server.to('/api/chat').length, 2);
    }));

  it('queues on one slot, urgent work first, and shows who waits', () =>
    onStage({}, async ({ server, model, events }) => {
      const ask = (purpose: string, priority: ChatRequest['priority']): Promise<ModelReply> => model.chat({ ...REQUEST, purpose, priority, messages: [{ role: 'user', content: purpose }] }, signal);
      await Promise.all([ask('first', 'repair'), ask('sample', 'sample'), ask('verify', 'verify')]);
      assert.deepEqual(server.to('/api/chat').map(({ contents }) => contents[0]), ['first', 'verify', 'sample']);
      assert.equal(events('model.progressed').filter((data) => data.phase === 'queued').length, 2);
    }));

  it('makes room for interactive work and sends the displaced prompt again, byte for byte', () =>
    onStage({ replies: { '/api/chat': [{ chunks: saying(['a'], { final: false }), end: 'hang' }, HELLO] } }, async ({ server, model, events }) => {
      const { promise: writing, resolve } = Promise.withResolvers<void>();
      const onText = (): boolean => {
        resolve();
        return true;
      };
      const sample = model.chat({ ...REQUEST, priority: 'sample', onText }, signal);
      await writing;
      await model.chat({ ...REQUEST, priority: 'interactive', messages: [{ role: 'user', content: 'now' }] }, signal);
      assert.equal((await sample).text, 'Hello');
      const [first, , third] = server.to('/api/chat');
      assert.equal(first?.text, third?.text);
      assert.deepEqual(events('model.finished').map((data) => data.state), ['cancelled', 'completed', 'completed']);
      assert.equal(events('model.started').at(-1)?.retryOf, 'call-1');
    }));

  it('tries several slots where the model is on a GPU, and learns how many overlap', () =>
    onStage({ replies: { '/api/ps': [{ body: { models: [] } }, { body: { models: [{ name: 'm', size: 9, size_vram: 9, context_length: 8_192 }] } }] } }, async ({ server, model }) => {
      await model.chat(REQUEST, signal);
      assert.equal(model.facts.slots, 1);
      server.script('/api/chat', [{ chunks: saying(['a', 'b']).map((chunk) => ({ ...chunk, delayMs: 30 })) }]);
      await Promise.all([model.chat(REQUEST, signal), model.chat(REQUEST, signal)]);
      assert.equal(model.facts.slots, 2);
    }));

  it('finishes in the log what was stopped in the queue', () =>
    onStage({ replies: { '/api/chat': [{ action: 'never' }] } }, async ({ model, events }) => {
      const stop = new AbortController();
      const both = Promise.allSettled([model.chat(REQUEST, stop.signal), model.chat(REQUEST, stop.signal)]);
      stop.abort(new Error('stopped'));
      await both;
      assert.deepEqual(events('model.finished').map((data) => data.state), ['cancelled', 'cancelled']);
    }));

  it('sums to the tokens of the final records', () =>
    onStage({ replies: { '/api/chat': [{ status: 503, body: {} }, { chunks: saying(['a', 'b'], { promptTokens: 40, replyTokens: 3 }) }] } }, async ({ model, events }) => {
      await model.chat(REQUEST, signal);
      const sum = events('model.finished').reduce((total, { tokens }) => [(total[0] ?? 0) + tokens.prompt, (total[1] ?? 0) + tokens.reply], [0, 0]);
      assert.deepEqual(sum, [40, 3]);
    }));
});
