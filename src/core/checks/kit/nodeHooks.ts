/** Decides how a Node process is watched from inside: which code ran, and what a bare assertion compared. Both change nothing on disk. */

/**
 * Loaded by --require into every Node process of the check. At exit it writes one line: V8's block coverage of each script
 * inside the working folder, with the text that really ran, so that offsets and source maps fit whatever compiled it.
 */
export const NODE_COVERAGE = String.raw`'use strict';
const inspector = require('node:inspector');
const fs = require('node:fs');
const { pathToFileURL, fileURLToPath } = require('node:url');
const path = require('node:path');
const out = process.env.GROUNDCREW_OUT;
const root = process.env.GROUNDCREW_COVER_ROOT ? path.resolve(process.env.GROUNDCREW_COVER_ROOT) : process.cwd();
const SCRIPT_MAX = 2_000_000, TOTAL_MAX = 24_000_000;
if (out && !process.argv.some((word) => /[\\/](npm|npx|pnpm|yarn)(-cli)?\.[cm]?js$/.test(word))) {
  const session = connected();
  if (session) {
  session.post('Profiler.enable');
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  let done = false;
  const finish = () => {
    if (done) return;
    done = true;
    const scripts = new Map();
    session.on('Debugger.scriptParsed', ({ params }) => scripts.set(params.scriptId, params));
    session.post('Profiler.takePreciseCoverage', (error, taken) => {
      if (error) return;
      session.post('Debugger.enable');
      const found = [];
      let total = 0;
      for (const script of taken.result) {
        const file = fileOf(script.url);
        if (file === undefined) continue;
        let text;
        session.post('Debugger.getScriptSource', { scriptId: script.scriptId }, (failed, got) => { if (!failed) text = got.scriptSource; });
        if (text === undefined || text.length > SCRIPT_MAX || total + text.length > TOTAL_MAX) continue;
        total += text.length;
        found.push({ file, text, map: mapOf(scripts.get(script.scriptId)?.sourceMapURL ?? '', file), functions: script.functions.map((one) => one.ranges.map((range) => [range.startOffset, range.endOffset, range.count])) });
      }
      if (found.length > 0) fs.appendFileSync(out + '/coverage.jsonl', JSON.stringify({ v8: found }) + '\n');
    });
  };
  process.on('exit', finish);
  // Runners that keep their workers end them by a signal, or by closing the channel and killing soon after.
  process.once('SIGTERM', () => { finish(); process.exit(143); });
  process.once('disconnect', finish);
  }
}
// The thread of module hooks has no inspector: none of the workspace's code runs there.
function connected() {
  try { const session = new inspector.Session(); session.connect(); return session; } catch { return undefined; }
}
function fileOf(url) {
  let file;
  try { file = url.startsWith('file://') ? fileURLToPath(url.split(/[?#]/)[0]) : path.isAbsolute(url) ? url.split('?')[0] : undefined; } catch { return undefined; }
  if (file === undefined || file.includes(path.sep + 'node_modules' + path.sep)) return undefined;
  return file.startsWith(root + path.sep) ? file : undefined;
}
function mapOf(url, file) {
  try {
    if (url === '') return null;
    const inline = /^data:application\/json[^,]*?(;base64)?,(.*)$/s.exec(url);
    if (inline) return inline[1] ? Buffer.from(inline[2], 'base64').toString('utf8') : decodeURIComponent(inline[2]);
    const beside = path.resolve(path.dirname(file), decodeURIComponent(url.split('?')[0]));
    return beside.startsWith(root + path.sep) && fs.statSync(beside).size < SCRIPT_MAX * 2 ? fs.readFileSync(beside, 'utf8') : null;
  } catch { return null; }
}
`;

/**
 * Loaded by --require. Rewrites, in memory only, assert(left op right), assert.ok(…) and assert.strict(…) of the workspace's own
 * modules so that their error carries both values; lines stay where they are. A file that it cannot read safely runs unchanged.
 */
