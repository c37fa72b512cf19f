import assert from 'node:assert/strict';
import type { Receipt } from '../../../src/core/domain/receipt.ts';
import { createReceiptBook, verifyReceipts } from '../../../src/core/run/receipts.ts';
import { foldRun } from '../../../src/core/run/view.ts';
import { hashing } from '../../../src/node/hashing.ts';
import { createIds } from '../../../src/node/ids.ts';
import { sampleRun, sha } from '../../support/sampleRun.ts';

const chain = foldRun(sampleRun()).receipts;

/** `broken`: where in the chain it is seen; undefined: nowhere. */
function check(receipts: readonly Receipt[], broken: string | undefined): void {
  const state = verifyReceipts(receipts, hashing);
  assert.equal(state.kind === 'broken' ? state.id : undefined, broken);
}

describe('verifyReceipts', () => {
  it('finds a chain whole as it was made', () => check(chain, undefined));
  it('finds no receipts whole', () => check([], undefined));
  it('finds the later part of a chain whole', () => check(chain.slice(1), undefined));
  it('sees a changed field', () => check(chain.map((receipt, i) => (i === 1 ? { ...receipt, exit: 0, passed: true } : receipt)), 'receipt-c1'));
  it('sees a receipt that was taken out', () => check([...chain.slice(0, 1), ...chain.slice(2)], 'receipt-c2'));
  it('sees two that were swapped', () => check([chain[1], chain[0], ...chain.slice(2)].filter((receipt) => receipt !== undefined), 'receipt-base'));
  for (const field of Object.keys(chain[0] ?? {}).filter((name) => name !== 'hash')) {
    it(`covers ${field}`, () => {
      const first = chain[0];
      assert.ok(first !== undefined);
      assert.equal(verifyReceipts([{ ...first, [field]: 'other' }], hashing).kind, 'broken');
    });
  }
});

describe('createReceiptBook', () => {
  it('chains receipts that are asked for at the same time', async () => {
    const stored: Receipt[] = [];
    const logged: unknown[] = [];
    const book = createReceiptBook({
      store: { lastReceipt: async () => stored.at(-1), appendReceipt: async (_epoch, receipt) => void stored.push(receipt) },
      log: { run: 'r', epoch: 1, emit: (_type, data) => void logged.push(data) },
      hashing, ids: createIds(), clock: { now: () => 5 },
    });
    const proof = { tree: sha('t'), patch: null, argv: ['true'], cwd: '', environment: sha('e'), exit: 0, passed: true, log: sha('l'), confined: true, durationMs: 1 };
    await Promise.all([1, 2, 3, 4].map((durationMs) => book.record({ ...proof, durationMs })));
    assert.deepEqual(stored.map(({ durationMs }) => durationMs), [1, 2, 3, 4]);
    assert.deepEqual(verifyReceipts(stored, hashing), { kind: 'whole' });
    assert.deepEqual(logged, stored);
  });
});
