/** Decides what a long run looks like: as many spans as asked for, in the mix of a real one, for lists, folds and drawing. */
import type { RunEvent } from '../../src/core/domain/event.ts';
import { base, type Recorder, recorder, sha } from './sampleRun.ts';

const ROLES = ['coder', 'reviewer', 'verifier', 'planner'] as const;
const SOURCES = ['mechanical', 'cloze', 'rewrite'] as const;
const argv = ['node', '--test', 'test/cart.test.js'];
/** Of ten spans: three model calls, three tool calls, two checks, two candidates. */
const MIX = ['call', 'tool', 'check', 'candidate', 'call', 'tool', 'check', 'candidate', 'call', 'tool'] as const;

/** Not finished; `spans` calls, tool calls, checks and candidates in all. */
export function bigRun(spans: number, run = 'run-big'): readonly RunEvent[] {
  const record = recorder(run);
  record.emit('run.started', { request: { command: 'fix', words: 'The total leaves out the last line', test: argv, file: null, line: null, paths: [] }, workspace: '/home/mia/shop', model: 'qwen2.5-coder:7b', settings: {}, versions: {} });
  record.emit('plan.made', { plan: { tasks: ['reproduce', 'locate', 'fix', 'review', 'apply'].map((id, i, all) => ({ id, title: `Step ${id}`, role: id === 'fix' ? 'coder' as const : 'verifier' as const, dependsOn: all.slice(Math.max(0, i - 1), i), acceptance: argv.join(' '), files: [], estimateMs: null })) }, by: 'rules' });
  for (const task of ['reproduce', 'locate']) {
    record.emit('task.started', { task, attempt: 1 });
    record.wait(300);
    record.emit('task.finished', { task, state: 'done', summary: 'done' });
  }
  record.emit('task.started', { task: 'fix', attempt: 1 });
  for (let i = 0; i < spans; i += 1) addSpan(record, i);
  return record.events;
}

function addSpan(record: Recorder, i: number): void {
  const role = ROLES[i % ROLES.length] ?? 'coder';
  record.wait(7);
  switch (MIX[i % MIX.length]) {
    case 'call': addCall(record, `call-${i}`, role); return;
    case 'tool': record.emit('tool.called', { call: `tool-${i}`, role, tool: 'read_file', arguments: { path: `src/file${i % 40}.js` }, decision: i % 50 === 1 ? 'denied' : 'allowed', rule: 'workspace read', durationMs: 2, cached: false, ok: i % 50 !== 1, result: base }); return;
    case 'check': record.emit('check.finished', { key: `check-${i}`, check: { argv, cwd: '', runner: 'node-test', origin: 'user', scope: 'file', definedBy: '' }, purpose: 'target', candidate: `c-${i - 9}`, receipt: null, output: `not ok ${i}`, outcome: { passed: false, exit: 1, durationMs: 5, failure: '300 !== 450', tests: [{ name: 'total > counts every line', state: 'failed', frames: [] }] } }); return;
    case 'candidate': case undefined: {
      record.emit('candidate.offered', { id: `c-${i}`, source: SOURCES[i % SOURCES.length] ?? 'cloze', note: `fill src/cart.js:${i}`, task: 'fix', call: null, rank: i, patch: { edits: [{ path: 'src/cart.js', baseSha256: sha(base), text: `${base}// ${i}\n` }] } });
      record.emit('candidate.gated', { candidate: `c-${i}`, verdict: { gate: 'target', passed: false, reason: 'total > counts every line still fails', receipt: null } });
    }
  }
}

function addCall(record: Recorder, call: string, role: (typeof ROLES)[number]): void {
  record.emit('model.started', { call, role, task: 'fix', purpose: 'fill src/cart.js:6', model: 'qwen2.5-coder:7b', host: '127.0.0.1:11434', endpoint: 'chat', messages: [{ role: 'user', content: base }], options: { num_ctx: 8_192 }, promptTokens: 300 });
  record.emit('model.progressed', { call, phase: 'reading', ratio: 0.4, leftMs: 900, tokens: 0 });
  record.wait(20);
  record.emit('model.progressed', { call, phase: 'writing', ratio: 0.5, leftMs: 200, tokens: 9 });
  record.wait(10);
  record.emit('model.finished', { call, state: 'completed', reply: 'const a = 1;', toolCalls: [], tokens: { prompt: 300, reply: 20, estimated: false }, timings: { totalMs: 30, queueMs: 1, loadMs: 0, promptMs: 19, replyMs: 10, firstTokenMs: 20 }, cachedTokens: 240, done: 'stop', error: null });
}
