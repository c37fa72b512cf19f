import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Translator } from '../src/translator.js';

const english = new Translator('en', {
  greeting: 'Hello {name}!',
  files: '{count, plural, =0 {no files} one {# file} other {# files}} in {folder}',
});
const polish = new Translator('pl', {
  files: '{count, plural, one {# plik} few {# pliki} many {# plików} other {# pliku}} w {folder}',
}, english);

const inPolish = (count) => polish.say('files', { count, folder: 'tmp' });

test('fills in values', () => {
  assert.equal(english.say('greeting', { name: 'Ola' }), 'Hello Ola!');
  assert.throws(() => english.say('greeting'), /"name" is missing/);
});

test('chooses English forms', () => {
  assert.deepEqual([0, 1, 2].map((count) => english.say('files', { count, folder: 'tmp' })), ['no files in tmp', '1 file in tmp', '2 files in tmp']);
});

test('chooses Polish forms', () => {
  assert.equal(inPolish(1), '1 plik w tmp');
  assert.equal(inPolish(3), '3 pliki w tmp');
  assert.equal(inPolish(5), '5 plików w tmp');
  assert.equal(inPolish(24), '24 pliki w tmp');
  assert.equal(inPolish(1.5), '1.5 pliku w tmp');
});

test('chooses Polish forms between ten and twenty', () => {
  assert.equal(inPolish(11), '11 plików w tmp');
  assert.equal(inPolish(12), '12 plików w tmp');
  assert.equal(inPolish(14), '14 plików w tmp');
});

test('falls back on another language', () => {
  assert.equal(polish.say('greeting', { name: 'Ola' }), 'Hello Ola!');
  assert.equal(polish.say('nothing'), '[nothing]');
});
