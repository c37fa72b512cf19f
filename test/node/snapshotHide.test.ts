import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClock } from '../../src/node/clock.ts';
import { createProcesses } from '../../src/node/processes.ts';
import { tempFolder } from '../support/tempFolder.ts';

describe('a command that nobody was asked about', () => {
  it('sees no secret file and no repository, and the next command sees them again', async function () {
    this.timeout(30_000);
    using folder = tempFolder();
    const root = join(folder.path, 'ws');
    mkdirSync(join(root, '.git'), { recursive: true });
    mkdirSync(join(root, 'conf'));
    for (const [name, text] of [['.env', 'A=hidden'], ['conf/.env.local', 'B=hidden'], ['conf/.env.example', 'C=shown'], ['a.txt', 'shown'], ['.git/config', 'url=hidden']] as const) writeFileSync(join(root, name), text);
    const processes = createProcesses({ root, tmpFolder: join(folder.path, 'tmp'), cacheFolder: join(folder.path, 'cache'), env: process.env, clock: createClock() });
    const signal = new AbortController().signal;
    await using snapshot = await processes.snapshot({ slots: 1 }, signal);
    const look = async (hide: 'secrets' | 'secrets-and-git' | undefined): Promise<readonly string[]> => {
      const result = await snapshot.run({
        argv: ['grep', '-rl', 'hidden\\|shown', '.'], cwd: '', env: {}, overlay: [], kit: {}, collect: [], confined: true, ...(hide === undefined ? {} : { hide }),
        limits: { wallMs: 20_000, silenceMs: 20_000, outputBytes: 100_000, memoryBytes: 1e9, processes: 64 },
      }, signal);
      return result.stdout.trim().split('\n').sort();
    };
    assert.deepEqual(await look('secrets-and-git'), ['./a.txt', './conf/.env.example']);
    assert.deepEqual(await look('secrets'), ['./.git/config', './a.txt', './conf/.env.example']);
    assert.deepEqual(await look(undefined), ['./.env', './.git/config', './a.txt', './conf/.env.example', './conf/.env.local']);
  });
});
