/** Decides which texts candidates were made from: those that the store still has. */
import type { Store } from '../ports.ts';
import type { RunView } from '../run/view.ts';
import type { BaseOf } from './proof.ts';

export async function basesOf(store: Pick<Store, 'getBlob'>, view: Pick<RunView, 'candidates'>): Promise<BaseOf> {
  const texts = new Map<string, string>();
  for (const candidate of view.candidates.values()) {
    for (const { baseSha256 } of candidate.patch.edits) {
      const bytes = baseSha256 === null || texts.has(baseSha256) ? undefined : await store.getBlob(baseSha256);
      if (baseSha256 !== null && bytes !== undefined) texts.set(baseSha256, new TextDecoder().decode(bytes));
    }
  }
  return (sha256) => texts.get(sha256);
}
