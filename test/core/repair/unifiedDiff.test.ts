import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import type { TextFile } from '../../../src/core/domain/patch.ts';
import { unifiedDiff } from '../../../src/core/repair/unifiedDiff.ts';
import { tempFolder } from '../../support/tempFolder.ts';

type Change = { readonly path: string; readonly before: string | null; readonly after: string | null };

const sha = 'a'.repeat(64);
const RUNS = 60;

function diffOf(changes: readonly Change[]): string {
  const base = new Map<string, TextFile>(changes.flatMap(({ path: file, before }) => (before === null ? [] : [[file, { path: file, text: before, encoding: 'utf8', bom: false, sha256: sha }] as const])));
  return unifiedDiff({ edits: changes.map(({ path: file, before, after }) => ({ path: file, baseSha256: before === null ? null : sha, text: after })) }, base);
}

/** `git apply` in a fresh folder makes every file what the patch says, byte for byte. */
function check(folder: string, changes: readonly Change[]): void {
  const root = path.join(folder, 'tree');
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root);
  for (const { path: file, before } of changes) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    if (before !== null) writeFileSync(path.join(root, file), before);
  }
  const diff = diffOf(changes);
  if (diff !== '') execFileSync('git', ['apply', '--whitespace=nowarn', '-'], { cwd: root, input: diff, stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, GIT_CEILING_DIRECTORIES: folder } });
  for (const { path: file, after } of changes) {
    const at = path.join(root, file);
    assert.equal(existsSync(at) ? readFileSync(at, 'utf8') : null, after, diff);
  }
}

/** Lines that look like parts of a diff, of each line end, with and without the last one. */
const line = fc.constantFrom('a', 'b', '', '  x', '\ttab', '--- a/x', '+++ b/x', '-- y', '-- y\t', '++ y\t', '@@ -1 +1 @@', '====', '\\ No newline at end of file', 'é\u2028', 'trailing ', 'x\f', '\ufeff');
const text = fc.tuple(fc.array(fc.tuple(line, fc.constantFrom('\n', '\n', '\n', '\r\n')), { maxLength: 14 }), fc.option(line, { nil: '' })).map(([lines, last]) => lines.map(([words, end]) => `${words}${end}`).join('') + last);

describe('unifiedDiff', function () {
  this.timeout(20_000);

  it('is what git apply makes the new text of, for every edit', () => {
    using folder = tempFolder();
    fc.assert(fc.property(text, text, (before, after) => check(folder.path, [{ path: 'src/a.js', before, after }])), { numRuns: RUNS });
  });

  it('is so for small edits in long files', () => {
    using folder = tempFolder();
    const long = Array.from({ length: 60 }, (_, at) => `line ${at}\n`);
    fc.assert(fc.property(fc.uniqueArray(fc.nat(59), { minLength: 1, maxLength: 4 }), line, (places, words) => check(folder.path, [{ path: 'src/a.js', before: long.join(''), after: long.map((old, at) => (places.includes(at) ? `${words}\n` : old)).join('') }])), { numRuns: RUNS });
  });

  const cases: readonly (readonly [string, readonly Change[]])[] = [
    ['a new file', [{ path: 'new/b.js', before: null, after: 'x\n' }]],
    ['a new file without a final newline', [{ path: 'b.js', before: null, after: 'x' }]],
    ['a deleted file', [{ path: 'b.js', before: 'x\ny\n', after: null }]],
    ['several files at once', [{ path: 'a.js', before: 'x\n', after: 'y\n' }, { path: 'b.js', before: 'x', after: 'x\n' }, { path: 'c.js', before: 'z\n', after: null }]],
    ['a file name with spaces', [{ path: 'my file.js', before: 'x\n', after: 'y\n' }]],
    ['a file name with letters of other scripts', [{ path: 'größe/名.js', before: 'x\n', after: 'y\n' }]],
    ['a file name with quotes and a tab', [{ path: 'a"b\tc.js', before: 'x\n', after: 'y\n' }]],
    ['a file that is emptied', [{ path: 'a.js', before: 'x\n', after: '' }]],
    ['an empty file that is filled', [{ path: 'a.js', before: '', after: 'x\n' }]],
    ['an empty file that is made', [{ path: 'a.js', before: null, after: '' }]],
    ['an empty file that is deleted', [{ path: 'a.js', before: '', after: null }]],
    ['an edit that changes nothing beside one that does', [{ path: 'a.js', before: 'x\n', after: 'x\n' }, { path: 'b.js', before: 'x\n', after: 'y\n' }]],
  ];
  for (const [name, changes] of cases) {
    it(`is what git apply takes for ${name}`, () => {
      using folder = tempFolder();
      check(folder.path, changes);
    });
  }

  it('ends a name with spaces with a tab, as patch needs it', () => assert.match(diffOf([{ path: 'my file.js', before: 'x\n', after: 'y\n' }]), /^--- a\/my file\.js\t\n\+\+\+ b\/my file\.js\t\n@@/u));

  it('is empty when nothing changes', () => assert.equal(diffOf([{ path: 'a.js', before: 'x\n', after: 'x\n' }]), ''));
});
