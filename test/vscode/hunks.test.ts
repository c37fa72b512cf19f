import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { dropHunk, hunkIn, takeHunk } from '../../src/vscode/hunks.ts';

const original = 'a\nb\nc\nd\n';
const hunk = (os: number, oe: number, ms: number, me: number) => ({ originalStartLineNumber: os, originalEndLineNumber: oe, modifiedStartLineNumber: ms, modifiedEndLineNumber: me });

describe('one hunk of a change', () => {
  const check = (modified: string, given: ReturnType<typeof hunk>, expected: { readonly taken: string; readonly dropped: string }): void => {
    assert.equal(takeHunk(original, modified, given), expected.taken);
    assert.equal(dropHunk(original, modified, given), expected.dropped);
  };

  it('that changes lines', () => check('a\nB\nc\nD\n', hunk(2, 2, 2, 2), { taken: 'a\nB\nc\nd\n', dropped: 'a\nb\nc\nD\n' }));
  it('that adds lines', () => check('a\nnew\nb\nc\nD\n', hunk(1, 0, 2, 2), { taken: 'a\nnew\nb\nc\nd\n', dropped: 'a\nb\nc\nD\n' }));
  it('that adds lines at the top', () => check('new\na\nb\nc\nd\n', hunk(0, 0, 1, 1), { taken: 'new\na\nb\nc\nd\n', dropped: original }));
  it('that removes lines', () => check('a\nd\n', hunk(2, 3, 1, 0), { taken: 'a\nd\n', dropped: original }));
  it('keeps Windows line ends', () => assert.equal(takeHunk('a\r\nb\r\n', 'a\r\nB\r\n', hunk(2, 2, 2, 2)), 'a\r\nB\r\n'));

  it('is none where the gutter gave something else', () => {
    for (const [hunks, index] of [[undefined, 0], [[], 0], [[{}], 0], [[hunk(1, 1, 1, 1)], 1], [[hunk(1, 1, 1, 1)], '0'], [[{ ...hunk(1, 1, 1, 1), modifiedEndLineNumber: 'x' }], 0]] as const) assert.equal(hunkIn(hunks, index), undefined);
    assert.deepEqual(hunkIn([hunk(1, 1, 1, 1)], 0), hunk(1, 1, 1, 1));
  });
});
