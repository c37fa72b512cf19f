import assert from 'node:assert/strict';
import type { RunEvent } from '../../../src/core/domain/event.ts';
import type { Clock } from '../../../src/core/ports.ts';
import { createRunLog, type RunLog } from '../../../src/core/run/log.ts';
import { StaleLease, StoreFailed } from '../../../src/core/run/storeErrors.ts';
import { sampleRun } from '../../support/sampleRun.ts';

/** A store that keeps what it is given, holds it back until told, or fails. */
function memoryStore() {
  const batches: { readonly events: readonly RunEvent[]; readonly durable: boolean }[] = [];
  let failure: Error | undefined;
  let gate: Promise<void> = Promise.resolve();
  return {
    batches,
    stored: () => batches.flatMap(({ events }) => events.map(({ seq }) => seq)),
    fail(error: Error) {
      failure = error;
    },
    hold() {
      const held = Promise.withResolvers<void>();
      gate = held.promise;
      return held.resolve;
    },
    async append(_epoch: number, events: readonly RunEvent[], durable: boolean) {
      await gate;
      if (failure !== undefined) throw failure;
      batches.push({ events, durable });
    },
  };
}

/** A delay ends only when the test lets time pass. */
function handClock() {
  const waits: (() => void)[] = [];
  const clock: Clock = {
    now: () => 1_000,
    elapsedMs: () => 0,
    delay: (_ms, signal) => new Promise((resolve, reject) => {
      waits.push(resolve);
      signal.addEventListener('abort', () => reject(signal.reason));
    }),
  };
  return { clock, pass: () => { for (const wait of waits.splice(0)) wait(); } };
}

async function check(script: (parts: { log: RunLog; store: ReturnType<typeof memoryStore>; pass: () => void }) => Promise<void>, past: readonly RunEvent[] = []): Promise<void> {
  const store = memoryStore();
  const { clock, pass } = handClock();
  await script({ log: createRunLog({ store, lease: { epoch: 3 }, run: 'run-sample', clock, past }), store, pass });
}

const say = (log: RunLog, what: string): void => log.emit('degraded', { what });

describe('createRunLog', () => {
  it('numbers events from 1 and shows each at once, in order', () => check(async ({ log }) => {
    const seen: string[] = [];
    log.subscribe((event) => seen.push(`${event.seq} ${event.type}`));
    say(log, 'a');
    say(log, 'b');
    assert.deepEqual(seen, ['1 degraded', '2 degraded']);
    assert.deepEqual(log.view.degraded, ['a', 'b']);
    assert.deepEqual(log.events.map(({ at, run, v }) => [at, run, v]), [[1_000, 'run-sample', 1], [1_000, 'run-sample', 1]]);
  }));

  it('goes on counting where a resumed run stopped, and folds what came before', () => check(async ({ log, store }) => {
    const past = sampleRun().length;
    log.emit('run.resumed', { pid: 1, epoch: 3 });
    await log.flush();
    assert.deepEqual(store.stored(), [past + 1]);
    assert.equal(log.view.candidates.size, 3);
  }, sampleRun()));

  it('stores in batches: what came within one wait travels together', () => check(async ({ log, store, pass }) => {
    for (const what of ['a', 'b', 'c']) say(log, what);
    assert.equal(store.batches.length, 0);
    pass();
    await log.flush();
    assert.deepEqual(store.batches.map(({ events, durable }) => [events.length, durable]), [[3, false]]);
  }));

  it('stores a flood without waiting', () => check(async ({ log, store }) => {
    for (let i = 0; i < 2_500; i += 1) say(log, `${i}`);
    await log.flush();
    assert.equal(store.stored().length, 2_500);
  }));

  it('makes durable whatever came before, even when nothing is left to write', () => check(async ({ log, store }) => {
    say(log, 'a');
    await log.flush();
    await log.durable();
    assert.deepEqual(store.batches.map(({ events, durable }) => [events.length, durable]), [[1, false], [0, true]]);
  }));

  it('never has two appends under way, so that the stored part is always a beginning', () => check(async ({ log, store }) => {
    const release = store.hold();
    say(log, 'a');
    const first = log.flush();
    say(log, 'b');
    const second = log.flush();
    release();
    await Promise.all([first, second]);
    assert.deepEqual(store.stored(), [1, 2]);
  }));

  it('shows an event that a listener emits after the one that it answers, to every listener', () => check(async ({ log }) => {
    const seen: string[] = [];
    log.subscribe((event) => { if (event.seq === 1) say(log, 'echo'); });
    log.subscribe((event) => seen.push(`${event.seq}`));
    say(log, 'a');
    assert.deepEqual(seen, ['1', '2']);
  }));

  it('tells the other listeners when one throws, then throws', () => check(async ({ log }) => {
    const seen: number[] = [];
    log.subscribe(() => { throw new Error('console broke'); });
    log.subscribe((event) => seen.push(event.seq));
    assert.throws(() => say(log, 'a'), /console broke/);
    assert.deepEqual(seen, [1]);
    assert.equal(log.events.length, 1);
  }));

  it('stops telling a listener that was disposed', () => check(async ({ log }) => {
    const seen: number[] = [];
    const subscription = log.subscribe((event) => seen.push(event.seq));
    say(log, 'a');
    subscription[Symbol.dispose]();
    say(log, 'b');
    assert.deepEqual(seen, [1]);
  }));

  it('refuses data that does not fit its type, and keeps nothing of it', () => check(async ({ log, store }) => {
    assert.throws(() => log.emit('task.started', { task: 'a', attempt: 0 }), /attempt/);
    await log.flush();
    assert.deepEqual([log.events.length, store.stored().length], [0, 0]);
  }));

  for (const failure of [new StoreFailed('full', 'The disk is full.'), new StaleLease(3, 4)]) {
    it(`says ${failure.name} by its signal and by every flush, and goes on showing events`, () => check(async ({ log, store }) => {
      const seen: number[] = [];
      log.subscribe((event) => seen.push(event.seq));
      store.fail(failure);
      say(log, 'a');
      await assert.rejects(log.flush(), failure);
      assert.equal(log.failed.aborted, true);
      assert.equal(log.failed.reason, failure);
      say(log, 'b');
      assert.deepEqual(seen, [1, 2]);
      await assert.rejects(log.durable(), failure);
      await log[Symbol.asyncDispose](); // told already: a second error would hide the first
    }));
  }

  it('notices a failing store by itself, without a flush', () => check(async ({ log, store, pass }) => {
    store.fail(new StoreFailed('full', 'The disk is full.'));
    say(log, 'a');
    const failed = new Promise((resolve) => log.failed.addEventListener('abort', resolve));
    pass();
    await failed;
    assert.equal(log.failed.reason.kind, 'full');
  }));

  it('stops when the store cannot keep up, instead of filling memory', () => check(async ({ log, store }) => {
    store.hold();
    for (let i = 0; i < 201_100 && !log.failed.aborted; i += 1) say(log, 'flood');
    assert.equal(log.failed.reason.kind, 'busy');
  }));

  it('stores the rest when disposed, and takes no more', () => check(async ({ log, store }) => {
    say(log, 'a');
    await log[Symbol.asyncDispose]();
    await log[Symbol.asyncDispose]();
    assert.deepEqual(store.stored(), [1]);
    assert.throws(() => say(log, 'late'), /is closed; "degraded" came too late/);
  }));
});
