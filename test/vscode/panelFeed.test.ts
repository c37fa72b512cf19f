import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { RunEvent } from '../../src/core/domain/event.ts';
import { applyEvent, foldRun, RunFold } from '../../src/core/run/view.ts';
import type { HostMessage, RunAction } from '../../src/protocol/webview.ts';
import { createPanelFeed, type PanelFeed, type PanelRun } from '../../src/vscode/panelFeed.ts';
import { bigRun } from '../support/bigRun.ts';
import { base, recorder, sampleRun, sha } from '../support/sampleRun.ts';

interface Rig extends Disposable {
  readonly feed: PanelFeed;
  readonly posted: HostMessage[];
  readonly done: string[];
  readonly log: string[];
  show(events: readonly RunEvent[], options?: { readonly live?: boolean; readonly actions?: readonly RunAction[] }): void;
  add(event: RunEvent): void;
  /** What a panel that got these messages has folded. */
  folded(): RunFold;
}

const STOP: readonly RunAction[] = ['stop'];

function openRig(): Rig {
  const posted: HostMessage[] = [];
  const done: string[] = [];
  const log: string[] = [];
  let run: (PanelRun & { readonly view: RunFold; readonly events: RunEvent[] }) | undefined;
  const note = (...parts: readonly unknown[]): Promise<undefined> => {
    done.push(parts.map((part) => (typeof part === 'string' ? part : JSON.stringify(part))).join(' '));
    return Promise.resolve(undefined);
  };
  const feed = createPanelFeed({
    shown: () => run,
    baseOf: async () => (hash) => (hash === sha(base) ? base : undefined),
    act: (id, action) => note('act', id, action), start: (action) => note('start', action), approve: (approval) => note('approve', approval), open: (_id, path, line) => note('open', path, line),
    post: (message) => void posted.push(message), log: (line) => void log.push(line),
  });
  return {
    feed, posted, done, log,
    show(events, { live = true, actions = STOP } = {}) {
      const view = new RunFold();
      for (const event of events) applyEvent(view, event);
      run = { run: view.run, title: 'Fix', state: 'running', live, view, events: [...events], actions };
    },
    add(event) {
      if (run === undefined) return;
      applyEvent(run.view, event);
      run.events.push(event);
      feed.changed();
    },
    folded() {
      let fold = new RunFold();
      for (const message of posted) {
        if (message.kind === 'snapshot') fold = new RunFold();
        if (message.kind === 'snapshot' || message.kind === 'events') for (const event of message.events) applyEvent(fold, event);
      }
      return fold;
    },
    [Symbol.dispose]: () => feed[Symbol.dispose](),
  };
}

async function eventually(holds: () => boolean, what: string): Promise<void> {
  for (let i = 0; i < 200; i += 1) {
    if (holds()) return;
    await delay(10);
  }
  assert.fail(what);
}

/** A run with one open question. */
function asking(): readonly RunEvent[] {
  const record = recorder();
  for (const event of sampleRun().slice(0, 6)) record.emit(event.type, event.data as never); // each with its own data
  record.emit('approval.asked', { id: 'ask-1', role: 'verifier', tool: 'run_check', what: 'npm test', why: 'first time', rule: 'check.new', digest: 'd1', risk: 'low' });
  return record.events;
}

describe('createPanelFeed', () => {
  it('says nothing before the panel is ready, then everything at once', async () => {
    using rig = openRig();
    rig.show(sampleRun());
    rig.feed.changed();
    await delay(80);
    assert.deepEqual(rig.posted, []);
    await rig.feed.receive({ kind: 'ready' });
    assert.deepEqual(rig.posted.map(({ kind }) => kind), ['snapshot']);
    assert.deepEqual(rig.folded().totals, foldRun(sampleRun()).totals);
  });
  it('says that there is no run', async () => {
    using rig = openRig();
    await rig.feed.receive({ kind: 'ready' });
    assert.deepEqual(rig.posted, [{ kind: 'empty' }]);
  });
  it('sends later events in batches, none twice, none left out', async () => {
    using rig = openRig();
    const events = bigRun(60);
    rig.show(events.slice(0, 10));
    await rig.feed.receive({ kind: 'ready' });
    for (const [i, event] of events.slice(10).entries()) {
      rig.add(event);
      if (i % 40 === 0) await delay(30);
    }
    await eventually(() => rig.folded().seq === events.length, 'the last event arrives');
    assert.deepEqual(rig.folded().totals, foldRun(events).totals);
    assert.ok(rig.posted.length < 20, `${rig.posted.length} messages for ${events.length} events`);
  });
  it('sends a long run in parts, so that nothing else of the editor waits', async () => {
    using rig = openRig();
    const events = bigRun(3_000);
    rig.show(events);
    await rig.feed.receive({ kind: 'ready' });
    await eventually(() => rig.folded().seq === events.length, 'the last event arrives');
    assert.deepEqual(rig.posted.map(({ kind }) => kind), ['snapshot', 'events', 'events', 'events']);
    assert.deepEqual(rig.folded().totals, foldRun(events).totals);
  });
  it('gives a panel that was hidden a whole snapshot', async () => {
    using rig = openRig();
    const events = sampleRun();
    rig.show(events.slice(0, 20));
    await rig.feed.receive({ kind: 'ready' });
    rig.feed.visible(false);
    for (const event of events.slice(20)) rig.add(event);
    await delay(80);
    assert.equal(rig.posted.length, 1);
    rig.feed.visible(true);
    assert.deepEqual(rig.posted.map(({ kind }) => kind), ['snapshot', 'snapshot']);
    assert.equal(rig.folded().outcome?.kind, 'fixed');
  });
  it('starts anew when another run is shown', async () => {
    using rig = openRig();
    rig.show(sampleRun());
    await rig.feed.receive({ kind: 'ready' });
    rig.show(bigRun(3));
    rig.feed.changed();
    await eventually(() => rig.folded().run === 'run-big', 'the other run arrives');
    assert.equal(rig.posted.at(-1)?.kind, 'snapshot');
  });
  it('gives the exact texts of a call when asked', async () => {
    using rig = openRig();
    rig.show(sampleRun('z'.repeat(5_000)));
    await rig.feed.receive({ kind: 'ready' });
    await rig.feed.receive({ kind: 'detail', run: 'run-sample', request: 7, of: { kind: 'call', id: 'call-1' } });
    const told = rig.posted.at(-1);
    assert.ok(told?.kind === 'detail' && told.request === 7);
    assert.deepEqual(told.detail?.events.map(({ type }) => type), ['model.started', 'model.finished']);
    assert.match(JSON.stringify(told.detail), /z{5000}/);
  });
  it('gives a candidate as a diff against the text that it was made from', async () => {
    using rig = openRig();
    rig.show(sampleRun());
    await rig.feed.receive({ kind: 'ready' });
    await rig.feed.receive({ kind: 'detail', run: 'run-sample', request: 1, of: { kind: 'candidate', id: 'c3' } });
    const told = rig.posted.at(-1);
    assert.ok(told?.kind === 'detail');
    assert.match(told.detail?.diffs[0]?.text ?? '', /^-.*lines\.length - 1.*\n\+.*lines\.length;/m);
  });
  it('says null of what the log does not have', async () => {
    using rig = openRig();
    rig.show(sampleRun());
    await rig.feed.receive({ kind: 'ready' });
    await rig.feed.receive({ kind: 'detail', run: 'run-sample', request: 2, of: { kind: 'check', seq: 1 } });
    assert.deepEqual(rig.posted.at(-1), { kind: 'detail', request: 2, detail: null });
  });
});

