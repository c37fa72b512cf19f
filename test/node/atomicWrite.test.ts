import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, open, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { FileChanged, FileFailed } from '../../src/core/domain/fileErrors.ts';
import { failure, isTemporaryName, sweepLeftovers, writeAll, writeAtomically } from '../../src/node/atomicWrite.ts';
import { sha256Of } from '../../src/node/fileText.ts';

describe('atomicWrite', () => {
  let folderPath: string;
  beforeEach(async () => {
    folderPath = await mkdtemp(join(tmpdir(), 'atomic-'));
  });
  afterEach(async () => {
    await chmod(folderPath, 0o755);
    await rm(folderPath, { recursive: true, force: true });
  });

  /** Replaces "old" by "new"; `found` is what stands there just before the rename. */
  async function replace(found: string): Promise<void> {
    await writeFile(join(folderPath, 'f'), 'old');
    await using folder = await open(folderPath);
    const base = { sha256: sha256Of(Buffer.from('old')), mode: 0o640, uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
    await writeAtomically({ folder, folderPath, name: 'f', path: 'f', bytes: Buffer.from('new'), base, currentSha256: async () => sha256Of(Buffer.from(found)) });
  }

  it('leaves the new bytes and nothing else', async () => {
    await replace('old');
    assert.deepEqual([await readFile(join(folderPath, 'f'), 'utf8'), await readdir(folderPath)], ['new', ['f']]);
  });

  it('leaves the old bytes and nothing else when the file changed at the last moment', async () => {
    await assert.rejects(replace('other'), FileChanged);
    assert.deepEqual([await readFile(join(folderPath, 'f'), 'utf8'), await readdir(folderPath)], ['old', ['f']]);
  });

  it('goes on after a short write until everything is stored', async () => {
    const stored: number[] = [];
    const shortly = { write: async (bytes: Uint8Array, at: number, length: number) => {
      const part = bytes.subarray(at, at + Math.min(3, length));
      stored.push(...part);
      return { bytesWritten: part.length, buffer: bytes };
    } };
    await writeAll(shortly as never, Buffer.from('0123456789')); // the overloads of FileHandle.write cannot be written down as one function
    assert.equal(Buffer.from(stored).toString(), '0123456789');
  });

  it('does not go on for ever when nothing is stored', async () => {
    const full = { write: async (bytes: Uint8Array) => ({ bytesWritten: 0, buffer: bytes }) };
    await assert.rejects(writeAll(full as never, Buffer.from('x')), { code: 'ENOSPC' }); // as above
  });

  it('stops before the effect when a limit of the system cuts the file, and says so', () => {
    // A limit on the size of files stands for a full disk: the write comes back short, then fails.
    const files = pathToFileURL(join(import.meta.dirname, '../../src/node/files.ts')).href;
    const script = `
      process.on('SIGXFSZ', () => undefined);
      const { createFiles } = await import(${JSON.stringify(files)});
      const files = createFiles(${JSON.stringify(folderPath)});
      const base = await files.read('f');
      const error = await files.write({ path: 'f', baseSha256: base.sha256, text: 'x'.repeat(50_000) }).catch((error) => error);
      process.stdout.write([error.name, error.code, error.message].join('|'));`;
    execFileSync('sh', ['-c', `printf old > "$1"`, 'sh', join(folderPath, 'f')]);
    const ran = spawnSync('sh', ['-c', 'ulimit -f 8; exec "$0" "$@"', process.execPath, '--input-type=module', '-e', script], { encoding: 'utf8' });
    assert.match(ran.stdout, /^FileFailed\|EFBIG\|f could not be changed.*The file is as it was/, ran.stderr);
    assert.equal(execFileSync('cat', [join(folderPath, 'f')], { encoding: 'utf8' }), 'old');
    assert.equal(execFileSync('ls', ['-A', folderPath], { encoding: 'utf8' }), 'f\n');
  });

  it('says for each fault of the machine what happened and what to do', () => {
    for (const [code, advice] of [['ENOSPC', /full; free some space/], ['EDQUOT', /quota/], ['EROFS', /read-only/], ['EACCES', /permissions of the folder/], ['EMFILE', /too many files/], ['EIO', /boom/]] as const) {
      const error = failure('src/a.js', Object.assign(new Error('boom'), { code }));
      assert.ok(error instanceof FileFailed && error.code === code && advice.test(error.message) && error.message.includes('The file is as it was'), error.message);
    }
  });

  it('sweeps what dead processes left, and nothing of the living or of others', async () => {
    const hex = '0123456789abcdef';
    const names = [`.groundcrew-999999999-${hex}.tmp`, `.groundcrew-${process.pid}-${hex}.tmp`, `.groundcrew-x-${hex}.tmp`, 'notes.tmp'];
    for (const name of names) await writeFile(join(folderPath, name), '');
    await mkdir(join(folderPath, `.groundcrew-999999998-${hex}.tmp`));
    await sweepLeftovers(folderPath);
    assert.deepEqual((await readdir(folderPath)).toSorted(), [`.groundcrew-999999998-${hex}.tmp`, ...names.slice(1)].toSorted());
    assert.deepEqual(names.map(isTemporaryName), [true, true, false, false]);
  });
});
