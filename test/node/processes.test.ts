import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Command, CommandResult, Snapshot } from '../../src/core/ports.ts';
import { createProcesses } from '../../src/node/processes.ts';
import { clock, command, limits, never, type Scratch, scratch } from './support.ts';

const node = process.execPath;

interface Workspace extends Scratch, AsyncDisposable {
  readonly root: string;
  readonly snapshot: Snapshot;
  run(argv: readonly string[], more?: Partial<Command>): Promise<CommandResult>;
}

async function workspace(files: Readonly<Record<string, string>>, { slots = 1, env = {}, prepare = (_root: string): unknown => undefined } = {}): Promise<Workspace> {
  const place = scratch();
  const root = join(place.folder, 'ws');
  mkdirSync(root);
  place.write({ 'home/.ssh/id_ed25519': 'SECRET', ...Object.fromEntries(Object.entries(files).map(([path, text]) => [`ws/${path}`, text])) });
  prepare(root);
  const processes = createProcesses({
    root, tmpFolder: join(place.folder, 'tmp'), cacheFolder: join(place.folder, 'cache'),
    env: { ...process.env, HOME: join(place.folder, 'home'), API_TOKEN: 'SECRET', ...env }, clock,
  });
  const snapshot = await processes.snapshot({ slots }, never);
  return {
    ...place, root, snapshot,
    run: (argv, more = {}) => snapshot.run(command(argv, more), never),
    async [Symbol.asyncDispose]() {
      await snapshot[Symbol.asyncDispose]();
      assert.deepEqual(readdirSync(join(place.folder, 'tmp')), []);
      place[Symbol.dispose]();
    },
  };
}

/** A script of the sandbox's shell. */
const sh = (script: string): readonly string[] => ['sh', '-c', script];
const js = (script: string): readonly string[] => [node, '-e', script];

/** Pids, in any namespace, of processes that have the word among their arguments. */
function alive(word: string): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(word) && !/\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    } catch {
      return false;
    }
  });
}

/** Modes are set in `before`. */
const FILES = { 'a.txt': 'base', 'bad.sh': '#!/no/such/interpreter\n', 'bin/x.sh': '#!/bin/sh\npwd\n', 'gone.txt': 'g', 'plain.txt': 'x', 'src/b.txt': 'b', 'sub/deep/c.txt': 'c' } as const;

