import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unifiedDiff } from '../src/diff.js';

const letters = (text) => text.split('').map((letter) => `${letter}\n`).join('');
const heads = (before, after, context) => unifiedDiff({ path: 'x', before, after, context }).split('\n').filter((line) => line.startsWith('@@'));

for (const [what, before, after, context, expected] of [
  ['a removed file', 'a\nb\n', '', 3, ['@@ -1,2 +0,0 @@']],
  ['a filled file', '', 'a\n', 3, ['@@ -0,0 +1,1 @@']],
  ['lines added in the middle without context', letters('abcd'), letters('abXYcd'), 0, ['@@ -2,0 +3,2 @@']],
  ['lines removed in the middle without context', letters('abcd'), letters('ad'), 0, ['@@ -2,2 +1,0 @@']],
  ['a line added at the top without context', letters('ab'), letters('Xab'), 0, ['@@ -0,0 +1,1 @@']],
  ['a line removed at the top without context', letters('ab'), letters('b'), 0, ['@@ -1,1 +0,0 @@']],
  ['a line added at the end without context', letters('ab'), letters('abX'), 0, ['@@ -2,0 +3,1 @@']],
  ['a changed line without context', letters('abc'), letters('aXc'), 0, ['@@ -2,1 +2,1 @@']],
  ['a line added at the top', letters('ab'), letters('Xab'), 3, ['@@ -1,2 +1,3 @@']],
  ['two far changes', letters('abcdefgh'), letters('acdefghX'), 0, ['@@ -2,1 +1,0 @@', '@@ -8,0 +8,1 @@']],
]) {
  test(what, () => assert.deepEqual(heads(before, after, context), expected));
}
