import { CircleError } from './parts.js';

/**
 * How many of each bought part so many of `part` take, by name.
 * @throws {CircleError} where an assembly holds itself, near or far.
 */
export function boughtParts(parts, part, quantity = 1) {
  const counts = new Map();
  count(parts, part, quantity, counts);
  return new Map([...counts].sort(([a], [b]) => a.localeCompare(b)));
}

function count(parts, part, quantity, counts) {
  const pieces = parts.piecesOf(part);
  if (pieces.length === 0) {
    counts.set(part, (counts.get(part) ?? 0) + quantity);
    return;
  }
  for (const piece of pieces) count(parts, piece.part, quantity * piece.quantity, counts);
}

/**
 * The assembly as indented lines, "2 x wheel". An assembly within itself is marked "(circle)" and not taken apart again:
 * whoever looks for the mistake in the data needs to see it.
 */
export function outline(parts, part) {
  const lines = [];
  draw(parts, { part, quantity: 1 }, lines, []);
  return lines.join('\n');
}

function draw(parts, { part, quantity }, lines, above) {
  const isCircle = above.includes(part);
  lines.push(`${'  '.repeat(above.length)}${quantity} x ${part}${isCircle ? ' (circle)' : ''}`);
  if (isCircle) return;
  for (const piece of parts.piecesOf(part)) draw(parts, piece, lines, [...above, part]);
}

/** The assemblies that hold `part`, near or far, by name. */
export function usedIn(parts, part) {
  const found = new Set();
  let isNew = true;
  while (isNew) {
    isNew = false;
    for (const assembly of parts.assemblies) {
      if (found.has(assembly)) continue;
      if (parts.piecesOf(assembly).some((piece) => piece.part === part || found.has(piece.part))) {
        found.add(assembly);
        isNew = true;
      }
    }
  }
  return [...found].sort();
}
