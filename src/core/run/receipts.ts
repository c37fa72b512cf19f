/** Decides how proof is made and checked: each receipt is hashed over its own fields and the hash of the one before. */
import type { Receipt } from '../domain/receipt.ts';
import type { Clock, Hashing, Ids, Store } from '../ports.ts';
import { canonicalJson } from '../util/canonicalJson.ts';
import type { RunLog } from './log.ts';

/** What the host found by running something; id, chain and hash are made here. */
export type Proof = Omit<Receipt, 'id' | 'previous' | 'hash' | 'run' | 'at'>;

export interface ReceiptBook {
  /** Makes the next receipt of the workspace, stores it, and logs it. @throws StoreFailed, StaleLease. */
  record(proof: Proof): Promise<Receipt>;
}

/** One book per run. Receipts asked for at the same time are chained in the order of the calls. */
export function createReceiptBook(parts: {
  readonly store: Pick<Store, 'lastReceipt' | 'appendReceipt'>;
  readonly log: Pick<RunLog, 'run' | 'epoch' | 'emit'>;
  readonly hashing: Hashing;
  readonly ids: Ids;
  readonly clock: Pick<Clock, 'now'>;
}): ReceiptBook {
  const { store, log, hashing, ids, clock } = parts;
  let tail: Promise<unknown> = Promise.resolve();

  async function next(proof: Proof): Promise<Receipt> {
    const last = await store.lastReceipt();
    const receipt = makeReceipt({ ...proof, id: ids.next('receipt'), previous: last?.hash ?? null, run: log.run, at: clock.now() }, hashing);
    await store.appendReceipt(log.epoch, receipt);
    log.emit('receipt.recorded', receipt);
    return receipt;
  }

  return {
    record(proof) {
      const made = tail.then(() => next(proof));
      tail = made.catch(() => undefined); // the caller hears of it; the next receipt does not depend on this one
      return made;
    },
  };
}

export function makeReceipt(fields: Omit<Receipt, 'hash'>, hashing: Hashing): Receipt {
  return { ...fields, hash: hashing.sha256(canonicalJson(fields)) };
}

export type ChainState =
  | { readonly kind: 'whole' }
  | { readonly kind: 'broken'; readonly id: string; readonly reason: string };

/** Receipts in the order they were made. The first may follow one that is not given: a run's part of the workspace's chain. */
export function verifyReceipts(receipts: readonly Receipt[], hashing: Hashing): ChainState {
  let previous: string | null | undefined;
  for (const receipt of receipts) {
    const { hash, ...fields } = receipt;
    if (hashing.sha256(canonicalJson(fields)) !== hash) return { kind: 'broken', id: receipt.id, reason: 'its fields do not give its hash: it was changed after it was made' };
    if (previous !== undefined && receipt.previous !== previous) return { kind: 'broken', id: receipt.id, reason: 'it does not follow the receipt before it: one was removed, added or moved' };
    previous = hash;
  }
  return { kind: 'whole' };
}
