/** Decides where the model may fill: the function around the suspects, its gaps in order, and the text on both sides of each. */
import type { Language } from '../domain/check.ts';
import type { SyntaxNode } from '../ports.ts';
import type { Suspect } from './suspect.ts';
import { FUNCTION_TYPES, ancestorsOf, enclosingFunction, functionName } from './syntaxTree.ts';

/** One function of one file, or the lines around a suspect where none encloses it. Lines count from 1. */
export interface Region {
  readonly path: string;
  readonly symbol: string;
  readonly language: Language;
  /** Whole text of the file, without carriage returns; `eol` puts them back. */
  readonly lines: readonly string[];
  readonly eol: '\n' | '\r\n';
  /** First line, comments and decorators above the function included. */
  readonly first: number;
  /** First line of the body: gaps begin here. */
  readonly bodyFirst: number;
  readonly last: number;
  /** Columns of indentation of the function itself: code at or before it is outside. -1: no function. */
  readonly outer: number;
  /** Suspicion by line, 0 where nothing points. */
  readonly score: ReadonlyMap<number, number>;
  readonly scoreMax: number;
}

/** `first`..`last` are taken out; `last` is `first - 1` where a gap between lines is filled. */
export interface Gap {
  readonly kind: 'line' | 'between' | 'span';
  readonly first: number;
  readonly last: number;
}

/** Lines of a function longer than this are tried only near the suspects. */
const LINES_TRIED_MAX = 40;
const REGION_LINES_MAX = 400;
/** An inner function of a larger one is repaired with all of it, up to so many lines. */
const WIDE_LINES_MAX = 100;
const LOOSE_LINES_AROUND = 12;

/** The functions that hold suspects, most suspicious first; `texts` are the parsed files. */
export function regionsOf(
  suspects: readonly Suspect[],
  texts: ReadonlyMap<string, { readonly text: string; readonly language: Language; readonly root: SyntaxNode | undefined }>,
): readonly Region[] {
  const regions = new Map<string, { region: Omit<Region, 'score' | 'scoreMax'>; score: Map<number, number> }>();
  for (const suspect of suspects) {
    const file = texts.get(suspect.path);
    if (file === undefined) continue;
    const range = rangeOf(file, suspect);
    const key = `${suspect.path}:${range.first}`;
    const lines = file.text.split(/\r?\n/);
    const known = regions.get(key) ?? {
      region: { path: suspect.path, language: file.language, lines, eol: file.text.includes('\r\n') ? ('\r\n' as const) : ('\n' as const), ...range },
      score: new Map<number, number>(),
    };
    regions.set(key, known);
    for (let line = Math.max(suspect.line, range.first); line <= Math.min(suspect.endLine, range.last); line++) {
      known.score.set(line, Math.max(known.score.get(line) ?? 0, suspect.score));
    }
  }
  return [...regions.values()]
    .map(({ region, score }) => ({ ...region, score, scoreMax: Math.max(0, ...score.values()) }))
    .sort((a, b) => b.scoreMax - a.scoreMax);
}

