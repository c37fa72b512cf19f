import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boughtParts, outline, usedIn } from '../src/explode.js';
import { Parts } from '../src/parts.js';

function bicycle() {
  const parts = new Parts();
  parts.assemble('bicycle', [{ part: 'frame', quantity: 1 }, { part: 'wheel', quantity: 2 }]);
  parts.assemble('wheel', [{ part: 'rim', quantity: 1 }, { part: 'spoke', quantity: 32 }]);
  return parts;
}

test('counts what is to be bought', () => {
  assert.deepEqual([...boughtParts(bicycle(), 'bicycle', 3)], [['frame', 3], ['rim', 6], ['spoke', 192]]);
});

test('draws an outline', () => {
  assert.equal(outline(bicycle(), 'bicycle'), '1 x bicycle\n  1 x frame\n  2 x wheel\n    1 x rim\n    32 x spoke');
});

test('finds where a part is used', () => {
  assert.deepEqual(usedIn(bicycle(), 'spoke'), ['bicycle', 'wheel']);
});
