/** Decides which places of the workspace a stack trace names, innermost first, whatever language printed it. */
import type { RawFrame } from './runners/runner.ts';

/** Frames of deep recursion repeat; more than these tell nothing new. */
const FRAMES_MAX = 20;

/** Paths are as printed: absolute, relative to the working folder, or by package (Java). */
export function parseFrames(trace: string): readonly RawFrame[] {
  const frames = [...readPython(trace), ...readJavaScript(trace), ...readJava(trace), ...readRust(trace), ...readGo(trace), ...readCompiler(trace)];
  const seen = new Set<string>();
  const found: RawFrame[] = [];
  for (const frame of frames) {
    const key = `${frame.path}:${frame.line}`;
    if (seen.has(key) || frame.line < 1) continue;
    seen.add(key);
    found.push(frame);
  }
  return found.slice(0, FRAMES_MAX);
}

/** "at f (file:///a/b.js:3:5)", "at async /a/b.js:3:5", vitest's "❯ f src/b.js:3:5", and a syntax error's "/a/b.js:3". */
function readJavaScript(trace: string): readonly RawFrame[] {
  const found: RawFrame[] = [];
  const broken = /^((?:file:\/\/)?[^\s:]*[^\s:]\.[cm]?[jt]sx?):(\d+)\n.*\n\s*\^/m.exec(trace);
  for (const match of trace.matchAll(/^\s*(?:at|❯) (?:async )?(?:(.+?) )?\(?((?:file:\/\/)?(?:[A-Za-z]:)?[^\s():]+):(\d+):(\d+)\)?\s*$/gm)) {
    const [, symbol, path = '', line, column] = match;
    if (/\.(?:java|kt|rs|go)$/.test(path)) continue;
    found.push({ path, line: Number(line), column: Math.max(1, Number(column)), ...(symbol === undefined ? {} : { symbol: symbol.replace(/ \[as .*\]$/, '') }) });
  }
  if (broken?.[1] !== undefined) found.unshift({ path: broken[1], line: Number(broken[2]) });
  return found;
}

/** Python prints the innermost frame last, with the code below it; chained exceptions: the last one is what was raised. */
function readPython(trace: string): readonly RawFrame[] {
  const last = trace.split(/\n(?:During handling of the above exception|The above exception was the direct cause)[^\n]*\n/).at(-1) ?? trace;
  const found: RawFrame[] = [];
  for (const match of last.matchAll(/^\s*File "([^"]+)", line (\d+)(?:, in (.+))?(?:\n\s+(\S.*))?/gm)) {
    const [, path = '', line, symbol, code] = match;
    found.push({ path, line: Number(line), ...(symbol === undefined ? {} : { symbol }), ...(code === undefined || code.startsWith('File "') ? {} : { code }) });
  }
  return found.reverse();
}

/** "at shop.Cart.total(Cart.java:12)": the package gives the folder. */
function readJava(trace: string): readonly RawFrame[] {
  const found: RawFrame[] = [];
  for (const match of trace.matchAll(/^\s*at (?:[\w.@-]*\/)*([\w$.]+)\.([\w$<>]+)\(([\w$-]+\.(?:java|kt|scala|groovy)):(\d+)\)/gm)) {
    const [, type = '', method = '', file = '', line] = match;
    if (/^(?:java|javax|jdk|sun|org\.junit|org\.opentest4j|org\.assertj|org\.hamcrest|org\.apache\.maven|org\.gradle)\./.test(type)) continue;
    found.push({ path: [...type.split('.').slice(0, -1), file].join('/'), line: Number(line), symbol: method });
  }
  return found;
}

/** The panic's own place first, then "at ./src/cart.rs:10:9" of the backtrace. */
function readRust(trace: string): readonly RawFrame[] {
  const found: RawFrame[] = [];
  for (const match of trace.matchAll(/(?:panicked at (?:'[\s\S]*?', )?|^\s+at )(\.?[^\s:]+\.rs):(\d+):(\d+)/gm)) {
    const [, path = '', line, column] = match;
    if (!path.startsWith('/rustc/')) found.push({ path, line: Number(line), column: Number(column) });
  }
  return found;
}

/** "\t/a/cart.go:8 +0x31" below the function's name. */
function readGo(trace: string): readonly RawFrame[] {
  const found: RawFrame[] = [];
  for (const match of trace.matchAll(/^([\w./*()[\]-]+)\([^\n]*\)\n\t(\S+\.go):(\d+)/gm)) {
    const [, symbol = '', path = '', line] = match;
    found.push({ path, line: Number(line), symbol: (symbol.split('/').at(-1) ?? symbol).replace(/^\w+\./, '') });
  }
  return found;
}

/** "src/a.ts(3,5): error", "src/a.go:3:5: undefined", " --> src/a.rs:3:5", "/a/B.java:3: error:". */
function readCompiler(trace: string): readonly RawFrame[] {
  const found: RawFrame[] = [];
  for (const match of trace.matchAll(/^(?:\[ERROR\] )?(?:\s*--> )?((?:\.{1,2}\/|\/)?[\w@.+-][\w@./+-]*\.(?:[cm]?tsx?|go|rs|java|py))(?:\((\d+),(\d+)\)|:(\d+)(?::(\d+))?)(?::|\s|$)/gm)) {
    const [, path = '', line, column, line2, column2] = match;
    const at = column ?? column2;
    found.push({ path, line: Number(line ?? line2), ...(at === undefined ? {} : { column: Math.max(1, Number(at)) }) });
  }
  return found;
}
