import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { FileRefused } from '../../src/core/domain/fileErrors.ts';
import { isWithin } from '../../src/core/tools/lexicalPath.ts';
import { createFiles } from '../../src/node/files.ts';
import { createPathBroker } from '../../src/node/pathBroker.ts';
import { fuzzing, fuzzTimeout } from '../support/fuzzing.ts';
import { tempFolder } from '../support/tempFolder.ts';

const OUTSIDE = 'what stands outside';
const PARTS = [
  '..', '.', '', 'ws', 'ws-evil', 'src', 'a.txt', 'A.TXT', 'out', 'door', 'peek', 'loop', 'nowhere', 'inner', '~', '.git', '.env', 'proc', 'self', 'root', 'fd', '3', '/', '\\', '\0', ':', '%2e%2e', '\u202e', '\u200b', 'e\u0301', 'é', 'CON', 'x'.repeat(256), '\ud800', 'file:', 'C:', '*', '$HOME', ' ', '\n', '../..',
];

describe('any path', () => {
  it('leads into the workspace or is refused, and no read gives what stands outside', async function () {
    this.timeout(fuzzTimeout(30_000));
    using folder = tempFolder();
    const root = join(folder.path, 'ws');
    for (const name of ['ws/src', 'ws-evil', 'out', 'ws/.git']) mkdirSync(join(folder.path, name), { recursive: true });
    writeFileSync(join(root, 'src/a.txt'), 'inside');
    writeFileSync(join(folder.path, 'out/a.txt'), OUTSIDE);
    writeFileSync(join(folder.path, 'ws-evil/a.txt'), OUTSIDE);
    for (const [to, from] of [['../out', 'door'], ['../out/a.txt', 'peek'], ['loop', 'loop'], ['../out/none', 'nowhere'], ['src', 'inner'], ['/proc/self', 'proc'], ['../../../../../../..', 'top']] as const) symlinkSync(to, join(root, from));
    const broker = createPathBroker(root);
    const files = createFiles(root);
    const piece = fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...PARTS) }, { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) });
    const path = fc.tuple(fc.constantFrom('', '', '', '/', './', `${root}/`, `${root}`, `${folder.path}/`, '//', '/proc/self/cwd/'), fc.array(piece, { maxLength: 6 }), fc.constantFrom('/', '/', '/', '', '\\')).map(([start, parts, between]) => start + parts.join(between));
    await fc.assert(fc.asyncProperty(path, async (named) => {
      try {
        const located = await broker.locate(named);
        assert.ok(isWithin(broker.root, located.absolute), located.absolute);
        if (located.kind === 'file') assert.notEqual((await files.read(named)).text, OUTSIDE);
        if (located.kind === 'absent' && !named.includes('.git')) await files.write({ path: named, baseSha256: null, text: 'written' }).catch(refusedOnly);
      } catch (error) {
        refusedOnly(error);
      }
      assert.equal(readFileSync(join(folder.path, 'out/a.txt'), 'utf8'), OUTSIDE);
    }), fuzzing(400));
  });
});

/** A refusal has words; anything else is a crash. */
function refusedOnly(error: unknown): void {
  if (error instanceof FileRefused) return;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code !== 'ENAMETOOLONG' && code !== 'ENOTDIR') throw error;
}
