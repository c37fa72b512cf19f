/** Decides that a change to the outside world happens once, whatever dies in between: intent → effect → done. */
import type * as z from 'zod';
import type { Store } from '../ports.ts';
import type { RunLog } from './log.ts';

export interface Effect<T> {
  readonly store: Pick<Store, 'effect' | 'intend' | 'finishEffect'>;
  readonly log: Pick<RunLog, 'run' | 'epoch' | 'emit' | 'flush'>;
  /** Equal keys mean the same effect in this workspace, in any run: put the run's id in where each run has its own. */
  readonly key: string;
  /** What `decide` needs to compare with the world later: hashes before and after, the pre-image's blob. Plain JSON. */
  readonly intent: unknown;
  readonly result: z.ZodType<T>;
  /** Asked about an effect that was begun and never finished: look at the world and say what became of it. */
  decide(intent: unknown): Promise<Interrupted<T>>;
}

export type Interrupted<T> =
  /** The world is as before the effect. */
  | { readonly kind: 'redo' }
  /** The world is as after it. */
  | { readonly kind: 'done'; readonly result: T }
  /** Neither: somebody else was there. */
  | { readonly kind: 'conflict'; readonly reason: string };

/** An interrupted effect left the world in a state that is neither before nor after; a person decides. */
export class EffectConflict extends Error {
  override readonly name = 'EffectConflict';
  readonly key: string;
  readonly intent: unknown;
  constructor(key: string, intent: unknown, reason: string) {
    super(`An interrupted change cannot be finished: ${reason}. Nothing was touched; compare the files with the run's patch, then start a new run.`);
    this.key = key;
    this.intent = intent;
  }
}

/**
 * Runs the effect unless it is done already; then its stored result is returned. The intent is on disk before `run` begins.
 * When `run` throws the effect stays begun, and the next call asks `decide`. Calls with one key must follow each other: the store
 * refuses to begin an effect twice.
 * @throws EffectConflict; StoreFailed, StaleLease before anything ran; whatever `run` throws.
 */
export async function once<T>(effect: Effect<T>, run: () => Promise<T>): Promise<T> {
  const { store, log, key, intent } = effect;
  const known = await store.effect(key);
  switch (known?.state) {
    case 'done': return effect.result.parse(known.result);
    case 'intended': {
      const found = await effect.decide(known.intent);
      if (found.kind === 'conflict') throw new EffectConflict(key, known.intent, found.reason);
      return finish(effect, found.kind === 'done' ? found.result : await run());
    }
    case undefined:
      log.emit('effect.intended', { key, intent });
      await log.flush(); // the intent's own commit is a full one and takes these events to disk with it
      await store.intend(log.epoch, key, log.run, intent);
      return finish(effect, await run());
  }
}

async function finish<T>({ store, log, key }: Effect<T>, result: T): Promise<T> {
  await store.finishEffect(log.epoch, key, result);
  log.emit('effect.done', { key, result });
  return result;
}
