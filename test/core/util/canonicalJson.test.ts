import assert from 'node:assert/strict';
import fc from 'fast-check';
import { canonicalJson } from '../../../src/core/util/canonicalJson.ts';

function check(value: unknown, expected: string): void {
  assert.equal(canonicalJson(value), expected);
}

describe('canonicalJson', () => {
  it('sorts keys at every depth', () => check({ b: 1, a: { d: 2, c: [3, { z: 1, y: 0 }] } }, '{"a":{"c":[3,{"y":0,"z":1}],"d":2},"b":1}'));
  it('leaves out members that are undefined, as JSON does', () => check({ a: undefined, b: null }, '{"b":null}'));
  it('sorts keys by code unit, not by locale', () => check({ ä: 1, z: 2, Z: 3 }, '{"Z":3,"z":2,"ä":1}'));
  it('means the same as JSON for every JSON value, whatever order its keys came in', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => {
      assert.deepEqual(JSON.parse(canonicalJson(value)), JSON.parse(JSON.stringify(value)));
      assert.equal(canonicalJson(reversed(value)), canonicalJson(value));
    }));
  });
  for (const [name, value, where] of [
    ['NaN', { a: [Number.NaN] }, '$.a[0] is NaN'],
    ['a function', { f: () => 1 }, '$.f is a function'],
    ['undefined itself', undefined, '$ is undefined'],
    ['undefined in an array', [undefined], '$[0] is undefined'],
    ['a bigint', { n: 1n }, '$.n is a bigint'],
  ] as const) {
    it(`refuses ${name} and says where it is`, () => assert.throws(() => canonicalJson(value), (error: Error) => error instanceof TypeError && error.message.startsWith(where)));
  }
  it('refuses a value that contains itself, and takes one that is only there twice', () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    assert.throws(() => canonicalJson(circle), /\$\.self contains itself/);
    const twice = { x: 1 };
    check([twice, twice], '[{"x":1},{"x":1}]');
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).reverse().map(([key, member]) => [key, reversed(member)]));
}
