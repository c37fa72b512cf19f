import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { CommandResult, ProcessLimits } from '../../src/core/ports.ts';
import { boundSockets } from '../../src/node/boundSockets.ts';
import { createProcesses } from '../../src/node/processes.ts';
import { rootsFiles } from '../../src/node/rootsFiles.ts';
import { clock, command, limits, never, scratch } from './support.ts';

const FILES = { 'ws/a.txt': '', 'ws/node_modules/dep/index.js': '', 'ws/.git/HEAD': 'ref: refs/heads/main\n', 'home/x': '' };

/** Runs `argv` confined in a workspace of FILES; `prepare` gets the workspace's path first. */
async function run(argv: readonly string[], { prepare, more = {} }: { readonly prepare?: (root: string) => Promise<unknown>; readonly more?: Partial<ProcessLimits> } = {}): Promise<CommandResult> {
  using place = scratch();
  place.write(FILES);
  const root = join(place.folder, 'ws');
  await prepare?.(root);
  const processes = createProcesses({ root, tmpFolder: join(place.folder, 'tmp'), cacheFolder: join(place.folder, 'cache'), env: { ...process.env, HOME: join(place.folder, 'home') }, clock });
  await using snapshot = await processes.snapshot({ slots: 1 }, never);
  return await snapshot.run(command(argv, { limits: { ...limits, ...more } }), never);
}

const python = (code: string): readonly string[] => ['python3', '-c', code];

describe('the edges of the sandbox', () => {
  it('has no socket to a folder that it shows, in dependencies or in the repository', async () => {
    let reached = 0;
    const servers = [createServer(), createServer()];
    const paths = ['node_modules/dep/d.sock', '.git/watch.ipc'];
    const prepare = async (root: string): Promise<void> => {
      await Promise.all(servers.map((server, index) => new Promise<void>((resolve) => {
        server.on('connection', () => (reached += 1)).listen(join(root, paths[index] ?? ''), resolve);
      })));
      assert.deepEqual([...boundSockets([join(root, 'node_modules'), join(root, '.git')])].sort(), [join(root, '.git/watch.ipc'), join(root, 'node_modules/dep/d.sock')]);
      assert.deepEqual(boundSockets([join(root, 'node_modules', 'other'), `${root}/node_module`]), []);
    };
    try {
      const result = await run([process.execPath, '-e', `for (const p of ${JSON.stringify(paths)}) require('net').connect(p).on('connect', () => console.log('reached')).on('error', (e) => console.log(e.code))`], { prepare });
      assert.deepEqual([result.exit, result.stdout.trim().split('\n'), reached], [0, ['ECONNREFUSED', 'ECONNREFUSED'], 0]);
    } finally {
      for (const server of servers) server.close();
    }
  });

  it('has no socket beyond the kinds that its network bounds, no io_uring and no keyring', async () => {
    const result = await run(python(`
import socket, ctypes, platform
for name, family in (('inet', 2), ('unix', 1), ('vsock', 40), ('alg', 38), ('packet', 17)):
  try:
    socket.socket(family, 1); print(name, 'made')
  except OSError as e: print(name, e.errno)
libc = ctypes.CDLL(None, use_errno=True)
for number in (425, 250 if platform.machine() == 'x86_64' else 219):
  print(libc.syscall(number, 0, -3, 0), ctypes.get_errno())
`));
    assert.deepEqual(result.stdout.trim().split('\n'), ['inet made', 'unix made', 'vsock 97', 'alg 97', 'packet 97', '-1 38', '-1 38']);
  });

  it('has nothing in /proc that is the machine\'s and can be written', async () => {
    const result = await run(['sh', '-c', '(: >> /proc/sys/kernel/core_pattern) 2>/dev/null && echo written; (: >> /proc/sys/vm/drop_caches) 2>/dev/null && echo written; echo done']);
    assert.equal(result.stdout, 'done\n');
  });
  it('covers such files only where we are root, who needs no capability for them', () => {
    assert.deepEqual(rootsFiles(1000), []);
    if (process.platform === 'linux' && existsSync('/proc/sys')) assert.ok(rootsFiles(0).includes('/proc/sys'));
  });

  for (const confined of [true, false]) {
    it(`lets the next command in where one has locked its folder, ${confined ? 'confined' : 'unconfined'}`, async () => {
      using place = scratch();
      place.write({ ...FILES, 'ws/src/deep/b.txt': 'b' });
      const at = (name: string): string => join(place.folder, name);
      await using snapshot = await createProcesses({ root: at('ws'), tmpFolder: at('tmp'), cacheFolder: at('cache'), env: { ...process.env, HOME: at('home') }, clock }).snapshot({ slots: 1 }, never);
      await snapshot.run(command(['sh', '-c', 'chmod 000 src/deep src; chmod 000 .'], { confined }), never);
      const { exit, stdout } = await snapshot.run(command(['cat', 'src/deep/b.txt'], { confined }), never);
      assert.deepEqual([exit, stdout], [0, 'b']);
    });
  }

  it('holds no descriptor that our own parent left open', async () => {
    using place = scratch();
    place.write({ ...FILES, 'secret.txt': 'SECRET' });
    const child = join(place.folder, 'child.mjs');
    writeFileSync(child, `
import { createProcesses } from ${JSON.stringify(new URL('../../src/node/processes.ts', import.meta.url).href)};
import { clock, command, never } from ${JSON.stringify(new URL('./support.ts', import.meta.url).href)};
const at = (name) => ${JSON.stringify(place.folder)} + '/' + name;
const snapshot = await createProcesses({ root: at('ws'), tmpFolder: at('tmp'), cacheFolder: at('cache'), env: { ...process.env, HOME: at('home') }, clock }).snapshot({ slots: 1 }, never);
for (const confined of [true, false]) {
  const { stdout } = await snapshot.run(command(['bash', '-c', 'cat <&5; cat <&99; echo x >&98; echo end'], { confined }), never);
  console.log(stdout.trim());
}
await snapshot[Symbol.asyncDispose]();
`);
    mkdirSync(join(place.folder, 'tmp'), { recursive: true });
    const { stdout } = await promisify(execFile)('bash', ['-c', 'exec "$0" "$1" 5<secret.txt 99<secret.txt 98>made.txt', process.execPath, child], { cwd: place.folder });
    assert.equal(stdout, 'end\nend\n');
  });

  for (const [what, code] of Object.entries({
    'a file in /tmp': 'import time\nf = open("/tmp/x", "wb")\nfor i in range(40): f.write(b"x" * 16000000)\nf.flush()\ntime.sleep(20)',
    'files without a name': 'import os, time\na = []\nfor i in range(40):\n  f = os.memfd_create("x"); os.write(f, b"x" * 16000000); a.append(f)\ntime.sleep(20)',
    'memory that it shares': 'import mmap, time\na = []\nfor i in range(10):\n  m = mmap.mmap(-1, 64000000); m.write(b"x" * 64000000); a.append(m)\ntime.sleep(20)',
  })) {
    it(`ends a tree that takes too much memory as ${what}`, async () => {
      const result = await run(python(code), { more: { memoryBytes: 200_000_000 } });
      assert.equal(result.ended, 'signalled');
      assert.match(result.stderr, /^Groundcrew stopped this command: \d+ MB of memory, .*200 MB allowed\.$/m);
      assert.ok(result.durationMs < 10_000);
    });
  }
});
