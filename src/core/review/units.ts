/** Decides in which pieces a model reads a file: the functions around what changed, or the whole file by its functions. */
import { FUNCTION_TYPES, namedChildren } from '../repair/syntaxTree.ts';
import { type LineRange, touches } from './changedLines.ts';
import { type Source, anywhere, functionAround } from './source.ts';

export interface Unit {
  readonly from: number;
  readonly to: number;
}

/** A small model loses the thread in more; a call reads about ten tokens a line. */
const UNIT_LINES_MAX = 60;
/** Around a change in a function that is longer than a unit. */
const MARGIN_LINES = 25;
/** Above a function. */
const COMMENT_LINES_MAX = 12;
/** Of one file: the rest is left to the rules. */
const UNITS_MAX = 12;

/** In order of text, not overlapping. `source` undefined: no grammar, so the lines themselves are cut. */
export function unitsOf(text: string, source: Source | undefined, ranges: readonly LineRange[] | undefined): readonly Unit[] {
  const count = text.trimEnd().split('\n').length;
  if (text.trim() === '') return [];
  const pieces = source === undefined ? cut({ from: 1, to: count }) : joined(piecesOf(source, count));
  const wanted = ranges === undefined ? pieces : pieces.flatMap((piece) => narrowed(piece, ranges));
  return wanted.slice(0, UNITS_MAX);
}

/** Top-level statements; classes and long ones by the functions inside. */
function piecesOf(source: Source, count: number): readonly Unit[] {
  const pieces = namedChildren(source.root).flatMap((node): readonly Unit[] => {
    if (node.endLine - node.line < UNIT_LINES_MAX) return [{ from: node.line, to: node.endLine }];
    const inner = anywhere(node, (at) => at !== node && FUNCTION_TYPES.has(at.type) && at.endLine - at.line < UNIT_LINES_MAX && at.endLine > at.line);
    const outermost = inner.filter((at) => !inner.includes(functionAround(source, at) ?? at) || functionAround(source, at) === at);
    return outermost.length > 0 ? outermost.map((at) => ({ from: at.line, to: at.endLine })) : cut({ from: node.line, to: node.endLine });
  });
  // What is said above a function tells what it should do.
  const withComments = pieces.map((piece, index) => ({ from: Math.max((pieces[index - 1]?.to ?? 0) + 1, piece.from - COMMENT_LINES_MAX), to: piece.to }));
  return withComments.length > 0 ? withComments.map(({ from, to }) => ({ from: Math.min(from, to), to })) : cut({ from: 1, to: count });
}

/** Neighbours go into one call while they fit. */
function joined(pieces: readonly Unit[]): readonly Unit[] {
  const found: Unit[] = [];
  for (const piece of pieces) {
    const last = found.at(-1);
    if (last !== undefined && piece.to - last.from < UNIT_LINES_MAX) found[found.length - 1] = { from: last.from, to: Math.max(last.to, piece.to) };
    else if (last === undefined || piece.from > last.to) found.push(piece);
  }
  return found;
}

function cut({ from, to }: Unit): readonly Unit[] {
  const found: Unit[] = [];
  for (let at = from; at <= to; at += UNIT_LINES_MAX) found.push({ from: at, to: Math.min(to, at + UNIT_LINES_MAX - 1) });
  return found;
}

function narrowed(piece: Unit, ranges: readonly LineRange[]): readonly Unit[] {
  const inside = ranges.filter((range) => touches([range], piece.from, piece.to));
  const [first, last] = [inside[0], inside.at(-1)];
  if (first === undefined || last === undefined) return [];
  return [{ from: Math.max(piece.from, first.from - MARGIN_LINES), to: Math.min(piece.to, last.to + MARGIN_LINES) }];
}
