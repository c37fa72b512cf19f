import assert from 'node:assert/strict';
import { pullModel } from '../../src/core/model/pullModel.ts';
import { HostFault, type Models } from '../../src/core/model/models.ts';
import { createClock } from '../../src/node/clock.ts';
import { createOllama, parseHost } from '../../src/node/ollama.ts';
import { createOllamaStandIn, type OllamaStandIn, type StandInOptions } from '../support/ollamaStandIn.ts';

const signal = new AbortController().signal;

async function withServer<T>(options: StandInOptions, use: (models: Models, server: OllamaStandIn) => Promise<T>, url?: (server: OllamaStandIn) => string): Promise<T> {
  await using server = await createOllamaStandIn(options);
  using models = createOllama({ url: url?.(server) ?? server.url, allowRemote: false });
  return await use(models, server); // awaited here, before the server is disposed
}

const faultOf = async (promise: Promise<unknown>): Promise<HostFault> => {
  const error = await promise.then(() => undefined, (reason: unknown) => reason);
  assert.ok(error instanceof HostFault, `wanted a HostFault, got ${String(error)}`);
  return error;
};

describe('the Ollama adapter', () => {
  it('reads version, list, show and ps through the package, over its own connection', () =>
    withServer({ models: [{ name: 'm', sizeBytes: 5 }] }, async (models, server) => {
      assert.equal(await models.version(signal), '0.32.15');
      assert.deepEqual(await models.list(signal), [{ name: 'm', sizeBytes: 5, parameterSize: '1.5B', remoteHost: undefined }]);
      assert.deepEqual(await models.ps(signal), []);
      const shown = await models.show('m', signal);
      assert.deepEqual([shown.parameters, shown.contextTokensMax, shown.bytesPerContextToken, shown.capabilities], [1.5e9, 32_768, 28_672, ['completion', 'tools', 'insert']]);
      assert.deepEqual(server.requests.map(({ method, path }) => `${method} ${path}`), ['GET /api/version', 'GET /api/tags', 'GET /api/ps', 'POST /api/show']);
    }));

  it('takes a list of models that is null for an empty one', () => withServer({ replies: { '/api/tags': [{ body: { models: null } }] } }, async (models) => assert.deepEqual(await models.list(signal), [])));
  it('names what it is not told: another server', () =>
    withServer({ replies: { '/api/tags': [{ body: '<h1>It works!</h1>' }] } }, async (models) => {
      const fault = await faultOf(models.list(signal));
      assert.deepEqual([fault.kind, /not an Ollama server: it said "It works!"/.test(fault.message)], ['not-ollama', true]);
    }));
  it('leaves out of a list what is no model, and names that could drive a terminal', () =>
    withServer({ replies: { '/api/tags': [{ body: { models: [{ size: 'large' }, 5, null, { name: 'a\u001b[2Jb' }, { name: 'good:1b', size: 'large', details: null }] } }] } }, async (models) =>
      assert.deepEqual((await models.list(signal)).map(({ name, sizeBytes }) => [name, sizeBytes]), [['good:1b', 0]])));
  it('refuses an answer of the wrong shape', () => withServer({ replies: { '/api/tags': [{ body: { models: 'none' } }] } }, async (models) => assert.equal((await faultOf(models.list(signal))).kind, 'not-ollama')));
  it('stops reading an answer that has no end', () =>
    withServer({ replies: { '/api/tags': [{ chunks: [{ raw: ' '.repeat(65_536), repeat: 2_000 }] }] } }, async (models) => assert.equal((await faultOf(models.list(signal))).kind, 'too-large')));
  it('takes control characters out of the words of a server', () =>
    withServer({ replies: { '/api/show': [{ status: 500, body: { error: 'bad\u001b[2J\u0007 thing\n' } }] } }, async (models) => assert.equal((await faultOf(models.show('m', signal))).said, 'bad [2J thing')));

  it('tries localhost on both loopback families', () =>
    withServer({ address: '::1' }, async (models) => assert.equal(await models.version(signal), '0.32.15'), (server) => `http://localhost:${server.port}`));
  it('says on which addresses nothing answered', async () => {
    const server = await createOllamaStandIn();
    await server[Symbol.asyncDispose]();
    using models = createOllama({ url: `http://localhost:${server.port}`, allowRemote: false });
    const fault = await faultOf(models.version(signal));
    assert.deepEqual([fault.kind, /127\.0\.0\.1: ECONNREFUSED; ::1: E/.test(fault.message)], ['refused', true]);
  });
  it('keeps the connection between calls', () =>
    withServer({}, async (models, server) => {
      const body = { model: 'm', stream: true, keep_alive: '1m', truncate: false, shift: false, messages: [], options: { num_ctx: 1, num_predict: 1, temperature: 0, seed: 1 } } as const;
      for (let call = 0; call < 3; call++) await (await models.chat(body, signal)).each(() => true);
      assert.deepEqual(await Promise.all(server.requests.map((request) => request.ended)), ['completed', 'completed', 'completed']);
      assert.equal(new Set(server.requests.map((request) => request.clientPort)).size, 1);
    }));
  it('does nothing for a signal that is aborted already', () =>
    withServer({}, async (models, server) => {
      await assert.rejects(models.version(AbortSignal.abort(new Error('stopped'))), /stopped/);
      assert.equal(server.requests.length, 0);
    }));

  it('speaks to another machine only when the user named it', () => {
    assert.throws(() => createOllama({ url: 'http://gpu.example:11434', allowRemote: false }), { kind: 'not-allowed', message: /--host http:\/\/gpu.example:11434 or groundcrew/ });
    assert.throws(() => createOllama({ url: 'http://127.0.0.1.evil.example', allowRemote: false }), { kind: 'not-allowed' });
    using named = createOllama({ url: 'http://gpu.example:11434', allowRemote: true });
    assert.equal(named.isLocal, false);
  });

  const address = (text: string, expected: string): void => assert.equal(parseHost(text).origin, expected);
  it('reads an address as people write it', () => {
    address('127.0.0.1', 'http://127.0.0.1:11434');
    address('localhost:8080', 'http://localhost:8080');
    address(' http://gpu/ ', 'http://gpu:11434');
    address('0.0.0.0:11434', 'http://127.0.0.1:11434');
    address('http://gpu:80', 'http://gpu');
    address('https://gpu', 'https://gpu');
    address('[::1]:11434', 'http://[::1]:11434');
    for (const bad of ['', 'ftp://gpu', 'http://', 'a b']) assert.throws(() => parseHost(bad), { kind: 'not-allowed' }, bad);
  });
});

