import assert from 'node:assert/strict';
import * as z from 'zod';
import { EffectConflict, once, type Effect, type Interrupted } from '../../../src/core/run/effects.ts';

interface World {
  readonly steps: string[];
  readonly effects: Map<string, { intent: unknown; result?: unknown }>;
}

function effectIn(world: World, found: Interrupted<string> = { kind: 'redo' }): Effect<string> {
  return {
    key: 'write a', intent: { before: '1' }, result: z.string(),
    store: {
      async effect(key) {
        const known = world.effects.get(key);
        return known === undefined ? undefined : 'result' in known ? { state: 'done', result: known.result } : { state: 'intended', intent: known.intent };
      },
      async intend(_epoch, key, _run, intent) {
        world.steps.push('intend');
        world.effects.set(key, { intent });
      },
      async finishEffect(_epoch, key, result) {
        world.steps.push('finish');
        world.effects.set(key, { intent: world.effects.get(key)?.intent, result });
      },
    },
    log: { run: 'r', epoch: 1, emit: (type) => void world.steps.push(type), flush: async () => void world.steps.push('flush') },
    async decide(intent) {
      world.steps.push(`decide ${JSON.stringify(intent)}`);
      return found;
    },
  };
}

async function check(before: World['effects'], found: Interrupted<string>, expected: { readonly result?: string; readonly steps: readonly string[]; readonly error?: RegExp }): Promise<void> {
  const world: World = { steps: [], effects: before };
  const done = once(effectIn(world, found), async () => {
    world.steps.push('run');
    return 'ran';
  });
  if (expected.error === undefined) assert.equal(await done, expected.result);
  else await assert.rejects(done, (error: Error) => error instanceof EffectConflict && expected.error?.test(error.message) === true);
  assert.deepEqual(world.steps, expected.steps);
}

const begun = (): World['effects'] => new Map([['write a', { intent: { before: '1' } }]]);

describe('once', () => {
  it('stores the intent before it runs, and the result after', () =>
    check(new Map(), { kind: 'redo' }, { result: 'ran', steps: ['effect.intended', 'flush', 'intend', 'run', 'finish', 'effect.done'] }));
  it('never runs a finished effect again', () =>
    check(new Map([['write a', { intent: 0, result: 'then' }]]), { kind: 'redo' }, { result: 'then', steps: [] }));
  it('runs an interrupted effect again when the world is as before', () =>
    check(begun(), { kind: 'redo' }, { result: 'ran', steps: ['decide {"before":"1"}', 'run', 'finish', 'effect.done'] }));
  it('only notes the end of an interrupted effect when the world is as after', () =>
    check(begun(), { kind: 'done', result: 'found' }, { result: 'found', steps: ['decide {"before":"1"}', 'finish', 'effect.done'] }));
  it('touches nothing when the world is neither', () =>
    check(begun(), { kind: 'conflict', reason: 'a was edited since' }, { error: /a was edited since/, steps: ['decide {"before":"1"}'] }));
  it('leaves an effect that threw as begun, so that the next call looks first', async () => {
    const world: World = { steps: [], effects: new Map() };
    await assert.rejects(once(effectIn(world), async () => { throw new Error('disk'); }), /disk/);
    assert.equal(await once(effectIn(world), async () => 'second'), 'second');
    assert.deepEqual(world.steps, ['effect.intended', 'flush', 'intend', 'decide {"before":"1"}', 'finish', 'effect.done']);
  });
  it('refuses a stored result that does not fit', async () => {
    const world: World = { steps: [], effects: new Map([['write a', { intent: 0, result: 7 }]]) };
    await assert.rejects(once(effectIn(world), async () => 'x'), /expected string/);
  });
});
