import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatSettings, parseSettings } from '../src/settings.js';

const reread = (value) => parseSettings(formatSettings(new Map([['s', new Map([['key', value], ['after', 'x']])]]))).get('s').get('key');
const read = (line) => parseSettings(line).get('')?.get('k');

test('reads back any value', () => {
  const pieces = ['', ';', '\\', ';;', 'a', ' ', '\n', '\t', '\\;', ';\\', 'n', '=', '\\n'];
  for (const a of pieces) for (const b of pieces) for (const c of pieces) assert.equal(reread(a + b + c), a + b + c, JSON.stringify(a + b + c));
});
test('reads what is escaped by hand', () => {
  assert.equal(read('k = a\\;b'), 'a;b');
  assert.equal(read('k = a\\;b ; comment'), 'a;b');
  assert.equal(read('k = a\\;b ; comment \\; more'), 'a;b');
  assert.equal(read('k = \\;'), ';');
});
test('a backslash that is itself escaped does not escape the semicolon', () => {
  assert.equal(read('k = a\\\\; comment'), 'a\\');
  assert.equal(read('k = a\\\\\\;b'), 'a\\;b');
});
test('comments are still comments', () => {
  assert.equal(read('k = a;b'), 'a');
  assert.equal(read('k = a ; b ; c'), 'a');
  assert.equal(read('k = ; nothing'), '');
  assert.deepEqual([...parseSettings('; [s]\n  ; x = 1\n[s] ; here\nk = 1').keys()], ['s']);
});
