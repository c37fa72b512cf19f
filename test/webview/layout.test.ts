import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createLayout, type LayoutNode, type Place } from '../../src/webview/layout.ts';

const node = (id: string, ...after: string[]): LayoutNode => ({ id, after: after.map((other) => ({ id: other, layers: 1 })) });
const at = (places: ReadonlyMap<string, Place>): Record<string, readonly [number, number]> => Object.fromEntries([...places].map(([id, { layer, x }]) => [id, [layer, x] as const]));

function check(nodes: readonly LayoutNode[], expected: Record<string, readonly [number, number]>): void {
  assert.deepEqual(at(createLayout(nodes).places), expected);
}

/** Any graph without circles: each node comes after some of those before it. */
const graphs = fc.array(fc.tuple(fc.array(fc.nat(), { maxLength: 3 }), fc.integer({ min: 1, max: 2 })), { maxLength: 60 })
  .map((parts) => parts.map(([picks, layers], i): LayoutNode => ({ id: `n${i}`, after: i === 0 ? [] : [...new Set(picks.map((pick) => `n${pick % i}`))].map((id) => ({ id, layers })) })));

function assertSound(nodes: readonly LayoutNode[], places: ReadonlyMap<string, Place>): void {
  const rows = new Map<number, number[]>();
  for (const { id, after } of nodes) {
    const place = places.get(id);
    assert.ok(place !== undefined && Number.isFinite(place.x), `${id} has a place`);
    for (const link of after) assert.ok(place.layer >= (places.get(link.id)?.layer ?? -1) + link.layers, `${id} stands after ${link.id}`);
    rows.set(place.layer, [...(rows.get(place.layer) ?? []), place.x]);
  }
  for (const row of rows.values()) {
    row.sort((a, b) => a - b);
    row.slice(1).forEach((x, i) => { assert.ok(x - (row[i] ?? 0) >= 1 - 1e-9, `${row.join(' ')} are a slot apart`); });
  }
}

describe('layout', () => {
  it('stands nothing nowhere', () => check([], {}));
  it('puts a chain below each other', () => check([node('a'), node('b', 'a'), node('c', 'b')], { a: [0, 0], b: [1, 0], c: [2, 0] }));
  it('puts two that come after one at its sides', () => check([node('a'), node('b', 'a'), node('c', 'a'), node('d', 'b', 'c')], { a: [0, 0], b: [1, -0.5], c: [1, 0.5], d: [2, 0] }));
  it('takes the longest way', () => check([node('a'), node('b', 'a'), node('c', 'a', 'b')], { a: [0, 0], b: [1, 0], c: [2, 0] }));
  it('leaves as many layers free as asked for', () => check([node('a'), { id: 'b', after: [{ id: 'a', layers: 2 }] }], { a: [0, 0], b: [2, 0] }));
  it('knows order from what is given, not from names', () => check([node('b', 'a'), node('a')], { b: [1, 0], a: [0, 0] }));
  it('takes no notice of what it does not know', () => check([node('a', 'gone')], { a: [0, 0] }));
  it('cuts a circle', () => {
    const { places } = createLayout([node('a', 'b'), node('b', 'a'), node('c', 'c')]);
    assert.equal(places.size, 3);
  });
  it('gives a place that was left free to the next', () => {
    const layout = createLayout([node('a'), node('b', 'a')]);
    layout.remove('b');
    assert.deepEqual(layout.add(node('c', 'a')), { layer: 1, x: 0 });
    layout.remove('never there');
  });

  it('keeps any graph sound, laid out at once', () => fc.assert(fc.property(graphs, (nodes) => assertSound(nodes, createLayout(nodes).places))));
  it('keeps any graph sound, grown node by node, and moves nothing', () => fc.assert(fc.property(graphs, fc.nat(), (nodes, split) => {
    const first = nodes.slice(0, nodes.length === 0 ? 0 : split % nodes.length);
    const layout = createLayout(first);
    let before = at(layout.places);
    for (const next of nodes) {
      layout.add(next);
      const now = at(layout.places);
      for (const [id, place] of Object.entries(before)) assert.deepEqual(now[id], place);
      before = now;
    }
    assertSound(nodes, layout.places);
  })));
  it('is the same each time', () => fc.assert(fc.property(graphs, (nodes) => assert.deepEqual(at(createLayout(nodes).places), at(createLayout(nodes).places)))));
});
