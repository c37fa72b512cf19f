import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boughtParts, outline } from '../src/explode.js';
import { CircleError, Parts } from '../src/parts.js';

function made(assemblies) {
  const parts = new Parts();
  for (const [part, pieces] of Object.entries(assemblies)) parts.assemble(part, pieces.map((piece) => ({ part: piece, quantity: 2 })));
  return parts;
}
for (const [what, assemblies, from] of [
  ['itself', { a: ['a'] }, 'a'],
  ['itself through another', { a: ['b', 'x'], b: ['a'] }, 'a'],
  ['a circle further down', { top: ['x', 'a'], a: ['b'], b: ['c'], c: ['a'] }, 'top'],
]) {
  test(`refuses ${what}`, () => {
    assert.throws(() => boughtParts(made(assemblies), from), (error) => {
      assert.ok(error instanceof CircleError, String(error));
      assert.ok(Array.isArray(error.circle) && error.circle.length >= 2);
      return true;
    });
    assert.match(outline(made(assemblies), from), /\(circle\)/);
  });
}
test('a part that is used in several places is no circle', () => {
  assert.deepEqual([...boughtParts(made({ a: ['b', 'c', 'd'], b: ['d', 'e'], c: ['b', 'd'], d: ['e'] }), 'a')], [['e', 48]]);
});
test('a part twice in one assembly is no circle', () => {
  const parts = new Parts();
  parts.assemble('a', [{ part: 'b', quantity: 1 }, { part: 'b', quantity: 3 }]);
  parts.assemble('b', [{ part: 'c', quantity: 2 }]);
  assert.deepEqual([...boughtParts(parts, 'a')], [['c', 8]]);
  assert.deepEqual([...boughtParts(parts, 'nothing', 4)], [['nothing', 4]]);
});
