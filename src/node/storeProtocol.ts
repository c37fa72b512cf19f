/** Decides what crosses between the store and its worker thread: one call and its answer, as plain data. */
import type { Holder, StoreFault } from '../core/run/storeErrors.ts';
import type { Journal } from './journal.ts';

type Methods = Omit<Journal, 'renew' | 'releaseHeld'>;
export type Method = keyof Methods;
export type Arguments<M extends Method> = Parameters<Methods[M]>;
export type Result<M extends Method> = ReturnType<Methods[M]>;

export type Call = { readonly [M in Method]: { readonly id: number; readonly method: M; readonly args: Arguments<M> } }[Method];

/** Errors as data: class and own fields do not survive the way between threads. */
export type Fault =
  | { readonly kind: 'stale'; readonly epoch: number; readonly newest: number }
  | { readonly kind: 'held'; readonly holder: Holder }
  | { readonly kind: 'failed'; readonly fault: StoreFault; readonly message: string };

export type Answer =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly error: Fault };
