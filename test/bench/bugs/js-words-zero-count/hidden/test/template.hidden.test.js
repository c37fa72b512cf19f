import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile } from '../src/template.js';

const render = (source, data) => compile(source)(data);
test('shows every value that is there', () => {
  for (const [value, text] of [[0, '0'], [-0, '0'], [false, 'false'], ['', ''], [null, ''], [undefined, ''], [7, '7'], ['0', '0'], [0n, '0']]) {
    assert.equal(render('<{{v}}>', { v: value }), `<${text}>`, String(value));
    assert.equal(render('<{{{v}}}>', { v: value }), `<${text}>`, String(value));
  }
  assert.equal(render('{{a.b}}', { a: { b: 0 } }), '0');
  assert.equal(render('{{a.b}}{{a.b.c}}', { a: null }), '');
});
test('in lists too', () => assert.equal(render('{{#each n}}{{.}},{{/each}}', { n: [0, 1, 0] }), '0,1,0,'));
test('conditions are as before', () => {
  assert.equal(render('{{#if n}}{{n}} comments{{else}}no comments{{/if}}', { n: 0 }), 'no comments');
  assert.equal(render('{{#if n}}{{n}} comments{{else}}no comments{{/if}}', { n: 2 }), '2 comments');
  assert.equal(render('{{v}}', { v: '<' }), '&lt;');
});
