/** Decides whether words hold a crash (an error with its stack), and which call that was run crashes in the same way. */
import { parseFrames } from '../checks/frames.ts';
import { bySuffix } from '../checks/paths.ts';
import { isOwnSource } from '../checks/testFiles.ts';
import type { Frame } from '../domain/check.ts';
import type { Thrown } from './behaviour.ts';

export interface Crash {
  /** Class of the error: "ZeroDivisionError". */
  readonly error: string;
  readonly message: string;
  /** In files of the workspace, innermost first; never empty. */
  readonly frames: readonly Frame[];
}

/** "ValueError: why", "shop.errors.BrokenStore: why", "Uncaught TypeError [ERR_X]: why". */
const ERROR_LINE = /^\s*(?:Uncaught |Unhandled )?(?:[\w$]+\.)*([A-Z][\w$]*)(?: \[[^\]]+\])?(?::\s*(.*))?$/u;

/** undefined: no error is named, or none of its frames lies in the workspace. */
export function readCrash(words: string, known: readonly string[]): Crash | undefined {
  const line = errorLine(words);
  const frames = parseFrames(words).flatMap((frame): readonly Frame[] => {
    const path = bySuffix(frame.path.replaceAll('\\', '/'), known);
    return path === undefined || !isOwnSource(path) ? [] : [{ path, line: frame.line, ...(frame.symbol === undefined ? {} : { symbol: frame.symbol }) }];
  });
  return line?.[1] === undefined || frames.length === 0 ? undefined : { error: line[1], message: line[2]?.trim() ?? '', frames };
}

/** Python ends a trace with the error; JavaScript and Java print it above the first frame. */
function errorLine(words: string): RegExpExecArray | undefined {
  const lines = words.split('\n');
  const isPython = lines.some((line) => /^\s*File "/u.test(line));
  const at = isPython ? lines.findLastIndex((line) => /^\s*File "/u.test(line)) : lines.findIndex((line) => /^\s+at /u.test(line));
  const near = at < 0 ? [] : isPython ? lines.slice(at + 1) : lines.slice(0, at).reverse();
  for (const line of near) {
    const named = ERROR_LINE.exec(line);
    if (named !== null) return named;
  }
  return undefined;
}

/** How much a message has in common with the reported one: words of the report that it holds, less those it lacks. */
export function likeness(crash: Crash, thrown: Thrown): number {
  const words = (text: string): readonly string[] => text.match(/[\w$]+/gu) ?? [];
  const own = new Set(words(thrown.message));
  return words(crash.message).reduce((sum, word) => sum + (own.has(word) ? 1 : -1), 0);
}

/** The same class of error out of the same function; where the trace names no function, with the same message. */
export function isSameCrash(crash: Crash, thrown: Thrown): boolean {
  if (thrown.error !== crash.error) return false;
  if (/Maximum call stack|recursion/u.test(`${crash.error} ${crash.message}`)) return crash.frames.some((frame) => thrown.functions.some((name) => lastName(name) === lastName(frame.symbol ?? '') && lastName(name) !== ''));
  const symbol = lastName(crash.frames[0]?.symbol ?? '');
  if (symbol === '') return thrown.message === crash.message;
  return thrown.functions.some((name) => lastName(name) === symbol);
}

/** "Cart.total" and "new Cart" are known by their last word; an anonymous function has none. */
function lastName(symbol: string): string {
  const name = symbol.split(/[.\s]/u).at(-1) ?? '';
  return /^[\w$]+$/u.test(name) ? name : '';
}
