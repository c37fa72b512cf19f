/** Decides which line of the written source a generated line comes from: source maps, version 3 (tc39.es/ecma426). */
import * as z from 'zod';
import { tryJson } from './runners/kitReport.ts';

export interface Mapping {
  readonly line: number;
  readonly column: number;
  readonly source: string;
  readonly sourceLine: number;
}

const Map3 = z.looseObject({ version: z.literal(3), sources: z.array(z.string().nullable()), sourceRoot: z.string().nullish(), mappings: z.string() });

/** Lines count from 1, columns from 0, in order. undefined: not a flat version 3 map. */
export function parseSourceMap(text: string): readonly Mapping[] | undefined {
  const parsed = Map3.safeParse(tryJson(text));
  if (!parsed.success) return undefined;
  const { sources, sourceRoot, mappings } = parsed.data;
  const root = sourceRoot === undefined || sourceRoot === null || sourceRoot === '' ? '' : `${sourceRoot.replace(/\/$/, '')}/`;
  const found: Mapping[] = [];
  let source = 0;
  let sourceLine = 0;
  for (const [index, group] of mappings.split(';').entries()) {
    let column = 0;
    for (const segment of group.split(',')) {
      if (segment === '') continue;
      const fields = decodeVlq(segment);
      if (fields === undefined) return undefined;
      column += fields[0] ?? 0;
      if (fields.length < 4) continue;
      source += fields[1] ?? 0;
      sourceLine += fields[2] ?? 0;
      const name = sources[source];
      if (typeof name === 'string') found.push({ line: index + 1, column, source: root + name, sourceLine: sourceLine + 1 });
    }
  }
  return found;
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Base 64 digits of five bits, least significant first, sign in the lowest bit. */
function decodeVlq(segment: string): readonly number[] | undefined {
  const values: number[] = [];
  let value = 0;
  let shift = 0;
  for (const character of segment) {
    const digit = DIGITS.indexOf(character);
    if (digit < 0 || shift > 30) return undefined;
    value += (digit & 31) * 2 ** shift;
    if ((digit & 32) !== 0) {
      shift += 5;
      continue;
    }
    values.push(value % 2 === 1 ? -Math.floor(value / 2) : value / 2);
    value = 0;
    shift = 0;
  }
  return shift === 0 ? values : undefined;
}