export const NODE_OPERANDS = String.raw`'use strict';
const Module = require('node:module');
const path = require('node:path');
const { fileURLToPath } = require('node:url');
const root = process.env.GROUNDCREW_COVER_ROOT ? path.resolve(process.env.GROUNDCREW_COVER_ROOT) : process.cwd();
const ours = (file) => file.startsWith(root + path.sep) && !file.includes(path.sep + 'node_modules' + path.sep);
const COMPARE = { '===': (a, b) => a === b, '!==': (a, b) => a !== b, '==': (a, b) => a == b, '!=': (a, b) => a != b, '<=': (a, b) => a <= b, '>=': (a, b) => a >= b, '<': (a, b) => a < b, '>': (a, b) => a > b };
globalThis.__groundcrewCompare = (left, operator, right, source, message) => {
  if (COMPARE[operator](left, right)) return true;
  if (message instanceof Error) throw message;
  const { AssertionError } = require('node:assert');
  const { inspect } = require('node:util');
  const show = (value) => inspect(value, { depth: 6, breakLength: 100 });
  throw new AssertionError({
    message: (message === undefined ? '' : message + ': ') + source + ' is false: left ' + show(left) + ', right ' + show(right),
    actual: left, expected: right, operator, stackStartFn: globalThis.__groundcrewCompare,
  });
};
// Strings, templates, comments and regular expressions are stepped over; what is left is code.
function skip(text, at) {
  const two = text.slice(at, at + 2);
  if (two === '//') { const end = text.indexOf('\n', at); return end < 0 ? text.length : end; }
  if (two === '/*') { const end = text.indexOf('*/', at + 2); return end < 0 ? text.length : end + 2; }
  const quote = text[at];
  if (quote === '"' || quote === "'") { let i = at + 1; while (i < text.length && text[i] !== quote && text[i] !== '\n') i += text[i] === '\\' ? 2 : 1; return i + 1; }
  if (quote === '\x60') {
    let i = at + 1;
    while (i < text.length && text[i] !== '\x60') {
      if (text[i] === '\\') i += 2;
      else if (text[i] === '$' && text[i + 1] === '{') { const end = close(text, i + 1); if (end < 0) return text.length; i = end + 1; }
      else i += 1;
    }
    return i + 1;
  }
  if (quote === '/' && /(?:^|[=(,:;!&|?{}[\n+*~^<>%-]|\breturn|\btypeof)\s*$/.test(text.slice(Math.max(0, at - 40), at))) {
    let i = at + 1, inClass = false;
    while (i < text.length && text[i] !== '\n' && (inClass || text[i] !== '/')) { if (text[i] === '\\') i += 1; else if (text[i] === '[') inClass = true; else if (text[i] === ']') inClass = false; i += 1; }
    return text[i] === '/' ? i + 1 : at + 1;
  }
  return at;
}
function close(text, at) {
  let depth = 0;
  for (let i = at; i < text.length; ) {
    const next = skip(text, i);
    if (next > i) { i = next; continue; }
    if ('([{'.includes(text[i])) depth += 1;
    else if (')]}'.includes(text[i])) { depth -= 1; if (depth === 0) return i; }
    i += 1;
  }
  return -1;
}
function rewrite(text) {
  if (!/\b(?:node:)?assert\b/.test(text)) return text;
  let done = '', from = 0;
  for (let i = 0; i < text.length; ) {
    const next = skip(text, i);
    if (next > i) { i = next; continue; }
    const call = /^assert(?:\.ok|\.strict)?(?=\s*\()/.exec(text.slice(i, i + 60));
    if (!call || /[\w$.]/.test(text[i - 1] ?? ' ') || /function\s+$/.test(text.slice(Math.max(0, i - 20), i))) { i += 1; continue; }
    const open = text.indexOf('(', i);
    const end = close(text, open);
    const swapped = end < 0 ? undefined : compare(text.slice(open + 1, end));
    if (swapped === undefined) { i = open + 1; continue; }
    done += text.slice(from, i) + swapped;
    from = end + 1;
    i = from;
  }
  return done + text.slice(from);
}
function compare(inner) {
  let operator, at = -1, comma = -1;
  for (let i = 0; i < inner.length; ) {
    const next = skip(inner, i);
    if (next > i) { i = next; continue; }
    if ('([{'.includes(inner[i])) { const end = close(inner, i); if (end < 0) return undefined; i = end + 1; continue; }
    if (inner[i] === ',') { comma = i; break; }
    if (inner.startsWith('=>', i) || inner[i] === '?' || inner.startsWith('&&', i) || inner.startsWith('||', i)) return undefined;
    const found = /^(?:===|!==|==|!=|<=|>=|<(?!<)|>(?!>))/.exec(inner.slice(i, i + 3))?.[0];
    if (found) { if (operator) return undefined; operator = found; at = i; i += found.length; continue; }
    if (inner.startsWith('<<', i) || inner.startsWith('>>', i)) return undefined;
    i += 1;
  }
  if (!operator) return undefined;
  const first = comma < 0 ? inner : inner.slice(0, comma);
  const message = comma < 0 ? '' : inner.slice(comma);
  return '__groundcrewCompare((' + inner.slice(0, at) + '), ' + JSON.stringify(operator) + ', (' + first.slice(at + operator.length) + '), ' + JSON.stringify(first.trim().replace(/\s+/g, ' ')) + message + ')';
}
const compile = Module.prototype._compile;
Module.prototype._compile = function (content, file, ...rest) {
  return compile.call(this, ours(file) ? rewrite(content) : content, file, ...rest);
};
if (typeof Module.registerHooks === 'function') {
  Module.registerHooks({
    load(url, context, next) {
      const loaded = next(url, context);
      if (!url.startsWith('file://') || loaded.source === null || loaded.source === undefined || !String(loaded.format).startsWith('module')) return loaded;
      return ours(fileURLToPath(url.split('?')[0])) ? { ...loaded, source: rewrite(typeof loaded.source === 'string' ? loaded.source : Buffer.from(loaded.source).toString('utf8')) } : loaded;
    },
  });
} else if (typeof Module.register === 'function' && require('node:worker_threads').isMainThread) {
  const loader = 'const root = ' + JSON.stringify(root) + ';\n' + [skip, close, rewrite, compare].map(String).join('\n') + '\n' +
    'export async function load(url, context, next) { const loaded = await next(url, context);' +
    'const file = url.startsWith("file://") ? decodeURIComponent(new URL(url).pathname) : "";' +
    'if (!file.startsWith(root + "/") || file.includes("/node_modules/") || loaded.source == null || !String(loaded.format).startsWith("module")) return loaded;' +
    'return { ...loaded, source: rewrite(typeof loaded.source === "string" ? loaded.source : Buffer.from(loaded.source).toString("utf8")) }; }';
  Module.register('data:text/javascript,' + encodeURIComponent(loader));
}
`;