for (const confined of [true, false]) {
  describe(`a command ${confined ? 'in the sandbox' : 'unconfined'}`, () => {
    let ws: Workspace;
    // One workspace for all: each test also shows that the one before left nothing.
    before(async () => {
      ws = await workspace({ ...FILES, 'node_modules/.bin/y': '#!/bin/sh\necho y\n' }, {
        slots: 2,
        env: { PATH: `${process.cwd()}/node_modules/.bin:/x/node_modules/@npmcli/run-script/lib/node-gyp-bin:${process.env['PATH']}`, NODE_OPTIONS: '--bad', npm_config_x: '1' },
        prepare: (root) => {
          for (const path of ['bad.sh', 'bin/x.sh', 'node_modules/.bin/y']) chmodSync(join(root, path), 0o755);
        },
      });
    });
    after(async () => await ws[Symbol.asyncDispose]());
    it('gives exit, both streams stripped of escapes, and what it collected', async () => {
      const result = await ws.run(sh('printf "\\033[31mred\\033[0m"; printf "\\033]0;title\\007e" >&2; cat "$GROUNDCREW_KIT/k.txt" > "$GROUNDCREW_OUT/o.txt"; ln -s ../../../home/.ssh/id_ed25519 "$GROUNDCREW_OUT/link"; exit 3'), {
        confined, kit: { 'k.txt': 'kit' }, collect: ['o.txt', 'link', 'absent', '../a.txt'],
      });
      assert.deepEqual({ ended: result.ended, exit: result.exit, stdout: result.stdout, stderr: result.stderr, collected: result.collected, confined: result.confined }, { ended: 'exited', exit: 3, stdout: 'red', stderr: 'e', collected: { 'o.txt': 'kit' }, confined });
      assert.match(result.outputSha256, /^[0-9a-f]{64}$/);
    });

    it('sees the overlay, and the next one sees neither it nor what the command left', async () => {
      const spoil = 'cat a.txt new/n.txt; test -e gone.txt || echo deleted; echo x > left; mkdir -p q/r; echo y > q/r/s; rm -r src; ln -s / src; echo longer >> sub/deep/c.txt; chmod 000 sub; rm a.txt; mkdir a.txt; touch a.txt/x';
      const first = await ws.run(sh(spoil), { confined, overlay: [{ path: 'a.txt', text: 'changed\n' }, { path: 'new/n.txt', text: 'new\n' }, { path: 'gone.txt', text: null }] });
      assert.equal(first.stdout, 'changed\nnew\ndeleted\n');
      const second = await ws.run(sh('find . -path ./node_modules -prune -o -type f -print -o -type l -print | sort; cat a.txt src/b.txt gone.txt sub/deep/c.txt'), { confined });
      assert.equal(second.stdout, `${Object.keys(FILES).sort().map((path) => `./${path}\n`).join('')}basebgc`);
      assert.deepEqual(readdirSync(ws.root).sort(), ['a.txt', 'bad.sh', 'bin', 'gone.txt', 'node_modules', 'plain.txt', 'src', 'sub']);
    });

    it('keeps a change that has the old size and the old time from staying', async () => {
      await ws.run(sh('touch -r a.txt ref; printf evil > a.txt; touch -r ref a.txt'), { confined });
      assert.equal((await ws.run(['cat', 'a.txt'], { confined })).stdout, 'base');
    });

    it('writes the bytes of an overlay in its encoding', async () => {
      const result = await ws.run(sh('od -An -tx1 a.txt b.txt'), { confined, overlay: [{ path: 'a.txt', text: 'é', encoding: 'latin1' }, { path: 'b.txt', text: 'é', bom: true }] });
      assert.equal(result.stdout.replace(/\s+/g, ' ').trim(), 'e9 ef bb bf c3 a9');
    });

    it('is killed at the wall limit though it ignores TERM, with every daemon it forked', async () => {
      const word = `groundcrew-${process.pid}-${confined}`;
      const script = `trap "" TERM HUP; setsid sh -c 'trap "" TERM; while :; do sleep 100; done # ${word}' > /dev/null 2>&1 & sh -c 'while :; do sleep 100; done # ${word}' & while :; do sleep 100; done`;
      const result = await ws.run(sh(script), { confined, limits: { ...limits, wallMs: 500 } });
      assert.equal(result.ended, 'wall-limit');
      assert.equal(result.exit, null);
      assert.deepEqual(alive(word), []);
    });

    it('ends with its first process: a daemon that holds the output does not hang it, and does not survive', async () => {
      const word = `groundcrew-daemon-${process.pid}-${confined}`;
      const result = await ws.run(sh(`setsid sh -c 'while :; do sleep 100; done # ${word}' & sh -c 'while :; do sleep 100; done # ${word}' & echo done`), { confined });
      assert.deepEqual([result.ended, result.exit, result.stdout], ['exited', 0, 'done\n']);
      assert.ok(result.durationMs < 5_000);
      assert.deepEqual(alive(word), []);
    });

    it('is killed when it is silent too long', async () => {
      const result = await ws.run(sh('echo begun; sleep 100'), { confined, limits: { ...limits, silenceMs: 300 } });
      assert.deepEqual([result.ended, result.stdout], ['silence-limit', 'begun\n']);
    });

    it('is stopped at any moment of its start, and leaves nothing behind', async () => {
      for (let moment = 0; moment < 24; moment++) {
        const stop = new AbortController();
        setTimeout(() => stop.abort(), moment / 2);
        const word = `4${process.pid}${moment}`;
        const { ended } = await ws.snapshot.run(command(['sleep', word], { confined }), stop.signal);
        assert.equal(ended, 'stopped');
        assert.deepEqual(alive(word), [], `stopped after ${moment / 2} ms`);
      }
    });

    it('is stopped by the signal, also before it began', async () => {
      const stop = new AbortController();
      const stopped = ws.snapshot.run(command(sh('echo up; sleep 100'), { confined, onLine: () => stop.abort() }), stop.signal);
      assert.deepEqual([(await stopped).ended, (await stopped).stdout], ['stopped', 'up\n']);
      assert.equal((await ws.snapshot.run(command(['true'], { confined }), AbortSignal.abort())).ended, 'stopped');
    });

    it('reads an empty stdin', async () => {
      assert.deepEqual((await ws.run(['cat'], { confined })).stdout, '');
    });

    it('hands on lines as they come, the last one too', async () => {
      const lines: string[] = [];
      await ws.run(sh('printf "one\\r\\ntwo\\nthr"; printf ee'), { confined, onLine: (line) => lines.push(line) });
      assert.deepEqual(lines, ['one', 'two', 'three']);
    });

    it('keeps head and tail of 100 MB and does not grow', async () => {
      const before = process.memoryUsage().rss;
      const result = await ws.run(sh('echo first; head -c 104857600 /dev/zero | tr "\\0" "x"; echo; echo last'), { confined });
      assert.equal(result.exit, 0);
      assert.match(result.stdout, /^first\nx+\n\[… \d+ bytes left out …\]\nx+\nlast\n$/);
      assert.ok(result.stdout.length < 140_000);
      assert.ok(process.memoryUsage().rss - before < 100 * 1024 * 1024);
    });

    it('is killed at the output limit', async () => {
      const result = await ws.run(sh('yes'), { confined, limits: { ...limits, outputBytes: 1_000_000 } });
      assert.equal(result.ended, 'output-limit');
    });

    it('has not started when its program is missing or cannot be executed', async () => {
      assert.match((await ws.run(['no-such-program-x'], { confined })).stderr, /no-such-program-x: not found\. Looked on PATH/);
      assert.equal((await ws.run(['./plain.txt'], { confined })).ended, 'unstarted');
      assert.equal((await ws.run(['./bad.sh'], { confined })).ended, 'unstarted');
      assert.equal((await ws.run(['true'], { confined, cwd: 'absent' })).ended, 'unstarted');
      assert.equal((await ws.run(['true'], { confined, cwd: '..' })).ended, 'unstarted');
      assert.equal((await ws.run(['echo', 'a\0b'], { confined })).ended, 'unstarted');
    });

    it('runs a program of the workspace and one of its dependencies, in a folder of it', async () => {
      // The copy's own place never shows: paths are the workspace's.
      assert.equal((await ws.run(['../bin/x.sh'], { confined, cwd: 'sub' })).stdout, `${ws.root}/sub\n`);
      assert.equal((await ws.run([join(ws.root, 'node_modules/.bin/y')], { confined })).stdout, 'y\n');
    });

    it('has a clean environment and the PATH of the user without ours', async () => {
      const env = (await ws.run(['env'], { confined, env: { MORE: '1' } })).stdout;
      assert.doesNotMatch(env, /SECRET|API_TOKEN|NODE_OPTIONS|npm_config_x|\.bin|node-gyp-bin/);
      assert.match(env, /^MORE=1$/m);
      assert.match(env, /^CI=true$/m);
    });

    it('names the environment by a digest that differs with it and not with the slot', async () => {
      const [a, b] = await Promise.all([ws.run(['sleep', '0.1'], { confined }), ws.run(['sleep', '0.1'], { confined })]);
      assert.equal(a.environmentSha256, b.environmentSha256);
      assert.notEqual((await ws.run(['sleep', '0'], { confined, env: { A: '1' } })).environmentSha256, a.environmentSha256);
    });
  });
}

