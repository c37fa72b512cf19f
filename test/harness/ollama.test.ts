import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { createLock } from './lock.ts';
import { keptParts } from './modelParts.ts';
import { createRealOllama } from './ollama.ts';
import { hostUrl } from './ollamaServer.ts';
import { parseModelfile } from './modelfile.ts';

const never = new AbortController().signal;
const MODULE = new URL('./ollama.ts', import.meta.url).href;
/** Port 9 is "discard": nothing listens there. */
const DEAD = '127.0.0.1:9';

/** A program that serves what an Ollama server says of itself, with one model, and writes its pid where it is told. */
const FAKE_OLLAMA = `#!${process.execPath}
const { createServer } = require('node:http');
require('node:fs').writeFileSync(process.env.PID_FILE, String(process.pid));
if (process.env.FAKE_CRASH) { console.error('cannot allocate'); process.exit(3); }
createServer((request, response) => response.end(JSON.stringify(request.url === '/api/tags' ? { models: [{ name: 'm:1' }] } : { version: '0' })))
  .listen(Number(process.env.OLLAMA_HOST.split(':')[1]), '127.0.0.1');
`;

describe('a real Ollama', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'groundcrew-ollama-'))));
  afterEach(() => rm(folder, { recursive: true }));

  /** PATH holds only the programs given here: name → script. */
  async function environment(programs: Readonly<Record<string, string>>, more: Readonly<Record<string, string>> = {}): Promise<Readonly<Record<string, string>>> {
    const bin = join(folder, 'bin');
    await mkdir(bin, { recursive: true });
    for (const [name, script] of Object.entries(programs)) {
      await writeFile(join(bin, name), script);
      await chmod(join(bin, name), 0o755);
    }
    return { PATH: bin, HOME: folder, OLLAMA_HOST: DEAD, XDG_CACHE_HOME: join(folder, 'cache'), PID_FILE: join(folder, 'pid'), ...more };
  }
  const create = (env: Readonly<Record<string, string>>, model?: string) => createRealOllama({ env, onProgress: () => undefined, ...(model === undefined ? {} : { model }) }, never);
  const isGone = async (): Promise<boolean> => {
    const pid = Number(await readFile(join(folder, 'pid'), 'utf8'));
    for (let tries = 0; tries < 100; tries++) {
      try {
        process.kill(pid, 0);
      } catch {
        return true;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return false;
  };

  it('starts the one on the PATH on a port of its own, and stops it', async () => {
    const made = await create(await environment({ ollama: FAKE_OLLAMA }), 'm:1');
    assert.ok(made.kind === 'ready' && made.startedHere && made.url !== `http://${DEAD}`);
    await made.dispose();
    assert.ok(await isGone());
  });

  it('leaves none behind when its maker is killed', async () => {
    const env = await environment({ ollama: FAKE_OLLAMA });
    const maker = spawn(process.execPath, ['--input-type=module', '-e', `
      import { createRealOllama } from ${JSON.stringify(MODULE)};
      const made = await createRealOllama({ model: 'm:1', onProgress: () => undefined }, new AbortController().signal);
      console.log(made.kind); setInterval(() => undefined, 1000);`], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const [said] = await once(maker.stdout, 'data');
    assert.equal(String(said).trim(), 'ready');
    maker.kill('SIGKILL');
    assert.ok(await isGone());
  });

  it('says what a server that dies at once said', async () => {
    const made = await create(await environment({ ollama: FAKE_OLLAMA }, { FAKE_CRASH: '1' }), 'm:1');
    assert.ok(made.kind === 'unavailable');
    assert.match(made.reason, /did not answer.*cannot allocate/);
  });

  it('says what to install where there is neither server nor tool chain', async () => {
    const made = await create(await environment({}));
    assert.ok(made.kind === 'unavailable');
    assert.match(made.reason, /no Ollama answers at http:\/\/127\.0\.0\.1:9, none is on the PATH, and there is no Go tool chain/);
    assert.match(made.remedy, /install Ollama/);
  });

  it('says why a build failed', async () => {
    const made = await create(await environment({ go: '#!/bin/sh\necho "gcc: not found" >&2\nexit 1\n' }));
    assert.ok(made.kind === 'unavailable');
    assert.match(made.reason, /building it with .*go failed: gcc: not found/);
  });

  describe('that answers already', () => {
    /** Serves until the test ends; `pulled` decides whether a pull works. */
    async function running(pull: 'works' | 'fails', use: (host: string) => Promise<void>): Promise<void> {
      const models: string[] = [];
      const server = createServer((request, response) => {
        if (request.url === '/api/tags') return response.end(JSON.stringify({ models: models.map((name) => ({ name })) }));
        if (request.url !== '/api/pull') return response.end('{"version":"0"}');
        if (pull === 'works') models.push('qwen2.5-coder:1.5b', 'other:latest');
        return response.end(pull === 'works' ? '{"status":"pulling","total":10,"completed":5}\n{"status":"success"}\n' : '{"error":"no such host"}\n');
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      try {
        await use(`127.0.0.1:${(server.address() as AddressInfo).port}`); // a listening TCP server's address has this type
      } finally {
        server.closeAllConnections();
        server.close();
      }
    }

    it('is used, pulls the model, and goes on after us', () => running('works', async (host) => {
      const made = await create(await environment({}, { OLLAMA_HOST: host }));
      assert.ok(made.kind === 'ready' && !made.startedHere);
      await made.dispose();
      assert.equal((await fetch(`${made.url}/api/version`)).status, 200);
    }));
    it('takes the model that GROUNDCREW_TEST_MODEL names', () => running('works', async (host) => {
      const made = await create(await environment({}, { OLLAMA_HOST: host, GROUNDCREW_TEST_MODEL: 'other' }));
      assert.ok(made.kind === 'ready');
      assert.equal(made.model, 'other');
    }));
    it('says that another model cannot be pulled', () => running('fails', async (host) => {
      const made = await create(await environment({}, { OLLAMA_HOST: host, GROUNDCREW_TEST_MODEL: 'gone:1' }));
      assert.ok(made.kind === 'unavailable');
      assert.match(made.reason, /has no gone:1 and cannot pull it \(no such host\)/);
    }));
    it('says that pip is missing', () => running('fails', async (host) => {
      const made = await create(await environment({}, { OLLAMA_HOST: host }));
      assert.ok(made.kind === 'unavailable');
      assert.match(made.reason, /there is no pip/);
    }));
    it('says what pip said, and what is kept', () => running('fails', async (host) => {
      const made = await create(await environment({ pip: '#!/bin/sh\n[ "$1" = --version ] && exit 0\necho "ERROR: no network" >&2\nexit 1\n' }, { OLLAMA_HOST: host }));
      assert.ok(made.kind === 'unavailable');
      assert.match(made.reason, /part 1 of 22 could not be had: ERROR: no network/);
      assert.match(made.remedy, /0 kB are kept/);
    }));
  });
});

describe('what it is made of', () => {
  for (const [host, url] of [
    [undefined, 'http://127.0.0.1:11434'], ['', 'http://127.0.0.1:11434'], ['box', 'http://box:11434'], ['box:80', 'http://box:80'], ['0.0.0.0', 'http://127.0.0.1:11434'],
    ['[::]:8000', 'http://[::1]:8000'], ['http://box', 'http://box:80'], ['https://box', 'https://box:443'], ['https://box:8443/', 'https://box:8443'],
  ] as const) {
    it(`reads OLLAMA_HOST ${host} as ${url}`, () => assert.equal(hostUrl(host), url));
  }

  it('keeps whole parts and throws away cut ones', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'groundcrew-parts-'));
    const whole = Buffer.from('whole');
    await writeFile(join(folder, `part3.${crc32(whole).toString(16)}.bin`), whole);
    await writeFile(join(folder, `part4.${crc32(whole).toString(16)}.bin`), 'who');
    assert.deepEqual([...(await keptParts(folder)).keys()], [3]);
    await rm(folder, { recursive: true });
  });

  it('reads our own Modelfile', async () => {
    const { template, stop } = parseModelfile(await readFile(new URL('./Modelfile', import.meta.url), 'utf8'));
    for (const marker of ['<|fim_prefix|>{{ .Prompt }}<|fim_suffix|>{{ .Suffix }}<|fim_middle|>', '<tool_call>', '<tool_response>', '<|im_start|>system']) assert.ok(template.includes(marker), marker);
    assert.deepEqual(stop, ['<|im_end|>', '<|endoftext|>']);
    assert.throws(() => parseModelfile('FROM x'), /no TEMPLATE/);
  });
});

