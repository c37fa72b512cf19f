import assert from 'node:assert/strict';
import { test } from 'node:test';
import { align, definitionList, wrap } from '../src/layout.ts';

test('breaks at spaces', () => {
  assert.deepEqual(wrap('one two three four', { width: 9 }), ['one two', 'three', 'four']);
});

test('keeps line breaks and hangs', () => {
  assert.deepEqual(wrap('a b\n\nlonger text', { width: 8, hang: '  ' }), ['a b', '', 'longer', '  text']);
});

test('gives a word that is too long a line of its own', () => {
  assert.deepEqual(wrap('see https://example.org/a now', { width: 10 }), ['see', 'https://example.org/a', 'now']);
  assert.deepEqual(wrap('https://example.org/a now', { width: 10 }), ['https://example.org/a', 'now']);
});

test('aligns', () => {
  assert.equal(align('ab', 5, 'center'), ' ab  ');
  assert.equal(align('日本', 5, 'right'), ' 日本');
});

test('lists definitions', () => {
  assert.deepEqual(definitionList([['-a', 'shows all of it'], ['--long', 'more']], 18), ['-a      shows all', '        of it', '--long  more']);
});
