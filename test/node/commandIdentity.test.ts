import assert from 'node:assert/strict';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCommandIdentity } from '../../src/node/commandIdentity.ts';

describe('commandIdentity', () => {
  let root: string;
  const identify = async (argv: readonly string[]) => await createCommandIdentity({ root, which: async (name) => (name === 'absent' ? undefined : `/usr/bin/${name}-not-there`), sandbox: 'bubblewrap' })({ argv });

  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'identity-')));
    await writeFile(join(root, 'package.json'), '{"name":"x","scripts":{"test":"node --test"}}');
    await writeFile(join(root, 'run.mjs'), 'one');
    await writeFile(join(root, 'Makefile'), 'test:\n\ttrue\n');
  });
  afterEach(async () => await rm(root, { recursive: true, force: true }));

  /** After `change`, the approval of `argv` does not hold any more, or still does. */
  function check(argv: readonly string[], name: string, change: () => Promise<unknown>, changes: boolean): void {
    it(`of "${argv.join(' ')}" ${changes ? 'changes' : 'stays'} when ${name}`, async () => {
      const before = await identify(argv);
      await change();
      assert.equal(JSON.stringify(await identify(argv)) !== JSON.stringify(before), changes);
    });
  }
  const put = (path: string, text: string) => async () => await writeFile(join(root, path), text);

  check(['npm', 'test'], 'its script changes', put('package.json', '{"name":"x","scripts":{"test":"node attack.mjs"}}'), true);
  check(['npm', 'test'], 'a script runs before it', put('package.json', '{"name":"x","scripts":{"test":"node --test","pretest":"evil"}}'), true);
  check(['npm', 'test'], 'the name changes', put('package.json', '{"name":"y","scripts":{"test":"node --test"}}'), false);
  check(['npm', 'test'], 'package.json breaks', put('package.json', '{'), true);
  check(['make', 'test'], 'the Makefile changes', put('Makefile', 'test:\n\tevil\n'), true);
  check(['node', 'run.mjs'], 'the script changes', put('run.mjs', 'two'), true);
  check(['./run.mjs'], 'the program changes', put('run.mjs', 'two'), true);
  check(['npm', 'test'], 'settings of npm name a shell', put('.npmrc', 'script-shell=./evil.sh'), true);
  check(['make'], 'a file changes that its Makefile includes', async () => {
    await put('Makefile', 'include rules.mk\n')();
    const before = await identify(['make']);
    await put('rules.mk', 'all:\n\tevil\n')();
    assert.notDeepEqual(await identify(['make']), before);
  }, true);
  check(['make'], 'its Makefile includes itself', put('Makefile', 'include Makefile\n'), true);
  check(['ls'], 'anything changes', put('run.mjs', 'two'), false);

  it('names the program by its real path', async () => {
    await mkdir(join(root, 'bin'));
    await symlink('../run.mjs', join(root, 'bin/tool'));
    assert.equal((await identify(['bin/tool'])).executable, join(root, 'run.mjs'));
    assert.equal((await identify(['absent'])).executable, '');
    assert.equal((await identify(['ls'])).sandbox, 'bubblewrap');
  });
  it('looks at a copy of the workspace when it is given one, and at the workspace for what the copy lacks', async () => {
    const copy = await realpath(await mkdtemp(join(tmpdir(), 'identity-copy-')));
    const look = createCommandIdentity({ root, which: async () => undefined, sandbox: 'bubblewrap' });
    const signal = new AbortController().signal;
    await writeFile(join(copy, 'package.json'), '{"scripts":{"test":"node attack.mjs"}}');
    assert.notEqual((await look({ argv: ['npm', 'test'] }, signal, copy)).definedBy, (await look({ argv: ['npm', 'test'] }, signal)).definedBy);
    assert.deepEqual(await look({ argv: ['./run.mjs'] }, signal, copy), await look({ argv: ['./run.mjs'] }, signal));
    await writeFile(join(copy, 'run.mjs'), 'another');
    assert.notEqual((await look({ argv: ['./run.mjs'] }, signal, copy)).executableSha256, (await look({ argv: ['./run.mjs'] }, signal)).executableSha256);
    await rm(copy, { recursive: true });
  });
  it('takes the definition of a check from the check', async () => {
    const found = await createCommandIdentity({ root, which: async () => undefined, sandbox: 'bubblewrap' })({ argv: ['npm', 'test', '--', 'x'], confined: false, check: { argv: ['npm', 'test'], cwd: '', definedBy: 'node --test', origin: 'discovered', runner: 'node-test' } });
    assert.equal(found.definedBy.split('\n')[0], 'node --test');
    assert.equal(found.sandbox, 'none');
  });
});