describe('two makers of one thing', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'groundcrew-lock-'))));
  afterEach(() => rm(folder, { recursive: true }));

  it('take turns, and the second is told whom it waits for', async () => {
    const path = join(folder, 'a.lock');
    const order: string[] = [];
    const first = await createLock(path, () => undefined, never);
    let told: (pid: number) => void = () => undefined;
    const waiting = new Promise<number>((resolve) => (told = resolve));
    const second = createLock(path, told, never).then((lock) => {
      order.push('second');
      return lock;
    });
    assert.equal(await waiting, process.pid);
    order.push('first ends');
    await first[Symbol.asyncDispose]();
    await (await second)[Symbol.asyncDispose]();
    assert.deepEqual(order, ['first ends', 'second']);
  });
  it('do not wait for one that died', async () => {
    const path = join(folder, 'a.lock');
    const dead = spawn(process.execPath, ['-e', '']);
    await once(dead, 'exit');
    await writeFile(path, String(dead.pid));
    await (await createLock(path, () => assert.fail('it waited'), never))[Symbol.asyncDispose]();
  });
  it('stop waiting when told to', async () => {
    const path = join(folder, 'a.lock');
    await using _first = await createLock(path, () => undefined, never);
    await assert.rejects(createLock(path, () => undefined, AbortSignal.timeout(50)), /aborted|timeout/i);
  });
});
