import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatSettings, parseSettings } from '../src/settings.js';

const plain = (sections) => Object.fromEntries([...sections].map(([name, values]) => [name, Object.fromEntries(values)]));
const reread = (value) => parseSettings(formatSettings(new Map([['s', new Map([['key', value]])]]))).get('s').get('key');

test('reads sections, values and comments', () => {
  const text = '; made by hand\nlevel = 3\n\n[server]\nhost = example.org   ; the old one\nport=80\n';
  assert.deepEqual(plain(parseSettings(text)), { '': { level: '3' }, server: { host: 'example.org', port: '80' } });
});

test('reads escapes', () => {
  assert.deepEqual(plain(parseSettings('motd = one\\ntwo\\\\three')), { '': { motd: 'one\ntwo\\three' } });
});

test('refuses what is not understood', () => {
  assert.throws(() => parseSettings('a = 1\nnonsense'), /Line 2/);
  assert.throws(() => parseSettings('a = 1\na = 2'), /there twice/);
});

test('reads back what it writes', () => {
  for (const value of ['', 'plain', ' spaces ', 'C:\\temp', 'tab\tand\nline', 'a = b']) assert.equal(reread(value), value);
});

test('reads back a value with semicolons', () => {
  assert.equal(reread('PATH=/bin;/usr/bin'), 'PATH=/bin;/usr/bin');
});
