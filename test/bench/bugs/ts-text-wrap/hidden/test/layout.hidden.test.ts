import assert from 'node:assert/strict';
import { test } from 'node:test';
import { definitionList, wrap } from '../src/layout.ts';

test('a long word first, last, alone and several', () => {
  assert.deepEqual(wrap('abcdefgh', { width: 4 }), ['abcdefgh']);
  assert.deepEqual(wrap('a abcdefgh', { width: 4 }), ['a', 'abcdefgh']);
  assert.deepEqual(wrap('abcdefgh ijklmnop q', { width: 4 }), ['abcdefgh', 'ijklmnop', 'q']);
  assert.deepEqual(wrap('x\nabcdefgh\n\ny', { width: 4 }), ['x', 'abcdefgh', '', 'y']);
  assert.deepEqual(wrap('  abcdefgh  b ', { width: 4 }), ['abcdefgh', 'b']);
});
test('long words that are cut', () => {
  assert.deepEqual(wrap('abcdefgh', { width: 4, cut: true }), ['abcd', 'efgh']);
  assert.deepEqual(wrap('abcdefghi j', { width: 4, cut: true }), ['abcd', 'efgh', 'i j']);
  assert.deepEqual(wrap('a bcdefgh', { width: 4, cut: true, hang: '> ' }), ['a', '> bc', '> de', '> fg', '> h']);
  assert.deepEqual(wrap('日本語', { width: 3, cut: true }), ['日', '本', '語']);
});
test('empty lines of the text stay, with and without a hang', () => {
  assert.deepEqual(wrap('', { width: 4 }), ['']);
  assert.deepEqual(wrap('\n', { width: 4 }), ['', '']);
  assert.deepEqual(wrap('   ', { width: 4 }), ['']);
  assert.deepEqual(wrap('a\n\nb', { width: 4, hang: ' ' }), ['a', '', 'b']);
});
test('no text of words has empty lines or loses any', () => {
  const words = ['a', 'bb', 'ccc', 'dddddd', 'eeeeeeeee'];
  for (const x of words) for (const y of words) for (const z of words) {
    for (let width = 2; width < 12; width++) {
      const lines = wrap(`${x} ${y} ${z}`, { width });
      assert.ok(lines.every((line) => line !== '' && (line.length <= width || !line.includes(' '))), JSON.stringify(lines));
      assert.equal(lines.join(' '), `${x} ${y} ${z}`);
    }
  }
});
test('definitions in narrow windows', () => {
  assert.deepEqual(definitionList([['--name', 'internationalization']], 12), ['--name  internationalization']);
  assert.throws(() => wrap('a', { width: 0 }), /Nothing fits/);
});
