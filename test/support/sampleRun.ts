/** Decides what a run of every kind of event looks like: a small bug fixed with a plan, for tests of whatever reads events. */
import { createHash } from 'node:crypto';
import { createTwoFilesPatch } from 'diff';
import { eventData, SCHEMA_VERSION, type EventData, type EventType, type RunEvent } from '../../src/core/domain/event.ts';
import type { Role } from '../../src/core/domain/role.ts';
import { outcomeSoFar, foldRun } from '../../src/core/run/view.ts';
import { makeReceipt } from '../../src/core/run/receipts.ts';
import { hashing } from '../../src/node/hashing.ts';

export const START_MS = Date.UTC(2025, 4, 12, 9, 30);

export interface Recorder {
  readonly events: RunEvent[];
  emit<T extends EventType>(type: T, data: EventData<T>): void;
  wait(ms: number): void;
}

/** Events numbered and dated as the log would, with a clock that moves only by `wait`. */
export function recorder(run = 'run-sample'): Recorder {
  const events: RunEvent[] = [];
  let at = START_MS;
  return {
    events,
    emit(type, data) {
      events.push({ v: SCHEMA_VERSION, seq: events.length + 1, at, run, type, data: eventData[type].parse(data) } as RunEvent); // as in run/log.ts
    },
    wait(ms) {
      at += ms;
    },
  };
}

export const base = `import { priceOf } from './prices.js';

/** Sum of the lines, in cents. */
export function total(lines, discount) {
  let sum = 0;
  for (let i = 0; i < lines.length - 1; i += 1) {
    sum += priceOf(lines[i]) * lines[i].quantity;
  }
  return discount ? sum - sum * discount : sum;
}
`;
export const fixed = base.replace('lines.length - 1', 'lines.length');
const wrong = base.replace('sum - sum * discount', 'sum * discount');
export const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
const argv = ['node', '--test', 'test/cart.test.js'];
const check = { argv, cwd: '', runner: 'node-test' as const, origin: 'user' as const, scope: 'file' as const, definedBy: '' };
const failure = "total > counts every line\n\nAssertionError [ERR_ASSERTION]: Expected values to be strictly equal:\n\n300 !== 450\n\n    at TestContext.<anonymous> (test/cart.test.js:14:10)";

/** `hostile` is put wherever a model or a program could write text. */
export function sampleRun(hostile = ''): readonly RunEvent[] {
  const record = recorder();
  beginning(record, hostile);
  callFor(record, { call: 'call-1', role: 'planner', task: 'plan', purpose: 'plan', reply: `{"tasks": [{"title": "Count the last line"}]}${hostile}`, tokens: [612, 88], ms: [0, 1_900, 17_200, 4_900] });
  record.emit('plan.made', { plan: { tasks: [
    { id: 'reproduce', title: 'Reproduce the failure', role: 'verifier', dependsOn: [], acceptance: argv.join(' '), files: [], estimateMs: 2_000 },
    { id: 'locate', title: 'Find the lines that may hold it', role: 'verifier', dependsOn: ['reproduce'], acceptance: 'at most 10 suspects', files: [], estimateMs: 3_000 },
    { id: 'fix-total', title: `Count the last line in total()${hostile}`, role: 'coder', dependsOn: ['locate'], acceptance: argv.join(' '), files: ['src/cart.js'], estimateMs: 20_000 },
    { id: 'docs', title: 'Say so in the comment', role: 'coder', dependsOn: ['locate'], acceptance: 'the comment names discounts', files: ['src/cart.js'], estimateMs: null },
    { id: 'review', title: 'Read the change with fresh eyes', role: 'reviewer', dependsOn: ['fix-total', 'docs'], acceptance: 'no counter-example holds', files: [], estimateMs: 15_000 },
  ] }, by: 'model' });
  record.emit('task.started', { task: 'reproduce', attempt: 1 });
  checkFor(record, { key: 'base', purpose: 'base', candidate: null, passed: false, hostile });
  record.emit('task.finished', { task: 'reproduce', state: 'done', summary: '1 of 6 tests fails, twice alike' });
  record.emit('task.started', { task: 'locate', attempt: 1 });
  record.emit('suspects.ranked', { suspects: [
    { path: 'src/cart.js', line: 6, endLine: 6, symbol: 'total', score: 0.91, evidence: 'frame 2 of the failure; 0.91 by spectrum (Ochiai)' },
    { path: 'src/cart.js', line: 9, endLine: 9, symbol: 'total', score: 0.71, evidence: `0.71 by spectrum${hostile}` },
  ], by: 'spectrum and stack' });
  record.wait(900);
  record.emit('task.finished', { task: 'locate', state: 'done', summary: '2 suspects' });
  candidates(record, hostile);
  ending(record, hostile);
  return record.events;
}

