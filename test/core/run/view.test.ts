import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { EventData, RunEvent } from '../../../src/core/domain/event.ts';
import { applyEvent, foldRun, outcomeSoFar, RunFold, type RunView } from '../../../src/core/run/view.ts';
import { recorder, sampleRun, START_MS, type Recorder } from '../../support/sampleRun.ts';

/** Folds what `script` records and compares what `read` takes from the view. */
function check<T>(script: (record: Recorder) => void, read: (view: RunView) => T, expected: T): void {
  const record = recorder();
  script(record);
  assert.deepEqual(read(foldRun(record.events)), expected);
}

const task = (id: string, dependsOn: string[] = []) => ({ id, title: id, role: 'coder' as const, dependsOn, acceptance: '', files: [], estimateMs: null });
const started = (call: string): EventData<'model.started'> => ({ call, role: 'coder', task: null, purpose: 'cloze', model: 'm', host: 'h', endpoint: 'generate', messages: [], options: {}, promptTokens: 100 });
const finished = (call: string, prompt: number, reply: number, estimated = false): EventData<'model.finished'> => ({ call, state: estimated ? 'cancelled' : 'completed', reply: '', tokens: { prompt, reply, estimated }, timings: { totalMs: 50, queueMs: 10, loadMs: 0, promptMs: 30, replyMs: 10, firstTokenMs: 40 }, error: null });
const denied: EventData<'tool.called'> = { call: 't', role: 'planner', tool: 'write_file', arguments: { path: 'a' }, decision: 'denied', rule: 'never writes', durationMs: 0, cached: false, ok: false, result: '' };

describe('foldRun', () => {
  it('knows the whole of a sample run', () => {
    const view = foldRun(sampleRun());
    assert.equal(view.request?.command, 'fix');
    assert.deepEqual([...view.tasks.values()].map(({ id, state }) => `${id} ${state}`), ['reproduce done', 'locate done', 'fix-total done', 'docs skipped', 'review done']);
    assert.deepEqual([...view.candidates.values()].map(({ id, state, verdicts }) => `${id} ${state} ${verdicts.at(-1)?.gate}`), ['c1 failed target', 'c2 failed target', 'c3 chosen all']);
    assert.deepEqual(view.totals.tokens, { prompt: 612 + 214 + 31 + 540, reply: 88 + 19 + 18 + 12 });
    assert.deepEqual(view.refused, [{ role: 'planner', tool: 'write_file', rule: 'planner never writes', what: 'test/cart.test.js' }]);
    assert.equal(view.receipts.length, 4);
    assert.equal(view.outcome?.kind, 'fixed');
    assert.equal(view.effects.get('run-sample apply src/cart.js')?.done, true);
  });

  it('is the same for events that were stored and read again', () => {
    const events = sampleRun('<b>\u202e\ud800');
    const again: RunEvent[] = JSON.parse(JSON.stringify(events));
    assert.deepEqual(foldRun(again), foldRun(events));
  });

  it('gives nothing but empty lists for no events', () => {
    const view = foldRun([]);
    assert.deepEqual([view.seq, view.run, view.tasks.size, view.outcome, view.totals.tokens], [0, '', 0, null, { prompt: 0, reply: 0 }]);
  });

  it('keeps the state of tasks that a new plan keeps, drops those that never began, and marks those that did', () =>
    check((record) => {
      record.emit('plan.made', { by: 'model', plan: { tasks: [task('a'), task('b', ['a']), task('c')] } });
      record.emit('task.started', { task: 'a', attempt: 1 });
      record.emit('task.finished', { task: 'a', state: 'done', summary: 'yes' });
      record.emit('task.started', { task: 'b', attempt: 1 });
      record.emit('plan.made', { by: 'model', plan: { tasks: [task('a'), task('d', ['a'])] } });
    }, (view) => [...view.tasks.values()].map(({ id, state, planned }) => [id, state, planned]), [['b', 'running', false], ['a', 'done', true], ['d', 'waiting', true]]));

  it('counts a call once, also when its end is told twice or nobody saw it begin', () =>
    check((record) => {
      record.emit('model.started', started('x'));
      record.emit('model.finished', finished('x', 10, 2));
      record.emit('model.finished', finished('x', 10, 2));
      record.emit('model.finished', finished('never begun', 99, 99));
    }, (view) => view.totals, { tokens: { prompt: 10, reply: 2 }, estimatedCalls: 0, modelMs: 40, attempts: 0 }));

  it('makes running work wait again on resume, and counts a call that was cut off from its stream', () =>
    check((record) => {
      record.emit('plan.made', { by: 'rules', plan: { tasks: [task('a')] } });
      record.emit('task.started', { task: 'a', attempt: 1 });
      record.emit('model.started', started('x'));
      record.emit('model.progressed', { call: 'x', phase: 'writing', ratio: null, leftMs: null, tokens: 7 });
      record.wait(1_000);
      record.emit('degraded', { what: 'slow' });
      record.wait(86_400_000);
      record.emit('run.resumed', { pid: 1, epoch: 2 });
      record.wait(500);
      record.emit('task.started', { task: 'a', attempt: 1 });
    }, (view) => [view.tasks.get('a')?.state, view.tasks.get('a')?.attempts, view.calls.get('x')?.state, view.totals.tokens, view.totals.estimatedCalls, view.durationMs], ['running', 2, 'interrupted', { prompt: 100, reply: 7 }, 1, 1_500]));

  it('names a refusal once, however often it was met', () =>
    check((record) => {
      record.emit('tool.called', denied);
      record.emit('tool.called', denied);
      record.emit('tool.called', { ...denied, arguments: { path: 'b' } });
    }, (view) => view.refused.map(({ what }) => what), ['a', 'b']));

  it('lets a candidate that fell stay fallen', () =>
    check((record) => {
      record.emit('candidate.offered', { id: 'c', source: 'cloze', note: '', task: null, call: null, rank: 1, patch: { edits: [{ path: 'a', baseSha256: null, text: '' }] } });
      record.emit('candidate.gated', { candidate: 'c', verdict: { gate: 'target', passed: false, reason: 'no', receipt: null } });
      record.emit('candidate.gated', { candidate: 'c', verdict: { gate: 'all', passed: true, reason: '', receipt: null } });
    }, (view) => view.candidates.get('c')?.state, 'failed'));

  it('takes time from first to last event, and none back when the clock is set back', () =>
    check((record) => {
      record.emit('degraded', { what: 'a' });
      record.wait(200);
      record.emit('degraded', { what: 'b' });
      record.wait(-5_000);
      record.emit('degraded', { what: 'c' });
    }, (view) => view.durationMs, 200));
});