describe('the sandbox', () => {
  it('shows the workspace at its own path and hides home, other files and the network', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    const address = await new Promise<{ readonly port: number }>((resolve) => server.once('listening', () => resolve(server.address() as { port: number }))); // a TCP server's address is an object
    let reached = false;
    server.on('connection', () => (reached = true));
    await using ws = await workspace({ 'a.txt': '' });
    ws.write({ 'outside.txt': 'SECRET' });
    const result = await ws.run(js(`
      const fs = require('fs'), net = require('net'), dns = require('dns');
      const tell = (name, f) => { try { console.log(name, f()); } catch (e) { console.log(name, e.code); } };
      tell('cwd', () => process.cwd());
      tell('home', () => fs.readdirSync(process.env.HOME).filter((n) => n === '.ssh'));
      tell('outside', () => fs.readFileSync('${ws.folder}/outside.txt', 'utf8'));
      tell('shadow', () => fs.readFileSync('/etc/shadow', 'utf8'));
      tell('etc', () => fs.writeFileSync('/etc/x', ''));
      tell('usr', () => fs.writeFileSync('/usr/x', ''));
      tell('root', () => fs.writeFileSync('/x', ''));
      tell('kit', () => fs.writeFileSync(process.env.GROUNDCREW_KIT + '/x', ''));
      tell('status pipe', () => fs.readdirSync('/proc/self/fd').includes('3') && fs.readlinkSync('/proc/self/fd/3'));
      tell('tmp', () => fs.writeFileSync('/tmp/x', '') ?? 'ok');
      tell('pids', () => fs.readdirSync('/proc').filter((n) => /^\\d+$/.test(n)).length < 6);
      net.connect(${address.port}, '127.0.0.1').on('error', (e) => console.log('net', e.code));
      net.connect(80, '192.0.2.1').on('error', (e) => console.log('far', e.code));
      const own = net.createServer((s) => s.end()).listen(0, '127.0.0.1', () => net.connect(own.address().port, '127.0.0.1').on('end', () => { console.log('loopback ok'); own.close(); }).resume());
    `));
    server.close();
    assert.equal(reached, false);
    const found = Object.fromEntries(result.stdout.trim().split('\n').map((line) => [line.slice(0, line.lastIndexOf(' ')), line.slice(line.lastIndexOf(' ') + 1)]));
    const { 'status pipe': pipe, ...rest } = found;
    assert.doesNotMatch(pipe ?? '', /pipe/);
    assert.deepEqual(rest, {
      cwd: ws.root, home: '[]', outside: 'ENOENT', shadow: 'ENOENT', etc: 'EROFS', usr: 'EROFS', root: 'EROFS', kit: 'EROFS', tmp: 'ok', pids: 'true', net: 'ECONNREFUSED', far: 'ENETUNREACH', loopback: 'ok',
    });
  });

  it('shows dependencies and the repository read-only', async () => {
    await using ws = await workspace({ 'node_modules/x/index.js': 'module.exports = 7', '.git/hooks/a': '', 'vendor/autoload.php': '', 'vendored/x': '', '.venv/pyvenv.cfg': 'home = /usr/bin\n' });
    const result = await ws.run(sh(`node -p "require('x')"; for f in node_modules/y .git/hooks/pre-commit vendor/y .venv/y; do touch $f 2>&1 | grep -o "Read-only"; done; touch vendored/y && echo own`));
    assert.equal(result.stdout, '7\nRead-only\nRead-only\nRead-only\nRead-only\nown\n');
    assert.equal(existsSync(join(ws.root, '.git/hooks/pre-commit')), false);
  });

  it('gives tools an empty cache inside node_modules where they have one', async () => {
    await using ws = await workspace({ 'node_modules/.vite/old': 'x' });
    assert.equal((await ws.run(sh('ls node_modules/.vite; echo y > node_modules/.vite/new && ls node_modules/.vite'))).stdout, 'new\n');
    assert.deepEqual(readdirSync(join(ws.root, 'node_modules/.vite')), ['old']);
  });

  it('does not follow a link named node_modules out of the workspace', async () => {
    await using ws = await workspace({}, { prepare: (root) => symlinkSync(join(root, '../home/.ssh'), join(root, 'node_modules')) });
    assert.equal((await ws.run(sh('cat node_modules/id_ed25519'))).exit, 1);
  });

  it('refuses an overlay that leaves the copy, through .. or a link, or lies in a dependency', async () => {
    await using ws = await workspace({ 'node_modules/x': '' }, { prepare: (root) => symlinkSync('../..', join(root, 'up')) });
    for (const path of ['../x', '/x', 'up/x', 'a//b', './x', 'node_modules/x', '.', 'a\0']) {
      await assert.rejects(ws.run(['true'], { overlay: [{ path, text: 'x' }] }), /cannot be changed in the snapshot/);
    }
    assert.equal((await ws.run(['ls'])).stdout, 'node_modules\nup\n');
  });

  it('ends a tree that has too many processes', async () => {
    await using ws = await workspace({});
    // Not a real bomb: where counting fails, 200 sleepers do no harm.
    const result = await ws.run(sh('for i in $(seq 200); do sleep 5 & done; wait'), { limits: { ...limits, processes: 40, wallMs: 8_000 } });
    assert.ok(result.ended === 'signalled' || /fork|Cannot|Resource/i.test(result.stderr), `${result.ended} ${result.stderr}`);
    assert.ok(result.durationMs < 5_000 || /fork|Cannot|Resource/i.test(result.stderr));
  });

  it('ends a tree that takes too much memory', async () => {
    await using ws = await workspace({});
    const result = await ws.run(js('const kept = []; setInterval(() => kept.push(Buffer.alloc(20e6, 1)), 50)'), { limits: { ...limits, memoryBytes: 300 * 1024 * 1024 } });
    assert.equal(result.ended, 'signalled');
    assert.match(result.stderr, /MB of memory, 315 MB allowed/);
  });

  it('tells a crash by its signal', async () => {
    await using ws = await workspace({});
    assert.deepEqual(await ws.run(sh('kill -SEGV $$')).then(({ ended, exit }) => [ended, exit]), ['signalled', null]);
  });

  it('dies with the process that made it', async () => {
    await using ws = await workspace({});
    const word = `groundcrew-orphan-${process.pid}`;
    const script = `
      import { createProcesses } from ${JSON.stringify(new URL('../../src/node/processes.ts', import.meta.url).href)};
      const clock = { now: Date.now, elapsedMs: () => performance.now(), delay: async () => {} };
      const p = createProcesses({ root: ${JSON.stringify(ws.root)}, tmpFolder: ${JSON.stringify(join(ws.folder, 'tmp2'))}, cacheFolder: ${JSON.stringify(join(ws.folder, 'cache'))}, env: process.env, clock });
      const s = await p.snapshot({ slots: 1 }, new AbortController().signal);
      await s.run({ argv: ['sh', '-c', 'echo up; while :; do sleep 100; done # ${word}'], cwd: '', env: {}, overlay: [], kit: {}, collect: [], confined: true,
        limits: ${JSON.stringify(limits)}, onLine: () => process.kill(process.pid, 'SIGKILL') }, new AbortController().signal);`;
    const { spawnSync } = await import('node:child_process');
    assert.equal(spawnSync(node, ['--input-type=module-typescript', '-e', script]).signal, 'SIGKILL');
    for (let i = 0; i < 200 && alive(word).length > 0; i += 1) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.deepEqual(alive(word), []);
    // The next run removes what the dead one left.
    const left = readdirSync(join(ws.folder, 'tmp2'));
    assert.equal(left.length, 1);
    const next = createProcesses({ root: ws.root, tmpFolder: join(ws.folder, 'tmp2'), cacheFolder: join(ws.folder, 'cache'), env: process.env, clock });
    await (await next.snapshot({ slots: 1 }, never))[Symbol.asyncDispose]();
    assert.deepEqual(readdirSync(join(ws.folder, 'tmp2')), []);
  });
});