/** Lines that can be replaced, in order of text: those that say something. */
function codeLines(region: Region): readonly number[] {
  const found: number[] = [];
  let quote = '';
  for (let line = region.bodyFirst; line <= region.last; line++) {
    const text = (region.lines[line - 1] ?? '').trim();
    if (region.language === 'python') {
      const marks = text.match(/"""|'''/g) ?? [];
      const inside = quote !== '' || (marks.length > 0 && /^[rbuf]*("""|''')/i.test(text));
      if (marks.length % 2 === 1) quote = quote === '' ? (marks[0] ?? '') : '';
      if (inside) continue;
    }
    if (saysSomething(text)) found.push(line);
  }
  return found.length <= LINES_TRIED_MAX ? found : nearest(found, region.score);
}

/** Gaps of one kind, lines top to bottom: what stands before a gap is then already in the server's cache. */
export function gapsOf(region: Region, kind: Gap['kind']): readonly Gap[] {
  const lines = codeLines(region);
  if (kind === 'line') return lines.map((line) => ({ kind, first: line, last: line }));
  if (kind === 'between') return lines.flatMap((line) => betweenGap(region, line));
  return lines.flatMap((line, index) => {
    const next = lines[index + 1];
    return next !== undefined && next - line <= 2 ? [{ kind, first: line, last: next }] : [];
  });
}

/** The file with the gap filled by `fill` (lines without a final line end); undefined: nothing changed. */
export function fillGap(region: Region, gap: Gap, fill: readonly string[]): string | undefined {
  const { lines } = region;
  const old = lines.slice(gap.first - 1, gap.last);
  if (old.length === fill.length && old.every((line, index) => line.trimEnd() === fill[index]?.trimEnd())) return undefined;
  return [...lines.slice(0, gap.first - 1), ...fill, ...lines.slice(gap.last)].join(region.eol);
}

/** Text before and after the gap, within the region, at most so many tokens; cut at whole lines, the function's head kept. */
export function sidesOf(
  region: Region,
  gap: Gap,
  limits: { readonly beforeTokensMax: number; readonly afterTokensMax: number; readonly count: (text: string) => number },
): { readonly prefix: string; readonly suffix: string } {
  const before = region.lines.slice(region.first - 1, gap.first - 1);
  const after = region.lines.slice(gap.last, region.last);
  const head = region.lines.slice(region.first - 1, Math.min(region.bodyFirst, gap.first) - 1);
  const kept = takeLast(before.slice(head.length), limits.beforeTokensMax - limits.count(head.join('\n')), limits.count);
  const elided = kept.length < before.length - head.length ? [`${indentOf(kept[0] ?? '')}${region.language === 'python' ? '#' : '//'} …`] : [];
  const tail = takeFirst(after, limits.afterTokensMax, limits.count);
  return { prefix: [...head, ...elided, ...kept].map((line) => `${line}\n`).join(''), suffix: tail.length === 0 ? '\n' : `\n${tail.join('\n')}\n` };
}

function rangeOf(file: { readonly text: string; readonly root: SyntaxNode | undefined }, suspect: Suspect): Pick<Region, 'first' | 'bodyFirst' | 'last' | 'symbol' | 'outer'> {
  const lines = file.text.split(/\r?\n/);
  const from = Math.max(1, suspect.line - LOOSE_LINES_AROUND);
  const loose = { first: from, bodyFirst: from, last: Math.min(lines.length, suspect.endLine + LOOSE_LINES_AROUND), symbol: suspect.symbol, outer: -1 };
  const inner = file.root === undefined ? undefined : enclosingFunction(file.root, suspect.line);
  if (file.root === undefined || inner === undefined) return loose;
  const around = [inner, ...ancestorsOf(file.root, inner).filter((node) => FUNCTION_TYPES.has(node.type))];
  // A callback of three lines says little: the widest function that still fits is taken.
  const whole = [...around].reverse().find((node) => node.endLine - node.line < WIDE_LINES_MAX) ?? inner;
  if (whole.endLine - whole.line > REGION_LINES_MAX) return { ...loose, first: Math.max(loose.first, whole.line), last: Math.min(loose.last, whole.endLine) };
  const body = whole.children.find((child) => child.field === 'body');
  return {
    first: commentsAbove(lines, whole.line),
    bodyFirst: bodyLine(whole, body),
    last: whole.endLine,
    symbol: functionName(file.root, file.text, whole) || suspect.symbol,
    outer: whole.line === whole.endLine ? -1 : indentOf(lines[whole.line - 1] ?? '').length,
  };
}

/** A body in braces begins on the line after the brace, one by indentation on its own first line. */
function bodyLine(whole: SyntaxNode, body: SyntaxNode | undefined): number {
  if (body === undefined || whole.line === whole.endLine) return whole.line;
  return Math.min(whole.endLine, body.type === 'block' && body.line > whole.line ? body.line : body.line + 1);
}

function commentsAbove(lines: readonly string[], line: number): number {
  let first = line;
  while (first > 1 && /^\s*(?:\/\/|\/\*|\*|#|@)/.test(lines[first - 2] ?? '')) first--;
  return first;
}

function saysSomething(text: string): boolean {
  return /[\w"'`]/.test(text) && !/^(?:\/\/|\/\*|\*|#)/.test(text) && !/^[})\]\s]*else\s*\{?$/.test(text) && text !== 'else:' && text !== 'try {' && text !== 'try:';
}

/** Before the line, unless a comment or the line above already continues into it. */
function betweenGap(region: Region, line: number): readonly Gap[] {
  const before: Gap = { kind: 'between', first: line, last: line - 1 };
  return /^\s*[.?:&|+]/.test(region.lines[line - 1] ?? '') ? [] : [before];
}

function nearest(lines: readonly number[], score: ReadonlyMap<number, number>): readonly number[] {
  const hot = [...score.keys()];
  const distance = (line: number): number => Math.min(...hot.map((one) => Math.abs(one - line) - (score.get(one) ?? 0)));
  return [...lines].sort((a, b) => distance(a) - distance(b)).slice(0, LINES_TRIED_MAX).sort((a, b) => a - b);
}

function takeLast(lines: readonly string[], tokensMax: number, count: (text: string) => number): readonly string[] {
  let first = lines.length;
  for (let tokens = 0; first > 0; first--) {
    tokens += count(`${lines[first - 1]}\n`);
    if (tokens > tokensMax) break;
  }
  return lines.slice(first);
}

function takeFirst(lines: readonly string[], tokensMax: number, count: (text: string) => number): readonly string[] {
  let end = 0;
  for (let tokens = 0; end < lines.length; end++) {
    tokens += count(`${lines[end]}\n`);
    if (tokens > tokensMax) break;
  }
  return lines.slice(0, end);
}

function indentOf(line: string): string {
  return /^\s*/.exec(line)?.[0] ?? '';
}
