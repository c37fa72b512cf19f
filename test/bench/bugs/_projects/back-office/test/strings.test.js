import assert from 'node:assert/strict';
import { test } from 'node:test';
import { folded, shortened, words } from '../src/lib/strings.js';

test('folds, shortens and splits', () => {
  assert.equal(folded('Crème BRÛLÉE'), 'creme brulee');
  assert.equal(shortened('abcdef', 4), 'abc…');
  assert.deepEqual(words('  a  b '), ['a', 'b']);
});