describe('a snapshot', () => {
  it('is named by content, executable bits and links, and changes with each', async () => {
    const hashes = [];
    for (const prepare of [
      (): unknown => undefined,
      (root: string): unknown => writeFileSync(join(root, 'a'), 'b'),
      (root: string): unknown => chmodSync(join(root, 'a'), 0o755),
      (root: string): unknown => symlinkSync('a', join(root, 'l')),
      (root: string): unknown => mkdirSync(join(root, 'node_modules/ignored'), { recursive: true }),
    ]) {
      await using ws = await workspace({ a: 'a' }, { prepare });
      hashes.push(ws.snapshot.treeSha256);
    }
    assert.equal(new Set(hashes).size, 4);
    assert.equal(hashes[0], hashes[4]);
  });

  it('runs as many commands at once as it has slots, each in a copy of its own', async () => {
    await using ws = await workspace({ 'a.txt': '' }, { slots: 2 });
    const meet = 'echo $$ > me; for i in $(seq 40); do test -e other && exit 9; sleep 0.01; done; ls';
    const results = await Promise.all([ws.run(sh(meet)), ws.run(sh(`touch other; ${meet.replace('test -e other && exit 9;', '')}`)), ws.run(sh(meet))]);
    assert.deepEqual(results.map(({ exit, stdout }) => [exit, stdout]), [[0, 'a.txt\nme\n'], [0, 'a.txt\nme\nother\n'], [0, 'a.txt\nme\n']]);
  });

  it('does not copy byte code, sockets and FIFOs, and keeps times', async () => {
    await using ws = await workspace({ '__pycache__/a.pyc': 'x', 'a.py': '' });
    const { execFileSync } = await import('node:child_process');
    execFileSync('mkfifo', [join(ws.root, 'pipe')]);
    execFileSync('touch', ['-d', '2001-01-01T00:00:00Z', join(ws.root, 'a.py')]);
    const again = createProcesses({ root: ws.root, tmpFolder: join(ws.folder, 'tmp'), cacheFolder: join(ws.folder, 'cache'), env: process.env, clock });
    await using snapshot = await again.snapshot({ slots: 1 }, never);
    assert.equal((await snapshot.run(command(sh('ls; stat -c %Y a.py')), never)).stdout, `a.py\n${Date.UTC(2001, 0, 1) / 1000}\n`);
  });

  it('keeps a build folder of cargo or Maven between commands, and nothing else', async () => {
    await using ws = await workspace({ 'Cargo.toml': '' });
    await ws.run(sh('echo built > target/x; echo left > y'));
    assert.equal((await ws.run(sh('ls target; ls'))).stdout, 'x\nCargo.toml\ntarget\n');
  });

  it('starts over when a copy cannot be put right', async () => {
    await using ws = await workspace({ 'a.txt': 'a' });
    // Deeper than any path that the system takes.
    await ws.run(sh('for i in $(seq 60); do d=$(printf "%0200d" $i); mkdir $d && cd $d || exit; done; touch end'));
    assert.equal((await ws.run(['ls'])).stdout, 'a.txt\n');
  });

  it('is not begun when the run has been stopped', async () => {
    await using ws = await workspace({ a: 'a' });
    const processes = createProcesses({ root: ws.root, tmpFolder: join(ws.folder, 'tmp'), cacheFolder: join(ws.folder, 'cache'), env: process.env, clock });
    await assert.rejects(processes.snapshot({ slots: 1 }, AbortSignal.abort(new Error('stopped here'))), /stopped here/);
  });
});

