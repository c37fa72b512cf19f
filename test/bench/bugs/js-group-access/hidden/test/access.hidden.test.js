import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Access } from '../src/access.js';

const changes = [
  ['grant', ['team', 'doc.edit'], 'doc.edit', true],
  ['revoke', ['team', 'doc.read'], 'doc.read', false],
  ['add', ['kim', 'admins'], 'host.stop', true],
  ['remove', ['kim', 'team'], 'doc.read', false],
  ['nest', ['team', 'admins'], 'host.stop', true],
  ['unnest', ['team', 'staff'], 'wiki.read', false],
];
function made() {
  const access = new Access();
  access.groups.add('kim', 'team');
  access.groups.nest('team', 'staff');
  access.groups.nest('staff', 'everyone');
  access.groups.grant('team', 'doc.read');
  access.groups.grant('staff', 'wiki.*');
  access.groups.grant('everyone', 'menu.read');
  access.groups.grant('admins', 'host.*');
  return access;
}
for (const [change, args, action, after] of changes) {
  test(`${change} shows at once`, () => {
    const access = made();
    assert.equal(access.can('kim', action), !after);
    access.groups[change](...args);
    assert.equal(access.can('kim', action), after);
  });
}
test('taking out a group far above shows too', () => {
  const access = made();
  assert.equal(access.can('kim', 'menu.read'), true);
  access.groups.unnest('staff', 'everyone');
  assert.equal(access.can('kim', 'menu.read'), false);
  assert.equal(access.can('kim', 'wiki.read'), true);
});
test('in, out and in again', () => {
  const access = made();
  for (let i = 0; i < 3; i++) {
    access.groups.unnest('team', 'staff');
    assert.deepEqual(access.grants('kim'), ['doc.read']);
    access.groups.nest('team', 'staff');
    assert.deepEqual(access.grants('kim'), ['doc.read', 'menu.read', 'wiki.*']);
  }
});
test('results are still kept while nothing changes', () => {
  const access = made();
  access.groups.unnest('team', 'staff');
  for (let i = 0; i < 10; i++) {
    access.can('kim', 'doc.read');
    access.can('lee', 'doc.read');
  }
  assert.equal(access.workedOut, 2);
});
