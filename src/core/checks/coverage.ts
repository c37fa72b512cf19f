/** Decides which lines of the workspace a check ran, from V8's block coverage, our Python tracer, or Go's profile. */
import * as z from 'zod';
import type { Check } from '../domain/check.ts';
import type { CommandResult } from '../ports.ts';
import { bySuffix, folderOf, insideRoot, joinPath } from './paths.ts';
import { COVERAGE_FILE, GO_PROFILE } from './reportFiles.ts';
import { tryJson } from './runners/kitReport.ts';
import { parseSourceMap } from './sourceMap.ts';

/** Lines run by one test: path relative to the workspace root → line numbers from 1. */
export type Coverage = ReadonlyMap<string, ReadonlySet<number>>;

const V8Script = z.object({
  file: z.string(),
  text: z.string(),
  map: z.string().nullable(),
  functions: z.array(z.array(z.tuple([z.int().min(0), z.int().min(0), z.number()]))),
});
export type V8Script = z.infer<typeof V8Script>;
const Line = z.union([z.object({ v8: z.array(V8Script) }), z.object({ lines: z.record(z.string(), z.array(z.int().min(1))) })]);

/** Processes of one check are united. Empty where the runner reported none. `known`: resolves Go's import paths. */
export function readCoverage(_check: Check, result: CommandResult, root: string, known: readonly string[] = []): Coverage {
  const found = new Map<string, Set<number>>();
  const add = (path: string | undefined, lines: Iterable<number>): void => {
    if (path === undefined) return;
    const kept = found.get(path) ?? new Set<number>();
    for (const line of lines) kept.add(line);
    if (kept.size > 0) found.set(path, kept);
  };
  for (const text of (result.collected[COVERAGE_FILE] ?? '').split('\n')) {
    const parsed = Line.safeParse(text === '' ? undefined : tryJson(text));
    if (!parsed.success) continue;
    if ('lines' in parsed.data) {
      for (const [file, lines] of Object.entries(parsed.data.lines)) add(insideRoot(file, root, ''), lines);
    } else {
      for (const script of parsed.data.v8) for (const [file, lines] of linesOfScript(script)) add(insideRoot(file, root, ''), lines);
    }
  }
  for (const [file, lines] of readGoProfile(result.collected[GO_PROFILE] ?? '')) add(bySuffix(file, known) ?? file, lines);
  return found;
}

/** Absolute path → lines; a mapped script gives the lines of its sources instead of its own. */
function linesOfScript(script: V8Script): ReadonlyMap<string, ReadonlySet<number>> {
  const own = runLines(script.text, script.functions);
  const mappings = script.map === null ? undefined : parseSourceMap(script.map);
  if (mappings === undefined || mappings.length === 0) return new Map([[script.file, own]]);
  const found = new Map<string, Set<number>>();
  for (const mapping of mappings) {
    if (!own.has(mapping.line)) continue;
    const file = /^(?:file:\/\/)?\//.test(mapping.source) ? mapping.source.replace(/^file:\/\//, '') : `/${joinPath(folderOf(script.file), mapping.source)}`;
    const lines = found.get(file) ?? new Set<number>();
    lines.add(mapping.sourceLine);
    found.set(file, lines);
  }
  return found;
}

const WHOLE_SHARE = 0.9;

type Range = readonly [start: number, end: number, count: number];

/**
 * A line ran when some of its code did. Where a function begins on the line, the code of the module around it does not count:
 * `export function f() {` is evaluated by every import, and says nothing about f.
 */
export function runLines(text: string, functions: readonly (readonly Range[])[]): ReadonlySet<number> {
  const counts = new Int32Array(text.length).fill(-1);
  const depths = new Uint8Array(text.length);
  // Outer ranges come before inner ones: functions in order of their start, blocks after the function that holds them.
  const ordered = functions.flatMap((ranges) => ranges.map((range, index) => ({ range, isFunction: index === 0 }))).sort((a, b) => a.range[0] - b.range[0] || b.range[1] - a.range[1]);
  const starts = new Set<number>();
  for (const { range: [start, end, count], isFunction } of ordered) {
    counts.fill(count > 0 ? 1 : 0, start, Math.min(end, text.length));
    // The script itself, and the function that jest and vitest wrap around a module.
    if (!isFunction || end - start >= WHOLE_SHARE * text.length) continue;
    depths.fill(1, start, Math.min(end, text.length));
    starts.add(start);
  }
  return collectLines(text, counts, depths, starts);
}

function collectLines(text: string, counts: Int32Array, depths: Uint8Array, starts: ReadonlySet<number>): ReadonlySet<number> {
  const found = new Set<number>();
  let line = 1;
  let from = 0;
  while (from <= text.length) {
    const newline = text.indexOf('\n', from);
    const end = newline < 0 ? text.length : newline;
    let begins = false;
    const isComment = /^\s*(?:\/\/|\*|\/\*)/.test(text.slice(from, Math.min(end, from + 200)));
    for (let at = from; at < end && !begins; at++) begins = starts.has(at);
    for (let at = from; at < end && !isComment; at++) {
      if (counts[at] !== 1 || (begins && depths[at] === 0) || /[\s{}()[\];,]/.test(text.charAt(at))) continue;
      found.add(line);
      break;
    }
    from = end + 1;
    line++;
  }
  return found;
}

/** "example.com/shop/cart/cart.go:3.24,5.2 1 1": file, first and last line, statements, count. */
function readGoProfile(profile: string): ReadonlyMap<string, ReadonlySet<number>> {
  const found = new Map<string, Set<number>>();
  for (const match of profile.matchAll(/^(.+\.go):(\d+)\.\d+,(\d+)\.(\d+) \d+ ([1-9]\d*)$/gm)) {
    const [, file = '', first, last, lastColumn] = match;
    const lines = found.get(file) ?? new Set<number>();
    const end = Number(last) - (Number(lastColumn) <= 2 && Number(last) > Number(first) ? 1 : 0);
    for (let line = Number(first); line <= end; line++) lines.add(line);
    found.set(file, lines);
  }
  return found;
}