function beginning(record: Recorder, hostile: string): void {
  record.emit('run.started', {
    request: { command: 'fix', words: `The total leaves out the last line of the cart${hostile}`, test: argv, file: null, line: null, paths: [] },
    workspace: '/home/mia/shop', model: 'qwen2.5-coder:1.5b', settings: { samples: 8 }, versions: { fixBug: '1', coder: '1' },
  });
  record.emit('message.sent', message('m1', 'orchestrator', 'verifier', 'delegate', 'request', `Run the user's check on the tree as it is.${hostile}`, null));
  record.emit('check.found', { checks: [check], chosen: 0 });
  record.emit('tool.called', { call: 't1', role: 'verifier', tool: 'run_check', arguments: { argv }, decision: 'approved', rule: 'typed with --test', durationMs: 412, cached: false, ok: true, result: `1 of 6 failed${hostile}` });
  record.emit('tool.called', { call: 't2', role: 'planner', tool: 'read_file', arguments: { path: 'src/cart.js' }, decision: 'allowed', rule: 'workspace read', durationMs: 3, cached: true, ok: true, result: base });
  record.emit('tool.called', { call: 't3', role: 'planner', tool: 'write_file', arguments: { path: `test/cart.test.js${hostile}` }, decision: 'denied', rule: 'planner never writes', durationMs: 0, cached: false, ok: false, result: 'planner may not call write_file' });
}

function candidates(record: Recorder, hostile: string): void {
  record.emit('task.started', { task: 'fix-total', attempt: 1 });
  const offers = [
    { id: 'c1', source: 'mechanical' as const, text: wrong, note: 'drop a term at src/cart.js:9', falls: `300 !== 450${hostile}` },
    { id: 'c2', source: 'cloze' as const, text: base.replace('let i = 0', `let i = 1${hostile}`), note: 'fill line 6', falls: 'total > counts every line still fails' },
    { id: 'c3', source: 'cloze' as const, text: fixed, note: 'fill line 6: lines.length - 1 to lines.length', falls: '' },
  ];
  callFor(record, { call: 'call-2', role: 'coder', task: 'fix-total', purpose: 'cloze', reply: `  for (let i = 1; i < lines.length; i += 1) {${hostile}`, tokens: [214, 19], ms: [120, 0, 5_100, 1_010] });
  callFor(record, { call: 'call-3', role: 'coder', task: 'fix-total', purpose: 'cloze', reply: '  for (let i = 0; i < lines.length; i += 1) {', tokens: [31, 18], ms: [40, 0, 800, 990] });
  for (const { id, source, text, note, falls } of offers) {
    record.emit('candidate.offered', { id, source, note, task: 'fix-total', call: source === 'cloze' ? `call-${id.slice(1)}` : null, rank: 1, patch: { edits: [{ path: 'src/cart.js', baseSha256: sha(base), text }] } });
    for (const gate of ['applies', 'guards', 'parses'] as const) record.emit('candidate.gated', { candidate: id, verdict: { gate, passed: true, reason: '', receipt: null } });
    const receipt = checkFor(record, { key: id, purpose: 'target', candidate: id, passed: falls === '', hostile });
    record.emit('candidate.gated', { candidate: id, verdict: { gate: 'target', passed: falls === '', reason: falls, receipt } });
  }
  record.emit('candidate.gated', { candidate: 'c3', verdict: { gate: 'all', passed: true, reason: '', receipt: 'receipt-c3' } });
  record.emit('sources.summarised', { source: 'mechanical', offered: 1, passed: 0, durationMs: 1_900, stopped: 'no more edits' });
  record.emit('sources.summarised', { source: 'cloze', offered: 2, passed: 1, durationMs: 8_100, stopped: 'a candidate passed' });
  record.emit('candidate.chosen', { candidate: 'c3', reason: 'the only one that passes every test', clusters: [{ candidates: ['c3'], differsOn: '' }] });
  record.emit('task.finished', { task: 'fix-total', state: 'done', summary: 'c3 passes the target and all tests' });
  record.emit('task.finished', { task: 'docs', state: 'skipped', summary: 'nothing to say' });
}

