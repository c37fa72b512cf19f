/** Decides how saved files of each folder are reviewed: the policy of the core, with this client's settings and whoever runs the review. */
import type { Finding } from '../core/domain/finding.ts';
import type { Clock, Hashing, Syntax } from '../core/ports.ts';
import { createOnSave, type OnSave, type ReviewEnd } from '../core/review/onSave.ts';
import { familyOf } from '../core/review/source.ts';
import type { ReviewAsked, ReviewSettings, StateTold } from '../protocol/languageServer.ts';
import type { Folder, Place } from './folders.ts';

export interface SavedReviewsParts {
  readonly clock: Clock;
  readonly hashing: Hashing;
  readonly syntax: Syntax;
  readonly settings: (folder: Folder) => ReviewSettings;
  readonly run: (asked: ReviewAsked, signal: AbortSignal) => Promise<ReviewEnd>;
  readonly publish: (folder: Folder, path: string, findings: readonly Finding[]) => void;
  readonly tell: (folder: Folder, path: string, state: Pick<StateTold, 'kind' | 'word'>) => void;
}

export interface SavedReviews extends Disposable {
  opened(place: Place, text: string): void;
  saved(place: Place, text: string): void;
  gone(place: Place): void;
  giveWay(why: string): void;
  free(): void;
  settled(): Promise<void>;
  /** A folder that the client closed. */
  leave(root: string): void;
}

export function createSavedReviews(parts: SavedReviewsParts): SavedReviews {
  const policies = new Map<string, OnSave>();
  let held: string | undefined;
  const of = (folder: Folder): OnSave => {
    const known = policies.get(folder.root) ?? policyOf(folder, parts);
    if (!policies.has(folder.root) && held !== undefined) known.giveWay(held);
    policies.set(folder.root, known);
    return known;
  };
  return {
    opened({ folder, path }, text) {
      void of(folder).opened(path, text);
    },
    saved({ folder, path }, text) {
      if (parts.settings(folder).onSave) of(folder).saved(path, text);
    },
    gone: ({ folder, path }) => policies.get(folder.root)?.gone(path),
    giveWay(why) {
      held = why;
      for (const policy of policies.values()) policy.giveWay(why);
    },
    free() {
      held = undefined;
      for (const policy of policies.values()) policy.free();
    },
    async settled() {
      await Promise.all([...policies.values()].map((policy) => policy.settled()));
    },
    leave(root) {
      policies.get(root)?.[Symbol.dispose]();
      policies.delete(root);
    },
    [Symbol.dispose]() {
      for (const policy of policies.values()) policy[Symbol.dispose]();
      policies.clear();
    },
  };
}

function policyOf(folder: Folder, { clock, hashing, syntax, run, publish, tell }: SavedReviewsParts): OnSave {
  return createOnSave({
    clock, hashing, memory: folder.memory,
    // Whoever else is at work here holds the workspace: the run says so by itself.
    busy: () => Promise.resolve(undefined),
    isLeftOut: async (path) => familyOf(syntax.languageOf(path)) === undefined || !(await folder.has(path)),
    review: async ({ path, text, diff }, signal) => await run({ uri: folder.uriOf(path), root: folder.root, path, text, background: true, ...(diff === undefined ? {} : { diff }) }, signal),
    publish: (path, findings) => publish(folder, path, findings),
    tell: ({ path, kind, word }) => tell(folder, path, { kind, word }),
  });
}