describe('confinement', () => {
  const make = (ws: Scratch, PATH: string) => createProcesses({ root: ws.folder, tmpFolder: join(ws.folder, 'tmp'), cacheFolder: join(ws.folder, 'cache'), env: { ...process.env, PATH }, clock });

  it('is bubblewrap where it runs', async () => {
    using ws = scratch();
    assert.deepEqual(await make(ws, process.env['PATH'] ?? '').confinement(), { kind: 'bubblewrap' });
  });

  it('is none, with the command that installs it, where bwrap is missing; a confined command then does not start', async () => {
    using ws = scratch();
    const processes = make(ws, '/nonexistent');
    const found = await processes.confinement();
    assert.equal(found.kind, 'none');
    assert.match(JSON.stringify(found), /bwrap\) is not installed.*install -y bubblewrap|apk add|pacman/);
    await using snapshot = await processes.snapshot({ slots: 1 }, never);
    assert.match((await snapshot.run(command([node, '-v']), never)).stderr, /not installed/);
    assert.equal((await snapshot.run(command([node, '-v'], { confined: false }), never)).stdout, `${process.version}\n`);
  });

  it('is none, with what bwrap said, where it cannot make a sandbox', async () => {
    using ws = scratch();
    ws.write({ 'bin/bwrap': '#!/bin/sh\necho "bwrap: setting up uid map: Permission denied" >&2\nexit 1\n' });
    chmodSync(join(ws.folder, 'bin/bwrap'), 0o755);
    using elsewhere = scratch();
    const processes = createProcesses({ root: elsewhere.folder, tmpFolder: join(ws.folder, 'tmp'), cacheFolder: join(ws.folder, 'cache'), env: { PATH: join(ws.folder, 'bin'), HOME: ws.folder }, clock });
    assert.match(JSON.stringify(await processes.confinement()), /cannot make a sandbox here: bwrap: setting up uid map: Permission denied/);
  });

  it('looks programs up on the PATH of the user, never in the workspace', async () => {
    using ws = scratch();
    ws.write({ 'bin/ls': '#!/bin/sh\n' });
    chmodSync(join(ws.folder, 'bin/ls'), 0o755);
    const processes = make(ws, `${join(ws.folder, 'bin')}:bin:/usr/bin:/bin`);
    assert.match((await processes.which('ls')) ?? '', /^\/(?:usr\/)?bin\/ls$/);
    assert.equal(await processes.which('../ls'), undefined);
    assert.equal(await processes.which('no-such-program-x'), undefined);
  });
});
