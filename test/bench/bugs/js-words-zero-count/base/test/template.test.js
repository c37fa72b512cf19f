import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile } from '../src/template.js';

const render = (source, data) => compile(source)(data);

test('shows values', () => {
  assert.equal(render('Hi {{user.name}}{{{mark}}}', { user: { name: '<b>' }, mark: '<hr>' }), 'Hi &lt;b&gt;<hr>');
  assert.equal(render('[{{nothing}}]', {}), '[]');
});

test('repeats and chooses', () => {
  assert.equal(render('{{#each list}}{{.}};{{/each}}', { list: ['a', 'b'] }), 'a;b;');
  assert.equal(render('{{#if list}}yes{{else}}no{{/if}}', { list: [] }), 'no');
});

test('refuses blocks that do not fit', () => {
  assert.throws(() => compile('{{#if a}}'), /not closed/);
  assert.throws(() => compile('{{/each}}'), /closes nothing/);
});
