/** Decides where nodes of a growing graph stand: longest path gives the layer, the mean of its neighbours the place in it. */

export interface LayoutNode {
  readonly id: string;
  /** Nodes that it comes after, and at least how many layers (1 or more); unknown ones count for nothing. */
  readonly after: readonly Link[];
}

export interface Link {
  readonly id: string;
  readonly layers: number;
}

/** In units of a node with its gap: `x` of its middle, `layer` from 0. */
export interface Place {
  readonly layer: number;
  readonly x: number;
}

export interface Layout {
  readonly places: ReadonlyMap<string, Place>;
  /** Puts one more node where there is room and moves nothing else. A known id keeps its place. */
  add(node: LayoutNode): Place;
  /** Leaves its place free and moves nothing else. */
  remove(id: string): void;
}

/** Sweeps down and up; a second pair shortens the edges of random graphs of 12 to 1,000 nodes by less than 1 %. */
const SWEEPS = 1;

/** All at once: fewer crossings than adding one by one. A circle, which no valid plan has, is cut where it is met. */
export function createLayout(nodes: readonly LayoutNode[] = []): Layout {
  const graph = indexed(nodes);
  const layerOf = layersOf(graph);
  const xs = placeRows(graph, layerOf);
  const places = new Map<string, Place>();
  const taken: number[][] = [];
  nodes.forEach((node, i) => {
    const place = { layer: layerOf[i] ?? 0, x: xs[i] ?? 0 };
    places.set(node.id, place);
    rowAt(taken, place.layer).push(place.x);
  });
  for (const row of taken) row?.sort((a, b) => a - b);
  return {
    places,
    add(node) {
      const known = places.get(node.id);
      if (known !== undefined) return known;
      const above = node.after.flatMap(({ id }) => places.get(id) ?? []);
      const layer = Math.max(0, ...node.after.map(({ id, layers }) => (places.get(id)?.layer ?? -layers) + layers));
      const row = rowAt(taken, layer);
      const x = freeNear(row, above.length === 0 ? 0 : above.reduce((sum, place) => sum + place.x, 0) / above.length);
      row.splice(firstAtLeast(row, x), 0, x);
      const place = { layer, x };
      places.set(node.id, place);
        return place;
    },
    remove(id) {
      const place = places.get(id);
      if (place === undefined) return;
      const row = taken[place.layer] ?? [];
      const at = row.indexOf(place.x);
      if (at >= 0) row.splice(at, 1);
      places.delete(id);
    },
  };
}

function rowAt(rows: number[][], layer: number): number[] {
  rows[layer] ??= [];
  return rows[layer];
}

/** By number instead of name: looking names up was most of the time. */
interface Indexed {
  readonly above: readonly (readonly number[])[];
  /** For each of `above`: at least so many layers on. */
  readonly distance: readonly (readonly number[])[];
  readonly below: readonly (readonly number[])[];
}

function indexed(nodes: readonly LayoutNode[]): Indexed {
  const number = new Map(nodes.map(({ id }, i) => [id, i]));
  const below: number[][] = nodes.map(() => []);
  const links = nodes.map(({ after }, i) => after.flatMap(({ id, layers }) => {
    const other = number.get(id);
    if (other === undefined || other === i) return [];
    below[other]?.push(i);
    return [{ other, layers }];
  }));
  return { above: links.map((each) => each.map(({ other }) => other)), distance: links.map((each) => each.map(({ layers }) => layers)), below };
}

/** Kahn's order; what is left in a circle follows in the given order. */
function layersOf({ above, distance, below }: Indexed): readonly number[] {
  const layer: number[] = above.map(() => -1);
  const open = above.map((others) => others.length);
  const ready = open.flatMap((count, i) => (count === 0 ? [i] : []));
  const settle = (i: number): void => {
    let at = 0;
    above[i]?.forEach((other, n) => {
      const known = layer[other] ?? -1;
      if (known >= 0) at = Math.max(at, known + (distance[i]?.[n] ?? 1));
    });
    layer[i] = at;
    for (const next of below[i] ?? []) {
      const left = (open[next] ?? 0) - 1;
      open[next] = left;
      if (left === 0 && layer[next] === -1) ready.push(next);
    }
  };
  for (let next = ready.pop(); next !== undefined; next = ready.pop()) settle(next);
  for (let i = 0; i < layer.length; i += 1) if (layer[i] === -1) settle(i);
  return layer;
}

/** Orders each row by the mean of its neighbours above, then below, and keeps everyone a slot apart. */
function placeRows({ above, below }: Indexed, layerOf: readonly number[]): Float64Array {
  const rows: number[][] = [];
  layerOf.forEach((layer, i) => { rowAt(rows, layer).push(i); });
  const xs = new Float64Array(layerOf.length);
  const wish = new Float64Array(layerOf.length);
  const order = (row: number[]): number[] => row.sort((a, b) => (wish[a] ?? 0) - (wish[b] ?? 0));
  const settle = (row: number[] | undefined, neighbours: readonly (readonly number[])[]): void => {
    if (row === undefined) return;
    for (const i of row) {
      const others = neighbours[i] ?? [];
      let sum = 0;
      for (const other of others) sum += xs[other] ?? 0;
      wish[i] = others.length === 0 ? (xs[i] ?? 0) : sum / others.length;
    }
    spread(order(row), wish, xs);
  };
  for (const row of rows) row?.forEach((id, i) => { xs[id] = i - (row.length - 1) / 2; });
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    for (const row of rows) settle(row, above);
    for (let i = rows.length - 1; i >= 0; i -= 1) settle(rows[i], below);
  }
  for (const row of rows) settle(row, above);
  return xs;
}

/**
 * Puts a row, sorted by wish, nearest to its wishes (least squares) with neighbours at least 1 apart: without the distances it is isotonic regression,
 * which pooling adjacent violators solves in one pass.
 */
function spread(row: readonly number[], wish: Float64Array, xs: Float64Array): void {
  const sums: number[] = [];
  const counts: number[] = [];
  row.forEach((id, i) => {
    let sum = (wish[id] ?? 0) - i;
    let count = 1;
    while (sums.length > 0 && (sums.at(-1) ?? 0) / (counts.at(-1) ?? 1) >= sum / count) {
      sum += sums.pop() ?? 0;
      count += counts.pop() ?? 0;
    }
    sums.push(sum);
    counts.push(count);
  });
  let at = 0;
  sums.forEach((sum, pool) => {
    const count = counts[pool] ?? 0;
    for (let i = 0; i < count; i += 1, at += 1) xs[row[at] ?? 0] = sum / count + at;
  });
}

/** The free place nearest to `wish` in a sorted row; the right one of two that are equally near. */
function freeNear(row: readonly number[], wish: number): number {
  const start = firstAtLeast(row, wish);
  let right = wish;
  for (let i = Math.max(0, start - 1); i < row.length; i += 1) {
    const x = row[i] ?? 0;
    if (x - right >= 1) break;
    if (x > right - 1) right = x + 1;
  }
  let left = wish;
  for (let i = Math.min(row.length - 1, start); i >= 0; i -= 1) {
    const x = row[i] ?? 0;
    if (left - x >= 1) break;
    if (x < left + 1) left = x - 1;
  }
  return wish - left < right - wish ? left : right;
}

function firstAtLeast(row: readonly number[], x: number): number {
  let low = 0;
  let high = row.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((row[middle] ?? 0) < x) low = middle + 1;
    else high = middle;
  }
  return low;
}
