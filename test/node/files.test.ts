import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { appendFile, chmod, link, mkdir, mkdtemp, readFile, readdir, realpath, rm, stat, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileChanged, FileRefused } from '../../src/core/domain/fileErrors.ts';
import type { Files } from '../../src/core/ports.ts';
import { createFiles } from '../../src/node/files.ts';

const SECRET = 'canary-0123456789';
const never = new AbortController().signal;

describe('files', () => {
  let base: string;
  let ws: string;
  let files: Files;

  beforeEach(async () => {
    base = await realpath(await mkdtemp(join(tmpdir(), 'files-')));
    ws = join(base, 'ws');
    await mkdir(join(ws, 'src'), { recursive: true });
    await mkdir(join(base, 'ws-evil'));
    await mkdir(join(base, 'out'));
    await writeFile(join(base, 'out/secret.txt'), SECRET);
    await writeFile(join(base, 'ws-evil/secret.txt'), SECRET);
    await writeFile(join(ws, 'src/add.js'), 'export const add = (a, b) => a + b;\n');
    files = createFiles(ws);
  });

  afterEach(async () => {
    await chmod(join(ws, 'src'), 0o755).catch(() => undefined);
    await rm(base, { recursive: true, force: true });
  });

  /** The path is refused by this rule within a second, by every method that takes it. */
  async function refuses(path: string, rule: string): Promise<void> {
    const began = performance.now();
    const isRefused = (error: unknown): boolean => {
      assert.ok(error instanceof FileRefused, String(error));
      assert.equal(error.rule, rule);
      return true;
    };
    await assert.rejects(files.read(path), isRefused);
    assert.ok(performance.now() - began < 1_000, 'it took over a second');
  }

  describe('refuses to read', () => {
    const lexical: readonly (readonly [string, string])[] = [
      ['../out/secret.txt', 'outside'], ['src/../../out/secret.txt', 'outside'], ['../ws-evil/secret.txt', 'outside'], ['/etc/passwd', 'outside'], ['/proc/self/environ', 'outside'],
      ['~/.ssh/id_ed25519', 'home'], ['~root/x', 'home'], ['file:///etc/passwd', 'uri'], ['FILE:/etc/passwd', 'uri'], ['data:text/plain,x', 'uri'], ['vscode-remote://x/y', 'uri'],
      ['src/add.js\0.png', 'nul'], ['src/add.js\n', 'control'], ['//server/share/x', 'unc'], ['\\\\server\\share', 'unc'], ['..\\out\\secret.txt', 'backslash'], ['C:/Windows/x', 'drive'], ['c:x', 'drive'],
      ['a/'.repeat(2_100), 'too-long'], ['x'.repeat(300), 'too-long'], ['\ud800', 'encoding'],
      ['none.js', 'absent'], ['src', 'folder'], ['src/add.js/x', 'not-a-folder'],
    ];
    for (const [path, rule] of lexical) it(`${JSON.stringify(path.slice(0, 40))}: ${rule}`, async () => await refuses(path, rule));

    it('a link to a file outside', async () => {
      await symlink(join(base, 'out/secret.txt'), join(ws, 'link.txt'));
      await refuses('link.txt', 'outside');
    });
    it('a file behind a linked folder outside', async () => {
      await symlink(join(base, 'out'), join(ws, 'd'));
      await refuses('d/secret.txt', 'outside');
    });
    it('a link over a link to outside', async () => {
      await symlink(join(base, 'out/secret.txt'), join(ws, 'a'));
      await symlink('a', join(ws, 'b'));
      await refuses('b', 'outside');
    });
    it('a link into a folder whose name only begins like the workspace', async () => {
      await symlink(join(base, 'ws-evil'), join(ws, 'e'));
      await refuses('e/secret.txt', 'outside');
    });
    it('a circle of links', async () => {
      await symlink('loop', join(ws, 'loop'));
      await refuses('loop/x', 'link-loop');
    });
    it('a link that leads nowhere', async () => {
      await symlink(join(ws, 'nothing'), join(ws, 'dangling'));
      await refuses('dangling', 'dangling-link');
    });
    it('a pipe, at once', async () => {
      execFileSync('sh', ['-c', 'mkfifo "$1"', 'sh', join(ws, 'pipe')]);
      await refuses('pipe', 'special');
    });
    it('a link to a device', async () => {
      await symlink('/dev/zero', join(ws, 'zero'));
      await refuses('zero', 'outside');
    });
    it('300 MB of holes, without reading them', async () => {
      await writeFile(join(ws, 'huge.log'), '');
      await truncate(join(ws, 'huge.log'), 300e6);
      const before = process.memoryUsage.rss();
      await refuses('huge.log', 'too-large');
      assert.ok(process.memoryUsage.rss() - before < 50e6);
    });
    it('binary content', async () => {
      await writeFile(join(ws, 'logo.png'), Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0]));
      await refuses('logo.png', 'binary');
    });
    it('what no longer leads where permission was given', async () => {
      await symlink('src', join(ws, 's'));
      await assert.rejects(files.read('s/add.js', 's/add.js'), { rule: 'swapped' });
      assert.equal((await files.read('s/add.js', 'src/add.js')).path, 's/add.js');
    });
  });

  describe('reads', () => {
    it('a plain file, by relative, dotted and absolute path', async () => {
      for (const path of ['src/add.js', './src//add.js', 'src/../src/add.js', join(ws, 'src/add.js')]) assert.equal((await files.read(path)).path, 'src/add.js');
    });
    it('through a link that stays inside', async () => {
      await symlink('src/add.js', join(ws, 'inside.js'));
      const found = await files.resolve('inside.js');
      assert.deepEqual([found.kind, found.kind === 'refused' ? '' : found.real], ['file', 'src/add.js']);
      assert.match((await files.read('inside.js')).text, /add/);
    });
    it('never the outside while a folder is swapped for a link all the time', async () => {
      await mkdir(join(ws, 'real'));
      await writeFile(join(ws, 'real/secret.txt'), 'harmless');
      await symlink(join(base, 'out'), join(ws, 'evil'));
      await using _swapping = await swapping(join(ws, 'real'), join(ws, 'evil'));
      const seen = new Set<string>();
      for (let i = 0; i < 1_500; i += 1) seen.add(await files.read('real/secret.txt').then((file) => file.text, (error: unknown) => (error instanceof FileRefused ? error.rule : String(error))));
      assert.deepEqual([...seen].filter((text) => !['harmless', 'absent', 'outside', 'swapped', 'link-loop', 'not-a-folder', 'dangling-link'].includes(text)), []);
      assert.ok(seen.has('harmless') && seen.size > 1, 'the race must also be won by the harmless file, else it proves nothing');
    });
    it('a version that changes with the file, once the file has settled', async () => {
      const old = new Date(Date.now() - 10_000);
      await utimes(join(ws, 'src/add.js'), old, old);
      const recent = await files.resolve('src/add.js');
      assert.equal(recent.kind === 'file' ? recent.version : 'x', undefined, 'its status changed just now');
    });
  });

  describe('keeps every byte outside an edit', () => {
    const cases: readonly (readonly [string, Buffer, string, string])[] = [
      ['CRLF', Buffer.from('let x=1\r\nlet y\r\n'), 'x=1', 'x=2'],
      ['no final newline', Buffer.from('let x=1'), 'x=1', 'x=2'],
      ['a byte order mark', Buffer.from('\uFEFFlet x=1\n'), 'x=1', 'x=2'],
      ['two byte order marks', Buffer.from('\uFEFF\uFEFFlet x=1\n'), 'x=1', 'x=2'],
      ['latin1', Buffer.from([0x63, 0x61, 0x66, 0xe9, 0x20, 0x78, 0x3d, 0x31, 0x0a, 0xff, 0xfe]), 'x=1', 'x=2'],
      ['a cut UTF-8 sequence', Buffer.from([0x78, 0x3d, 0x31, 0xe2, 0x82]), 'x=1', 'x=2'],
      ['mixed line ends', Buffer.from('a\r\nb\nc\rx=1\n\n'), 'x=1', 'x=2'],
      ['combining and astral characters', Buffer.from('e\u0301 é 👩‍👩‍👧 x=1 \u2028'), 'x=1', 'x=2'],
    ];
    for (const [name, bytes, from, to] of cases) {
      it(name, async () => {
        await writeFile(join(ws, 'f.txt'), bytes);
        const file = await files.read('f.txt');
        await files.write({ path: 'f.txt', baseSha256: file.sha256, text: file.text.replace(from, to), encoding: file.encoding, bom: file.bom });
        assert.deepEqual(await readFile(join(ws, 'f.txt')), Buffer.from(bytes.toString('latin1').replace(from, to), 'latin1'));
      });
    }
    it('and the mode of the file', async () => {
      await chmod(join(ws, 'src/add.js'), 0o754);
      const { sha256 } = await files.read('src/add.js');
      await files.write({ path: 'src/add.js', baseSha256: sha256, text: 'x' });
      assert.equal((await stat(join(ws, 'src/add.js'))).mode & 0o7777, 0o754);
    });
    it('and refuses text that the encoding cannot hold', async () => {
      await assert.rejects(files.write({ path: 'n.txt', baseSha256: null, text: '\ud800' }), { rule: 'encoding' });
      await assert.rejects(files.write({ path: 'n.txt', baseSha256: null, text: '€', encoding: 'latin1' }), { rule: 'encoding' });
    });
  });

  describe('writes', () => {
    it('a new file in new folders', async () => {
      const { sha256 } = await files.write({ path: 'a/b/c.js', baseSha256: null, text: 'export const a = 1;\n' });
      assert.equal(await readFile(join(ws, 'a/b/c.js'), 'utf8'), 'export const a = 1;\n');
      assert.equal(sha256, sha(await readFile(join(ws, 'a/b/c.js'))));
      assert.deepEqual(await readdir(join(ws, 'a/b')), ['c.js'], 'nothing temporary is left');
    });
    it('nothing over a file that changed since', async () => {
      const { sha256 } = await files.read('src/add.js');
      await appendFile(join(ws, 'src/add.js'), '// user\n');
      await assert.rejects(files.write({ path: 'src/add.js', baseSha256: sha256, text: 'x' }), FileChanged);
      await assert.rejects(files.remove('src/add.js', sha256), FileChanged);
      await assert.rejects(files.move('src/add.js', 'b.js', sha256), FileChanged);
      assert.match(await readFile(join(ws, 'src/add.js'), 'utf8'), /user/);
    });
    it('nothing where a file must not exist', async () => {
      await assert.rejects(files.write({ path: 'src/add.js', baseSha256: null, text: 'x' }), FileChanged);
    });
    it('nothing outside, through links of files, folders or of new names', async () => {
      await symlink(join(base, 'out'), join(ws, 'd'));
      await symlink(join(base, 'out/new.js'), join(ws, 'dangling.js'));
      for (const path of ['d/x.js', 'd/deep/x.js', 'dangling.js', '../out/x.js']) await assert.rejects(files.write({ path, baseSha256: null, text: 'x' }), FileRefused);
      assert.deepEqual(await readdir(join(base, 'out')), ['secret.txt']);
    });
    it('nothing outside while the folder is swapped for a link all the time', async () => {
      await mkdir(join(ws, 'real'));
      await symlink(join(base, 'out'), join(ws, 'evil'));
      await using _swapping = await swapping(join(ws, 'real'), join(ws, 'evil'));
      let written = 0;
      for (let i = 0; i < 150; i += 1) written += await files.write({ path: `real/${i}.js`, baseSha256: null, text: 'x' }).then(() => 1, () => 0);
      assert.deepEqual(await readdir(join(base, 'out')), ['secret.txt']);
      assert.ok(written > 0, 'some writes must get through, else it proves nothing');
    });
    it('nothing of more than 8 MB', async () => {
      await assert.rejects(files.write({ path: 'big.js', baseSha256: null, text: 'x'.repeat(9e6) }), { rule: 'too-large' });
      await assert.rejects(stat(join(ws, 'big.js')));
    });
    it('a hard link anew, so that its other name keeps the old bytes', async () => {
      await link(join(base, 'out/secret.txt'), join(ws, 'hard.txt'));
      const { sha256 } = await files.read('hard.txt');
      await files.write({ path: 'hard.txt', baseSha256: sha256, text: 'mine' });
      assert.equal(await readFile(join(base, 'out/secret.txt'), 'utf8'), SECRET);
    });
    it('one of two at once, and the other learns that the file changed', async () => {
      const ended = await Promise.allSettled([1, 2].map(async (n) => await files.write({ path: 'new.js', baseSha256: null, text: `${n}` })));
      assert.deepEqual(ended.map((end) => end.status).toSorted(), ['fulfilled', 'rejected']);
      const lost = ended.find((end) => end.status === 'rejected');
      assert.ok(lost?.reason instanceof FileChanged, String(lost?.reason));
    });
    it('moves and removes', async () => {
      const { sha256 } = await files.read('src/add.js');
      await files.move('src/add.js', 'lib/sum.js', sha256);
      await assert.rejects(files.move('lib/sum.js', 'lib/sum.js', sha256), FileChanged);
      await files.remove('lib/sum.js', sha256);
      assert.deepEqual(await readdir(join(ws, 'lib')), []);
    });
    it('after sweeping what a killed process left', async () => {
      const dead = join(ws, 'src/.groundcrew-999999999-0123456789abcdef.tmp');
      await writeFile(dead, 'half');
      assert.deepEqual((await files.list({ under: '', max: 10 }, never)).paths, ['src/add.js']);
      await assert.rejects(stat(dead));
    });
  });

  describe('lists', () => {
    async function check(tree: Readonly<Record<string, string>>, expected: readonly string[], under = ''): Promise<void> {
      for (const [path, text] of Object.entries(tree)) {
        await mkdir(join(ws, path, '..'), { recursive: true });
        await writeFile(join(ws, path), text);
      }
      assert.deepEqual((await files.list({ under, max: 1_000 }, never)).paths, expected);
    }

    it('what .gitignore leaves', async () => await check({ '.gitignore': '*.log\nbuild/\n!keep.log\n', 'a.log': '', 'keep.log': '', 'build/x.js': '' }, ['.gitignore', 'keep.log', 'src/add.js']));
    it('by the deepest .gitignore', async () => await check({ '.gitignore': '*.gen\n', 'src/.gitignore': '!*.gen\nadd.js\n/only.js\n', 'src/x.gen': '', 'x.gen': '', 'src/only.js': '', 'src/in/only.js': '' }, ['.gitignore', 'src/.gitignore', 'src/in/only.js', 'src/x.gen']));
    it('nothing below an ignored folder, whatever a rule inside it says', async () => await check({ '.gitignore': 'out/\n', 'out/.gitignore': '!*\n', 'out/x.js': '' }, ['.gitignore', 'src/add.js']));
    it('by .groundcrewignore and .git/info/exclude too', async () => await check({ '.groundcrewignore': 'data/\n', 'data/x.csv': '', '.git/info/exclude': 'mine.txt\n', 'mine.txt': '' }, ['.groundcrewignore', 'src/add.js']));
    it('no dependencies, caches or virtual environments', async () => await check({ 'node_modules/x/i.js': '', '__pycache__/x.pyc': '', 'env/pyvenv.cfg': '', 'env/x.py': '' }, ['src/add.js']));
    it('one folder with the rules from above', async () => await check({ '.gitignore': 'src/gen\n', 'src/gen/x.js': '', 'src/y.js': '' }, ['src/add.js', 'src/y.js'], 'src'));
    it('no links', async () => {
      await symlink(join(base, 'out'), join(ws, 'd'));
      await symlink('src', join(ws, 's'));
      await check({}, ['src/add.js']);
    });
    it('at most so many, and says that there are more', async () => {
      await check({ 'a.js': '', 'z/y/x.js': '' }, ['a.js', 'src/add.js', 'z/y/x.js']);
      assert.deepEqual(await files.list({ under: '', max: 1 }, never), { paths: ['a.js'], truncated: true });
    });
    it('nothing after the stop', async () => {
      await assert.rejects(files.list({ under: '', max: 10 }, AbortSignal.abort(new Error('stopped'))), /stopped/);
    });
  });

  for (const engine of ['ripgrep', 'own search'] as const) {
    describe(`searches with ${engine}`, () => {
      // Without ripgrep on this machine both rounds use our own search: the promise is the same result.
      const open = (): Files => createFiles(ws, { searchPath: engine === 'ripgrep' ? process.env['PATH'] : undefined });

      it('lines of files that count, never of secret ones or through links', async () => {
        await symlink(join(base, 'out'), join(ws, 'd'));
        await writeFile(join(ws, '.env'), `KEY=${SECRET}\n`);
        await writeFile(join(ws, 'b.js'), 'x\r\nconst canary = 1;\r\n');
        assert.deepEqual(await open().search({ pattern: 'canary', under: '', max: 10 }, never), [{ path: 'b.js', line: 2, text: 'const canary = 1;' }]);
      });
      it('a pattern that begins with a dash or looks like an option', async () => {
        await writeFile(join(ws, 'b.sh'), 'run --pre=./pwn.sh\n');
        await writeFile(join(ws, 'pwn.sh'), `#!/bin/sh\ntouch ${join(base, 'MARK')}\n`, { mode: 0o755 });
        assert.deepEqual(await open().search({ pattern: '--pre=./pwn.sh', under: '', max: 10 }, never), [{ path: 'b.sh', line: 1, text: 'run --pre=./pwn.sh' }]);
        await assert.rejects(stat(join(base, 'MARK')));
      });
      it('a file whose name begins with a dash', async () => {
        await writeFile(join(ws, '-v'), 'needle\n');
        assert.deepEqual(await open().search({ pattern: 'needle', under: '', max: 10 }, never), [{ path: '-v', line: 1, text: 'needle' }]);
      });
      it('by glob and folder, sorted, up to a number', async () => {
        for (const name of ['b.ts', 'a.ts', 'a.py', 'src/c.ts']) await writeFile(join(ws, name), 'needle\nneedle\n');
        const search = async (under: string, glob: string, max: number) => (await open().search({ pattern: 'needle', under, glob, max }, never)).map((hit) => `${hit.path}:${hit.line}`);
        assert.deepEqual(await search('', '*.ts', 10), ['a.ts:1', 'a.ts:2', 'b.ts:1', 'b.ts:2', 'src/c.ts:1', 'src/c.ts:2']);
        assert.deepEqual(await search('src', '**/*.ts', 1), ['src/c.ts:1']);
      });
      it('with lookahead, which ripgrep does not know', async () => {
        await writeFile(join(ws, 'b.js'), 'foobar\nfoobaz\n');
        assert.deepEqual((await open().search({ pattern: 'foo(?=baz)', under: '', max: 10 }, never)).map((hit) => hit.line), [2]);
      });
      it('to the end of a line that ends in CRLF', async () => {
        await writeFile(join(ws, 'b.js'), 'one;\r\none();\r\n');
        assert.deepEqual(await open().search({ pattern: 'one;$', under: '', max: 10 }, never), [{ path: 'b.js', line: 1, text: 'one;' }]);
      });
      it('says that a pattern is none', async () => {
        await assert.rejects(open().search({ pattern: '(', under: '', max: 10 }, never), { rule: 'pattern' });
      });
      it('cuts a line of 200 KB', async () => {
        await writeFile(join(ws, 'long.txt'), `${'x'.repeat(200_000)}needle`);
        assert.deepEqual((await open().search({ pattern: 'needle', under: '', max: 10 }, never)).map((hit) => hit.text.length), [400]);
      });
    });
  }

  it('ends a search whose pattern backtracks for ever, within five seconds', async () => {
    await writeFile(join(ws, 'long.txt'), `${'a'.repeat(200_000)}b\n`);
    const began = performance.now();
    await assert.rejects(files.search({ pattern: '(a+)+$', under: '', max: 10 }, never), { rule: 'slow-pattern' });
    assert.ok(performance.now() - began < 5_000);
  });

  it('stops a search at once', async () => {
    await writeFile(join(ws, 'long.txt'), `${'a'.repeat(200_000)}b\n`);
    const stop = new AbortController();
    const searching = files.search({ pattern: '(a+)+$', under: '', max: 10 }, stop.signal);
    stop.abort(new Error('stopped'));
    await assert.rejects(searching, /stopped/);
  });

  it('takes no ripgrep out of the workspace', async () => {
    await writeFile(join(ws, 'rg'), `#!/bin/sh\ntouch ${join(base, 'MARK')}\n`, { mode: 0o755 });
    await createFiles(ws, { searchPath: ws }).search({ pattern: 'add', under: '', max: 10 }, never);
    await assert.rejects(stat(join(base, 'MARK')));
  });
});

/** Another process exchanges a folder and a link without a pause until it is disposed. Resolves once it has begun. */
async function swapping(folder: string, evil: string): Promise<AsyncDisposable> {
  const script = `
    const { renameSync } = require('node:fs');
    const [folder, evil] = process.argv.slice(1);
    process.stdout.write('begun');
    const until = Date.now() + 10_000;
    for (;;) {
      if (Date.now() > until) process.exit();
      for (const [from, to] of [[folder, folder + '-aside'], [evil, folder], [folder, evil], [folder + '-aside', folder]]) try { renameSync(from, to); } catch {}
      for (let at = process.hrtime.bigint(); process.hrtime.bigint() - at < 300_000n; );
    }`;
  const child = spawn(process.execPath, ['-e', script, folder, evil], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return {
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await once(child, 'close');
    },
  };
}

function sha(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
