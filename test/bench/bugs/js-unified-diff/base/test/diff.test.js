import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diffStat, unifiedDiff } from '../src/diff.js';

const letters = (text) => text.split('').map((letter) => `${letter}\n`).join('');

test('shows a changed line with its context', () => {
  const diff = unifiedDiff({ path: 'x.txt', before: letters('abcdefg'), after: letters('abcXefg'), context: 1 });
  assert.equal(diff, '--- a/x.txt\n+++ b/x.txt\n@@ -3,3 +3,3 @@\n c\n-d\n+X\n e\n');
});

test('joins changes that are near', () => {
  const diff = unifiedDiff({ path: 'x.txt', before: letters('abcdefghij'), after: letters('AbcDefghiJ'), context: 1 });
  assert.deepEqual(diff.split('\n').filter((line) => line.startsWith('@@')), ['@@ -1,5 +1,5 @@', '@@ -9,2 +9,2 @@']);
});

test('says nothing when nothing differs', () => {
  assert.equal(unifiedDiff({ path: 'x.txt', before: 'a\n', after: 'a\n' }), '');
});

test('shows a new file', () => {
  const diff = unifiedDiff({ path: 'notes.txt', before: null, after: 'one\ntwo\n' });
  assert.equal(diff, '--- /dev/null\n+++ b/notes.txt\n@@ -0,0 +1,2 @@\n+one\n+two\n');
});

test('counts lines', () => {
  assert.deepEqual(diffStat(letters('abc'), letters('axyc')), { added: 2, removed: 1 });
});
