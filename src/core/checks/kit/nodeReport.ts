/** Decides what our reporters for node:test and mocha write: one JSON line a test, in the output folder, never on stdout. */

/** Kept in each reporter: turns an error into plain data with the values that it compared and the code of its frames. */
const SHAPE = String.raw`
const { inspect } = require('node:util');
const fs = require('node:fs');
const out = process.env.GROUNDCREW_OUT;
const VALUE_MAX = 400, TEXT_MAX = 4000, FRAMES_MAX = 6;
const clip = (text, max) => (text.length > max ? text.slice(0, max) + '…' : text);
const show = (value) => clip(typeof value === 'string' ? JSON.stringify(value) : inspect(value, { depth: 6, breakLength: 100, maxArrayLength: 30 }), VALUE_MAX);
const has = (object, key) => object !== null && typeof object === 'object' && key in object;
// "fetch failed" says nothing; the system error below it does.
const why = (cause) => (has(cause, 'code') ? ' (' + String(cause.code) + (cause.message ? ': ' + String(cause.message) : '') + ')' : '');
function shape(raw) {
  let error = raw;
  for (let i = 0; i < 3 && has(error, 'cause') && (error.code === 'ERR_TEST_FAILURE' || error.failureType !== undefined); i++) error = error.cause;
  if (!has(error, 'message')) return { name: 'Error', message: clip(String(typeof error === 'string' ? error : inspect(error)), TEXT_MAX), stack: '', code: [] };
  const stack = clip(String(error.stack ?? ''), TEXT_MAX);
  // assert.ok compares nothing that a reader could use: "true" against "false".
  const bare = error.operator === '==' && error.expected === true;
  const compared = !bare && (has(error, 'actual') || has(error, 'expected'));
  return {
    name: String(error.name ?? 'Error'),
    message: clip(String(error.message) + why(error.cause), TEXT_MAX),
    stack,
    ...(compared && !(error.actual === undefined && error.expected === undefined) ? { actual: show(error.actual), expected: show(error.expected) } : {}),
    ...(typeof error.operator === 'string' ? { operator: error.operator } : {}),
    generated: error.generatedMessage === true,
    code: codeOf(stack),
  };
}
const texts = new Map();
function codeOf(stack) {
  const found = [];
  for (const match of stack.matchAll(/(?:file:\/\/)?((?:\/|[A-Za-z]:[\\/])[^\s()]*?):(\d+):\d+/g)) {
    const [, path, line] = match;
    if (path.includes('node_modules') || found.length >= FRAMES_MAX) continue;
    if (!texts.has(path)) { try { texts.set(path, fs.readFileSync(decodeURI(path), 'utf8').split('\n')); } catch { texts.set(path, []); } }
    const text = texts.get(path)[Number(line) - 1];
    if (text !== undefined) found.push({ path, line: Number(line), text: clip(text.trim(), 200) });
  }
  return found;
}
const write = (record) => { if (out) fs.appendFileSync(out + '/tests.jsonl', JSON.stringify(record) + '\n'); };
`;

/** A node:test reporter: an async generator over its events (Node 18.17 and later). Its stdout is what people read. */
export const NODE_TEST_REPORTER = String.raw`'use strict';
${SHAPE}
module.exports = async function* report(events) {
  const names = [];
  const printed = new Map();
  for await (const { type, data } of events) {
    if (type === 'test:start') { names.length = data.nesting; names[data.nesting] = data.name; }
    if (type === 'test:stderr' || type === 'test:stdout') yield data.message;
    if (type === 'test:stderr') { const key = require('node:path').resolve(data.file); printed.set(key, clip((printed.get(key) ?? '') + data.message, TEXT_MAX)); }
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    names[data.nesting] = data.name;
    const path = names.slice(0, data.nesting + 1);
    const details = data.details ?? {};
    const failed = type === 'test:fail' && data.todo === undefined;
    const suite = details.type === 'suite' || (failed && details.error?.failureType === 'subtestsFailed');
    if (suite && !(failed && details.error?.failureType !== 'subtestsFailed')) continue;
    const state = data.skip !== undefined || (data.todo !== undefined && type === 'test:fail') ? 'skipped' : failed ? 'failed' : 'passed';
    const record = { name: path.join(' > '), state, path: data.file, line: data.line, ms: details.duration_ms };
    if (failed) record.error = shape(details.error);
    // A file that dies before its tests says why on stderr only.
    const said = printed.get(require('node:path').resolve(data.file ?? data.name));
    if (failed && said && /^test failed$|^'?test failed'?/.test(record.error.message)) {
      record.path = record.path ?? require('node:path').resolve(data.name);
      const line = /^(?:\w+ \[\w+\]|\w*Error)\b.*$/m.exec(said);
      record.error = { name: '', message: line ? line[0] : said.trim().split('\n').slice(0, 6).join('\n'), stack: said, code: codeOf(said) };
    }
    write(record);
    yield (failed ? 'not ok - ' : 'ok - ') + record.name + '\n' + (failed ? record.error.stack + '\n' : '');
  }
};
`;

export const MOCHA_REPORTER = String.raw`'use strict';
${SHAPE}
module.exports = class Report {
  constructor(runner) {
    const record = (test, state, error) => {
      const name = (typeof test.titlePath === 'function' ? test.titlePath() : [test.title]).join(' > ');
      write({ name, state, path: test.file ?? test.parent?.file, ms: test.duration, ...(error === undefined ? {} : { error: shape(error) }) });
      process.stdout.write((state === 'failed' ? 'not ok - ' : 'ok - ') + name + '\n' + (error === undefined ? '' : String(error?.stack ?? error) + '\n'));
    };
    runner.on('pass', (test) => record(test, 'passed'));
    runner.on('pending', (test) => record(test, 'skipped'));
    runner.on('fail', (test, error) => record(test, 'failed', error ?? new Error('failed without an error')));
  }
};
`;
