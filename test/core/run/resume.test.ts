import assert from 'node:assert/strict';
import type { OutcomeKind } from '../../../src/core/domain/outcome.ts';
import { finishedIn, whyNotResumable } from '../../../src/core/run/resume.ts';
import { foldRun } from '../../../src/core/run/view.ts';
import { recorder, sampleRun } from '../../support/sampleRun.ts';

describe('finishedIn', () => {
  const view = foldRun(sampleRun());

  it('answers every finished call from the log, once each', () => {
    const finished = finishedIn(view);
    const calls = [...view.calls.values()];
    const taken = calls.map((call) => finished.takeCall(call)?.call);
    assert.deepEqual(taken.toSorted(), calls.map(({ call }) => call).toSorted());
    assert.deepEqual(calls.map((call) => finished.takeCall(call)), calls.map(() => undefined));
  });

  it('gives answers to equal questions in the order they were asked', () => {
    const finished = finishedIn(view);
    const second = view.calls.get('call-2');
    assert.ok(second !== undefined);
    assert.deepEqual([finished.takeCall(second)?.call, finished.takeCall(second)?.call, finished.takeCall(second)?.call], ['call-2', 'call-3', undefined]);
  });

  it('knows another seed, text or model as another question', () => {
    const call = view.calls.get('call-1');
    assert.ok(call !== undefined);
    for (const other of [{ ...call, options: { ...call.options, seed: 8 } }, { ...call, model: 'other' }, { ...call, messages: [...call.messages, { role: 'user' as const, content: '' }] }]) {
      assert.equal(finishedIn(view).takeCall(other), undefined);
    }
  });

  it('does not answer from a call that was cancelled', () => {
    const events = sampleRun().map((event) => (event.type === 'model.finished' && event.data.call === 'call-1' ? { ...event, data: { ...event.data, state: 'cancelled' as const } } : event));
    const cancelled = foldRun(events);
    const call = cancelled.calls.get('call-1');
    assert.ok(call !== undefined);
    assert.equal(finishedIn(cancelled).takeCall(call), undefined);
  });

  it('finds a check by its key', () => {
    assert.equal(finishedIn(view).check('c3')?.outcome.passed, true);
    assert.equal(finishedIn(view).check('c4'), undefined);
  });
});

describe('whyNotResumable', () => {
  function check(kind: OutcomeKind, resumable: boolean): void {
    const events = sampleRun().map((event) => (event.type === 'run.finished' ? { ...event, data: { ...event.data, kind } } : event));
    assert.equal(whyNotResumable(foldRun(events)) === undefined, resumable);
  }
  for (const kind of ['stopped', 'error', 'environment', 'needs-approval'] as const) it(`lets a run go on that ended ${kind}`, () => check(kind, true));
  for (const kind of ['fixed', 'gave-up', 'reviewed'] as const) it(`leaves a run alone that ended ${kind}`, () => check(kind, false));
  it('lets a run go on that was cut off', () => {
    const record = recorder();
    record.emit('degraded', { what: 'x' });
    assert.equal(whyNotResumable(foldRun(record.events)), undefined);
  });
  it('says so when there is no such run', () => assert.match(whyNotResumable(foldRun([])) ?? '', /no such run/));
});
