import assert from 'node:assert/strict';
import { foldRun } from '../../src/core/run/view.ts';
import type { HostMessage, RunHead } from '../../src/protocol/webview.ts';
import { createRunStore, type RunStore } from '../../src/webview/runStore.ts';
import { sampleRun } from '../support/sampleRun.ts';

const head: RunHead = { run: 'run-sample', title: 'Fix', state: 'running', live: true, actions: [] };
const events = sampleRun();
const snapshot: HostMessage = { kind: 'snapshot', head, events: events.slice(0, 30), now: 1_000 };

function check(messages: readonly HostMessage[]): RunStore {
  const store = createRunStore({ keepEvents: true });
  for (const message of messages) store.take(message, 400);
  return store;
}
function shownOf({ state }: RunStore) {
  assert.ok(state.kind === 'run');
  return state.shown;
}

describe('createRunStore', () => {
  it('waits for the first message', () => assert.equal(check([]).state.kind, 'loading'));
  it('folds what came, with the core\'s own fold', () => {
    const shown = shownOf(check([snapshot, { kind: 'events', run: 'run-sample', events: events.slice(30) }]));
    assert.deepEqual(shown.view, foldRun(events));
    assert.equal(shown.events.length, events.length);
    assert.equal(shown.skewMs, 600);
  });
  it('takes an event once, also when it is sent again', () => assert.deepEqual(shownOf(check([snapshot, { kind: 'events', run: 'run-sample', events: events.slice(20) }])).view, foldRun(events)));
  it('leaves events of another run alone', () => assert.deepEqual(shownOf(check([snapshot, { kind: 'events', run: 'run-other', events: events.slice(30) }])).view, foldRun(events.slice(0, 30))));
  it('starts anew with a snapshot', () => assert.deepEqual(shownOf(check([snapshot, snapshot])).view, foldRun(events.slice(0, 30))));
  it('knows where each check stands in the log', () => assert.deepEqual(shownOf(check([{ ...snapshot, events }])).checkSeqs, events.flatMap((event) => (event.type === 'check.finished' ? [event.seq] : []))));
  it('tells what was refused until something new is shown', () => {
    assert.equal(check([snapshot, { kind: 'refused', reason: 'no' }]).refusal, 'no');
    assert.equal(check([{ kind: 'refused', reason: 'no' }, snapshot]).refusal, undefined);
  });
  it('shows that there is no run', () => assert.equal(check([snapshot, { kind: 'empty' }]).state.kind, 'empty'));
});