describe('foldRun over any run', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('start' as const), call: fc.integer({ min: 0, max: 5 }) }),
    fc.record({ kind: fc.constant('finish' as const), call: fc.integer({ min: 0, max: 5 }), prompt: fc.nat(5_000), reply: fc.nat(900), estimated: fc.boolean() }),
    fc.record({ kind: fc.constant('task' as const), task: fc.constantFrom('a', 'b', 'c'), state: fc.constantFrom('done' as const, 'failed' as const, 'started' as const) }),
    fc.record({ kind: fc.constant('resume' as const) }),
  );
  const runs = fc.array(step, { maxLength: 60 }).map((steps) => {
    const record = recorder();
    steps.forEach((each, i) => {
      record.wait(i);
      // Ids are used once each, as the log's are: a start takes the next one, an end names one of those begun.
      if (each.kind === 'start') record.emit('model.started', started(`call-${i}`));
      if (each.kind === 'finish') {
        const begun = record.events.filter((event) => event.type === 'model.started');
        const call = begun[each.call % Math.max(1, begun.length)];
        record.emit('model.finished', finished(call === undefined ? 'unknown' : call.data.call, each.prompt, each.reply, each.estimated));
      }
      if (each.kind === 'task' && each.state === 'started') record.emit('task.started', { task: each.task, attempt: 1 });
      else if (each.kind === 'task' && each.state !== 'started') record.emit('task.finished', { task: each.task, state: each.state, summary: '' });
      if (each.kind === 'resume') record.emit('run.resumed', { pid: 1, epoch: i + 1 });
    });
    return record.events;
  });

  it('adds up to exactly the tokens of its calls', () => {
    fc.assert(fc.property(runs, (events) => {
      const view = foldRun(events);
      const calls = [...view.calls.values()];
      assert.equal(view.totals.tokens.prompt, calls.reduce((sum, call) => sum + (call.tokens?.prompt ?? 0), 0));
      assert.equal(view.totals.tokens.reply, calls.reduce((sum, call) => sum + (call.tokens?.reply ?? 0), 0));
      assert.equal(view.totals.estimatedCalls, calls.filter((call) => call.tokens?.estimated === true).length);
      assert.deepEqual(outcomeSoFar(view).tokens, view.totals.tokens);
    }));
  });

  it('comes out the same however it is cut in two', () => {
    fc.assert(fc.property(runs, fc.nat(60), (events, cut) => {
      const fold = new RunFold();
      for (const event of events.slice(0, cut)) applyEvent(fold, event);
      for (const event of events.slice(cut)) applyEvent(fold, event);
      assert.deepEqual(fold, foldRun(events));
    }));
  });

  it('leaves nothing running after a resume', () => {
    fc.assert(fc.property(runs, (events) => {
      const record = { v: 1 as const, seq: events.length + 1, at: START_MS, run: 'run-sample', type: 'run.resumed' as const, data: { pid: 1, epoch: 9 } };
      const view = foldRun([...events, record]);
      assert.ok([...view.calls.values()].every((call) => call.state !== 'running'));
      assert.ok([...view.tasks.values()].every((each) => each.state !== 'running'));
    }));
  });
});
