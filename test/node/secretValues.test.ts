import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { secretValues } from '../../src/node/secretValues.ts';

describe('secretValues', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'secrets-'));
  });
  afterEach(async () => await rm(root, { recursive: true, force: true }));

  it('come from .env files at the root and one folder below, and from the environment', async () => {
    await mkdir(join(root, 'app'));
    await writeFile(join(root, '.env'), 'SECRET=from-the-root\n');
    await writeFile(join(root, 'app/.env.local'), 'API_KEY=from-the-app\n');
    await writeFile(join(root, 'prod.env'), 'TOKEN=from-production\n');
    assert.deepEqual((await secretValues(root, { X_TOKEN: 'from-environment', HOME: '/root' })).toSorted(), ['from-environment', 'from-production', 'from-the-app', 'from-the-root']);
  });

  it('come from no pipe, link, folder or huge file, and nothing waits for one', async () => {
    execFileSync('sh', ['-c', 'mkfifo "$1"', 'sh', join(root, '.env')]);
    await mkdir(join(root, '.env.d'));
    await symlink('/dev/zero', join(root, '.env.local'));
    await writeFile(join(root, '.env.big'), 'SECRET=abcdefghijkl\n'.repeat(20_000));
    assert.deepEqual(await secretValues(root, {}), []);
  });

  it('are none where there is no workspace', async () => assert.deepEqual(await secretValues(join(root, 'none'), {}), []));
});