describe('pulling a model', () => {
  const pull = (models: Models, freeBytes: number | null, name = 'm'): Promise<readonly number[]> => {
    const seen: number[] = [];
    return pullModel({ models, name, agreed: () => Promise.resolve(true), clock: createClock(), freeBytes, onProgress: ({ completedBytes }) => seen.push(completedBytes) }, signal).then(() => seen);
  };
  it('tells how far it is', () => withServer({}, async (models) => assert.deepEqual(await pull(models, 10e9), [0, 100, 100])));
  it('stops when the disk cannot hold it, with both sizes', () =>
    withServer({ replies: { '/api/pull': [{ chunks: [{ json: { status: 'pulling', total: 1e12, completed: 0 } }], end: 'hang' }] } }, async (models, server) => {
      await assert.rejects(pull(models, 100e9), /1\.0 TB; the disk has 100\.0 GB of space/);
      assert.equal(await server.requests[0]?.ended, 'closed');
    }));
  it('does not take an early end for success', () => withServer({ replies: { '/api/pull': [{ chunks: [{ json: { status: 'pulling' } }] }] } }, (models) => assert.rejects(pull(models, null), /ended before it was complete/)));
  it('says what the server said', () => withServer({ replies: { '/api/pull': [{ chunks: [{ json: { error: 'pull model manifest: file does not exist' } }] }] } }, (models) => assert.rejects(pull(models, null), /file does not exist/)));
  it('refuses a cloud model', () => withServer({}, async (models, server) => {
    await assert.rejects(pull(models, null, 'big:cloud'), { kind: 'refused-cloud' });
    assert.equal(server.requests.length, 0);
  }));
});