describe('intents of a panel', () => {
  const intents: readonly [string, unknown, { readonly done?: string; readonly log?: RegExp }][] = [
    ['does what is offered', { kind: 'act', run: 'run-sample', action: 'stop' }, { done: 'act run-sample stop' }],
    ['does not do what is not offered', { kind: 'act', run: 'run-sample', action: 'undo' }, { log: /cannot be done with this run now/ }],
    ['knows no other run', { kind: 'act', run: 'run-other', action: 'stop' }, { log: /not the one that is shown/ }],
    ['opens a file of the workspace', { kind: 'open', run: 'run-sample', path: 'src/cart.js', line: 6 }, { done: 'open src/cart.js 6' }],
    ['opens nothing above it', { kind: 'open', run: 'run-sample', path: '../secret', line: 1 }, { log: /no path inside/ }],
    ['opens nothing at the root', { kind: 'open', run: 'run-sample', path: '/etc/passwd', line: 1 }, { log: /no path inside/ }],
    ['opens no other scheme', { kind: 'open', run: 'run-sample', path: 'vscode:extension', line: 1 }, { log: /no path inside/ }],
    ['opens nothing with a backslash', { kind: 'open', run: 'run-sample', path: 'src\\..\\..\\x', line: 1 }, { log: /no path inside/ }],
    ['takes an answer with the digest of its question', { kind: 'approve', run: 'run-sample', id: 'ask-1', digest: 'd1', decision: 'once' }, { done: 'approve {"run":"run-sample","id":"ask-1","digest":"d1","decision":"once"}' }],
    ['takes none with another digest', { kind: 'approve', run: 'run-sample', id: 'ask-1', digest: 'd2', decision: 'once' }, { log: /has changed/ }],
    ['takes none to a question that nobody asked', { kind: 'approve', run: 'run-sample', id: 'ask-9', digest: 'd1', decision: 'once' }, { log: /no such question/ }],
    ['logs garbage and goes on', { kind: 'eval', code: 'process.exit()' }, { log: /was refused: kind/ }],
    ['logs what is too big', { kind: 'open', run: 'run-sample', path: 'x'.repeat(300_000), line: 1 }, { log: /characters/ }],
  ];
  for (const [what, intent, expected] of intents) {
    it(what, async () => {
      using rig = openRig();
      rig.show(asking());
      await rig.feed.receive({ kind: 'ready' });
      await rig.feed.receive(intent);
      assert.deepEqual(rig.done, expected.done === undefined ? [] : [expected.done]);
      if (expected.log === undefined) assert.deepEqual(rig.log, []);
      else assert.match(rig.log.join('\n'), expected.log);
    });
  }
  it('takes an answer once', async () => {
    using rig = openRig();
    rig.show(asking());
    const answer = { kind: 'approve', run: 'run-sample', id: 'ask-1', digest: 'd1', decision: 'once' };
    await rig.feed.receive(answer);
    await rig.feed.receive(answer);
    assert.equal(rig.done.length, 1);
    assert.match(rig.log.join('\n'), /answered already/);
  });
  it('takes no answer for a run of another window', async () => {
    using rig = openRig();
    rig.show(asking(), { live: false });
    await rig.feed.receive({ kind: 'approve', run: 'run-sample', id: 'ask-1', digest: 'd1', decision: 'once' });
    assert.deepEqual(rig.done, []);
    assert.match(rig.log.join('\n'), /does not work in this window/);
  });
});
