import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Access } from '../src/access.js';

let access;

beforeEach(() => {
  access = new Access();
  access.groups.add('kim', 'clerks');
  access.groups.nest('clerks', 'staff');
  access.groups.grant('staff', 'wiki.*');
  access.groups.grant('clerks', 'invoice.read');
});

test('grants what the groups of a user may', () => {
  assert.equal(access.can('kim', 'invoice.read'), true);
  assert.equal(access.can('kim', 'wiki.page.edit'), true);
  assert.equal(access.can('kim', 'invoice.write'), false);
  assert.equal(access.can('lee', 'wiki.read'), false);
  assert.throws(() => access.demand('lee', 'wiki.read'), /lee may not wiki\.read/);
});

test('works a user out once while nothing changes', () => {
  for (let i = 0; i < 5; i++) access.can('kim', 'wiki.read');
  assert.equal(access.workedOut, 1);
});

test('sees new grants and new members', () => {
  assert.equal(access.can('kim', 'invoice.write'), false);
  access.groups.grant('clerks', 'invoice.write');
  assert.equal(access.can('kim', 'invoice.write'), true);
  assert.equal(access.can('lee', 'wiki.read'), false);
  access.groups.add('lee', 'staff');
  assert.equal(access.can('lee', 'wiki.read'), true);
});

test('no longer grants what was taken away', () => {
  assert.equal(access.can('kim', 'wiki.read'), true);
  access.groups.unnest('clerks', 'staff');
  assert.equal(access.can('kim', 'wiki.read'), false);
});

test('refuses circles', () => {
  assert.throws(() => access.groups.nest('staff', 'clerks'), /circle/);
});
