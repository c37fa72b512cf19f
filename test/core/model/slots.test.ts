import assert from 'node:assert/strict';
import type { Priority } from '../../../src/core/model/priority.ts';
import { createSlots } from '../../../src/core/model/slots.ts';

const signal = new AbortController().signal;
/** Lets everything that is ready run. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('slots', () => {
  /** Starts the calls in order on `count` slots, each ending only when told; gives the order in which they began. */
  async function check(count: number, calls: readonly Priority[], expected: readonly string[]): Promise<void> {
    const slots = createSlots(count);
    const began: string[] = [];
    const ends: (() => void)[] = [];
    const work = (name: string) => (stop: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        began.push(name);
        ends.push(resolve);
        stop.addEventListener('abort', () => reject(stop.reason), { once: true });
      });
    const all: Promise<void>[] = [];
    for (const [index, priority] of calls.entries()) {
      all.push(slots.run(priority, work(`${index}:${priority}`), () => undefined, signal));
      await settle();
    }
    for (let done = 0; done < expected.length; done++) {
      await settle();
      ends.shift()?.();
    }
    await settle();
    for (const end of ends) end();
    await Promise.all(all);
    assert.deepEqual(began, expected);
    assert.deepEqual([slots.running, slots.waiting], [0, 0]);
  }

  it('run calls in order of arrival when they are alike', () => check(1, ['repair', 'repair', 'repair'], ['0:repair', '1:repair', '2:repair']));
  it('run the more urgent of those that wait', () => check(1, ['repair', 'indexing', 'sample', 'verify'], ['0:repair', '3:verify', '2:sample', '1:indexing']));
  it('run as many at once as there are', () => check(2, ['repair', 'repair', 'verify'], ['0:repair', '1:repair', '2:verify']));
  it('make interactive work displace a repair, which runs again', () => check(1, ['repair', 'interactive'], ['0:repair', '1:interactive', '0:repair']));
  it('make a run displace only what nobody waits for', () => check(1, ['indexing', 'sample'], ['0:indexing', '1:sample', '0:indexing']));
  it('let verification end', () => check(1, ['verify', 'interactive'], ['0:verify', '1:interactive']));
  it('displace the least urgent, then the newest', () => check(2, ['repair', 'sample', 'interactive'], ['0:repair', '1:sample', '2:interactive', '1:sample']));

  it('let a call end that made room twice', async () => {
    const slots = createSlots(1);
    let starts = 0;
    let finish = (): void => undefined;
    const sample = slots.run('sample', (stop) => new Promise<void>((resolve, reject) => {
      starts++;
      finish = resolve;
      stop.addEventListener('abort', () => reject(stop.reason), { once: true });
    }), () => undefined, signal);
    await settle();
    for (let i = 0; i < 2; i++) {
      await slots.run('interactive', async () => undefined, () => undefined, signal);
      await settle();
    }
    const third = slots.run('interactive', async () => 'late', () => undefined, signal);
    await settle();
    assert.equal(starts, 3);
    finish();
    assert.equal(await third, 'late');
    await sample;
  });
  it('forget a call that is stopped while it waits', async () => {
    const slots = createSlots(1);
    const stop = new AbortController();
    const { promise, resolve } = Promise.withResolvers<void>();
    const first = slots.run('repair', () => promise, () => undefined, signal);
    const second = slots.run('repair', async () => assert.fail('never runs'), () => stop.abort(new Error('stopped')), stop.signal);
    await assert.rejects(second, /stopped/);
    assert.equal(slots.waiting, 0);
    resolve();
    await first;
  });
  it('give the slot back when work fails', async () => {
    const slots = createSlots(1);
    await assert.rejects(slots.run('repair', () => Promise.reject(new Error('bad')), () => undefined, signal), /bad/);
    assert.equal(await slots.run('repair', async () => 1, () => undefined, signal), 1);
  });
  it('start waiting calls when more slots are found', async () => {
    const slots = createSlots(1);
    const { promise, resolve } = Promise.withResolvers<void>();
    const both = [1, 2].map(() => slots.run('repair', () => promise, () => undefined, signal));
    await settle();
    assert.equal(slots.running, 1);
    slots.resize(2);
    await settle();
    assert.equal(slots.running, 2);
    resolve();
    await Promise.all(both);
  });
});