function ending(record: Recorder, hostile: string): void {
  record.emit('task.started', { task: 'review', attempt: 1 });
  callFor(record, { call: 'call-4', role: 'reviewer', task: 'review', purpose: 'review', reply: `[]${hostile}`, tokens: [540, 12], ms: [0, 0, 14_000, 700] });
  record.emit('message.sent', message('m2', 'reviewer', 'orchestrator', 'inform', 'response', `Nothing speaks against it.${hostile}`, 'm1'));
  record.emit('finding.reported', { id: 'f1', path: 'src/cart.js', line: 9, endLine: 9, column: 3, category: 'clarity', severity: 'info', claim: `A discount of 1 gives 0${hostile}`, evidence: 'return discount ? sum - sum * discount : sum;', proof: 'opinion' });
  record.emit('task.finished', { task: 'review', state: 'done', summary: 'no error findings' });
  record.emit('effect.intended', { key: 'run-sample apply src/cart.js', intent: { before: sha(base), after: sha(fixed) } });
  record.emit('patch.applied', { paths: ['src/cart.js'], patch: createTwoFilesPatch('src/cart.js', 'src/cart.js', base, fixed) });
  record.emit('effect.done', { key: 'run-sample apply src/cart.js', result: { sha256: sha(fixed) } });
  record.emit('degraded', { what: 'The server has no logprobs: candidates are not ordered by confidence.' });
  const view = foldRun(record.events);
  const receipt = view.receipts.at(-1);
  record.emit('run.finished', {
    ...outcomeSoFar(view), kind: 'fixed', patch: createTwoFilesPatch('src/cart.js', 'src/cart.js', base, fixed).replace(/^=+\n/, ''), applied: true,
    receipt: receipt === undefined ? null : { id: receipt.id, hash: receipt.hash, argv: receipt.argv, exit: receipt.exit }, reason: `total() left out the last line; every test passes with the change.${hostile}`,
  });
}

function callFor(record: Recorder, call: { readonly call: string; readonly role: Role; readonly task: string; readonly purpose: string; readonly reply: string; readonly tokens: readonly [number, number]; readonly ms: readonly [number, number, number, number] }): void {
  const [queueMs, loadMs, promptMs, replyMs] = call.ms;
  const [prompt, reply] = call.tokens;
  record.emit('model.started', {
    call: call.call, role: call.role, task: call.task, purpose: call.purpose, model: 'qwen2.5-coder:1.5b', host: '127.0.0.1:11434', endpoint: call.purpose === 'cloze' ? 'generate' : 'chat',
    messages: [{ role: call.purpose === 'cloze' ? 'user' : 'system', content: `// ${call.purpose}\n${base.slice(0, 180)}` }, { role: 'user', content: failure }], options: { temperature: 0, seed: 7, num_predict: 400 }, promptTokens: prompt,
  });
  record.emit('model.progressed', { call: call.call, phase: 'reading', ratio: 0.5, leftMs: promptMs / 2, tokens: 0 });
  record.wait(queueMs + loadMs + promptMs);
  record.emit('model.progressed', { call: call.call, phase: 'writing', ratio: null, leftMs: null, tokens: 4 });
  record.wait(replyMs);
  record.emit('model.finished', { call: call.call, state: 'completed', reply: call.reply, toolCalls: [], tokens: { prompt, reply, estimated: false }, timings: { totalMs: queueMs + loadMs + promptMs + replyMs, queueMs, loadMs, promptMs, replyMs, firstTokenMs: queueMs + loadMs + promptMs }, done: 'stop', error: null });
}

function checkFor(record: Recorder, run: { readonly key: string; readonly purpose: string; readonly candidate: string | null; readonly passed: boolean; readonly hostile: string }): string {
  record.wait(410);
  const id = `receipt-${run.key}`;
  const previous = foldRun(record.events).receipts.at(-1)?.hash ?? null;
  record.emit('receipt.recorded', makeReceipt({ id, previous, run: 'run-sample', tree: sha(run.key), patch: run.candidate === null ? null : sha(run.candidate), argv, cwd: '', environment: sha('environment'), exit: run.passed ? 0 : 1, passed: run.passed, log: sha(failure), confined: true, at: START_MS, durationMs: 410 }, hashing));
  record.emit('check.finished', {
    key: run.key, check, purpose: run.purpose, candidate: run.candidate, receipt: id, output: run.passed ? '# tests 6\n# pass 6\n# fail 0' : `# tests 6\n# pass 5\n# fail 1\n${failure}${run.hostile}`,
    outcome: { passed: run.passed, exit: run.passed ? 0 : 1, durationMs: 410, failure: run.passed ? '' : failure, tests: [
      { name: `total > counts every line${run.hostile}`, state: run.passed ? 'passed' : 'failed', expected: '450', actual: run.passed ? '450' : '300', message: run.passed ? '' : failure, frames: [] },
      { name: 'total > is 0 for no lines', state: 'passed', frames: [] },
    ] },
  });
  return id;
}

function message(id: string, sender: Role, receiver: Role, intent: 'ask' | 'inform' | 'delegate' | 'escalate', type: 'request' | 'response' | 'notification', body: string, replyTo: string | null): EventData<'message.sent'> {
  return { id, sender, receiver, intent, type, body, replyTo, correlation: 'run-sample', priority: 'normal', expects: 'nothing', expiresAt: null };
}
