/** Decides how the server itself runs a review, for clients that cannot: a run like any other, with its log. */
import { createCrew } from '../core/crew.ts';
import { RunSettings } from '../core/domain/settings.ts';
import { WorkspaceHeld } from '../core/run/storeErrors.ts';
import { type ReviewEnd, reviewEndOf } from '../core/review/onSave.ts';
import { withPinnedFile } from '../core/review/pinnedFile.ts';
import { createNodeHost } from '../node/host.ts';
import type { ReviewAsked } from '../protocol/languageServer.ts';

export interface OwnReviewOptions {
  readonly model: string | undefined;
  readonly hosts: readonly string[];
  /** What happens to a question: nobody is there to ask. */
  readonly approve: 'safe' | 'never';
}

/** @throws the signal's reason; StoreFailed, HostFault where nothing can run at all. */
export async function reviewByOwnCrew(asked: ReviewAsked, options: OwnReviewOptions, signal: AbortSignal): Promise<ReviewEnd> {
  await using host = await createNodeHost({ cwd: asked.root, model: options.model, hosts: options.hosts, env: process.env, prompt: () => Promise.resolve('nobody'), signal });
  const { ports } = host;
  const crew = createCrew({ ...ports, files: withPinnedFile(ports.files, asked, ports.hashing), confirm: () => Promise.resolve('nobody') });
  const request = { command: 'review' as const, words: '', test: null, file: null, line: null, paths: [asked.path], background: asked.background, ...(asked.diff === undefined ? {} : { since: { [asked.path]: asked.diff } }) };
  try {
    const { outcome } = await crew.start(request, RunSettings.parse({ approve: options.approve }), () => undefined, signal);
    signal.throwIfAborted();
    return reviewEndOf(outcome);
  } catch (error) {
    if (error instanceof WorkspaceHeld) return { kind: 'skipped', why: 'another run is at work in this folder' };
    throw error;
  }
}
