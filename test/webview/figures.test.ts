import assert from 'node:assert/strict';
import { foldRun } from '../../src/core/run/view.ts';
import { type Figures, figuresOf, runningCall, sourceFigures } from '../../src/webview/figures.ts';
import { GATES } from '../../src/webview/words.ts';
import { Gate } from '../../src/core/domain/candidate.ts';
import { bigRun } from '../support/bigRun.ts';
import { recorder, sampleRun } from '../support/sampleRun.ts';

function check(events: Parameters<typeof foldRun>[0], expected: Partial<Figures>): void {
  const figures = figuresOf(foldRun(events));
  for (const [name, value] of Object.entries(expected)) assert.deepEqual(Object.entries(figures).find(([key]) => key === name)?.[1], value, name);
}

describe('figuresOf', () => {
  it('has none before the first call', () => check([], { roles: [], split: { queue: 0, load: 0, prompt: 0, reply: 0 }, firstTokenMs: null, totalMs: null, tokensPerSecond: null, reuse: null, context: null }));
  it('adds tokens up by role', () => check(sampleRun(), { roles: [
    { role: 'planner', calls: 1, prompt: 612, reply: 88, estimated: 0 }, { role: 'coder', calls: 2, prompt: 245, reply: 37, estimated: 0 }, { role: 'reviewer', calls: 1, prompt: 540, reply: 12, estimated: 0 },
  ] }));
  it('adds up how Ollama split its time', () => check(sampleRun(), { split: { queue: 160, load: 1_900, prompt: 37_100, reply: 7_600 } }));
  it('tells reuse and context where the log has them', () => check(bigRun(10), { reuse: 0.8, context: { used: 320, window: 8_192 } }));
  it('has tokens that equal the sums of the final records, and of the totals', () => {
    for (const events of [sampleRun(), bigRun(300)]) {
      const finished = events.flatMap((event) => (event.type === 'model.finished' ? [event.data.tokens] : []));
      const { roles } = figuresOf(foldRun(events));
      assert.equal(roles.reduce((sum, { prompt }) => sum + prompt, 0), finished.reduce((sum, { prompt }) => sum + prompt, 0));
      assert.equal(roles.reduce((sum, { reply }) => sum + reply, 0), finished.reduce((sum, { reply }) => sum + reply, 0));
      assert.deepEqual(foldRun(events).totals.tokens, { prompt: roles.reduce((sum, { prompt }) => sum + prompt, 0), reply: roles.reduce((sum, { reply }) => sum + reply, 0) });
    }
  });
  it('counts a cancelled call from its stream and says so', () => {
    const record = recorder();
    for (const event of bigRun(1).slice(0, -1)) record.emit(event.type, event.data as never); // each with its own data
    record.emit('model.finished', { call: 'call-0', state: 'cancelled', reply: '', toolCalls: [], tokens: { prompt: 300, reply: 9, estimated: true }, timings: { totalMs: 30, queueMs: 0, loadMs: 0, promptMs: 20, replyMs: 10, firstTokenMs: 20 }, done: null, error: null });
    check(record.events, { roles: [{ role: 'coder', calls: 1, prompt: 300, reply: 9, estimated: 1 }], tokensPerSecond: null });
  });
});

describe('sourceFigures', () => {
  it('says of each source where its candidates fell', () => {
    const told = sourceFigures(foldRun(sampleRun()), GATES).map(({ source, offered, passed, chosen, fell, stopped }) => ({ source, offered, passed, chosen, fell, stopped }));
    assert.deepEqual(told, [
      { source: 'mechanical', offered: 1, passed: 0, chosen: false, fell: [{ gate: 'target', count: 1 }], stopped: 'no more edits' },
      { source: 'cloze', offered: 2, passed: 1, chosen: true, fell: [{ gate: 'target', count: 1 }], stopped: 'a candidate passed' },
    ]);
  });
  it('knows every gate, in the order of the core', () => assert.deepEqual(GATES, Gate.options));
});

describe('runningCall', () => {
  it('is the call that is waited for', () => assert.equal(runningCall(foldRun(bigRun(1).slice(0, -1)))?.call, 'call-0'));
  it('is none when the run is over', () => assert.equal(runningCall(foldRun(sampleRun())), undefined));
});
