import assert from 'node:assert/strict';
import type { RunEvent } from '../../src/core/domain/event.ts';
import { foldRun, type RunView } from '../../src/core/run/view.ts';
import { SLIM_CHARS, slimEvent, slimEvents } from '../../src/protocol/slimEvent.ts';
import { bigRun } from '../support/bigRun.ts';
import { recorder, sampleRun } from '../support/sampleRun.ts';

/** What a panel shows of it, long texts aside. */
function figures(view: RunView): unknown {
  return {
    ...view.totals, durationMs: view.durationMs, seq: view.seq, resumes: view.resumes,
    tasks: [...view.tasks.values()].map(({ id, state, attempts }) => [id, state, attempts]),
    calls: [...view.calls.values()].map(({ call, state, phase, ratio, progressTokens, tokens, timings }) => ({ call, state, phase, ratio, progressTokens, tokens, timings })),
    candidates: [...view.candidates.values()].map(({ id, state, verdicts }) => [id, state, verdicts.length]),
    checks: view.checks.length, tools: view.toolCalls.length, refused: view.refused.length, outcome: view.outcome?.kind,
  };
}

function check(events: readonly RunEvent[]): void {
  assert.deepEqual(figures(foldRun(slimEvents(events))), figures(foldRun(events)));
}

/** Cut off in mid-call, then resumed. */
function interrupted(): readonly RunEvent[] {
  const record = recorder();
  for (const event of sampleRun().slice(0, 9)) record.emit(event.type, event.data as never); // each with its own data
  record.emit('model.progressed', { call: 'call-1', phase: 'writing', ratio: null, leftMs: null, tokens: 7 });
  record.wait(50);
  record.emit('model.progressed', { call: 'call-1', phase: 'writing', ratio: null, leftMs: null, tokens: 30 });
  record.wait(5_000);
  record.emit('run.resumed', { pid: 1, epoch: 2 });
  return record.events;
}

describe('slimEvents', () => {
  it('folds to the same figures', () => check(sampleRun('x'.repeat(2_000))));
  it('folds to the same figures of a long run', () => check(bigRun(500)));
  it('folds to the same figures while calls are at work', () => check(bigRun(200).slice(0, 371)));
  it('folds to the same figures after a resume', () => check(interrupted()));
  it('keeps only the last word of each call', () => {
    const events = bigRun(100);
    const told = slimEvents(events).filter(({ type }) => type === 'model.progressed');
    assert.equal(told.length, events.filter(({ type }) => type === 'model.started').length);
  });
});

describe('slimEvent', () => {
  it('cuts long texts wherever they stand', () => {
    const [event] = bigRun(1).filter(({ type }) => type === 'model.started');
    assert.ok(event?.type === 'model.started');
    const long = { ...event, data: { ...event.data, messages: [{ role: 'user' as const, content: 'x'.repeat(100_000) }] } };
    const slim = slimEvent(long);
    assert.ok(JSON.stringify(slim).length < SLIM_CHARS + 1_000);
    assert.equal(long.data.messages[0]?.content.length, 100_000);
  });
  it('gives the event itself where nothing is long', () => {
    const [first] = sampleRun();
    assert.ok(first !== undefined && slimEvent(first) === first);
  });
  it('leaves a question whole: who is asked must read all of it', () => {
    const record = recorder();
    record.emit('approval.asked', { id: 'a', role: 'coder', tool: 'run_command', what: 'y'.repeat(5_000), why: '', rule: '', digest: 'd', risk: 'high' });
    const [asked] = record.events;
    assert.ok(asked !== undefined && slimEvent(asked) === asked);
  });
  it('never cuts a character in two', () => {
    const record = recorder();
    record.emit('task.finished', { task: 't', state: 'done', summary: `${'x'.repeat(SLIM_CHARS - 1)}😀 and more` });
    const slim = record.events.map(slimEvent)[0];
    assert.ok(slim?.type === 'task.finished' && slim.data.summary.isWellFormed(), 'a lone half would be drawn as an escape');
  });
});
