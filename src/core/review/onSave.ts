/** Decides when a saved file is read by the model, what of it, and what came of that; it knows neither editor nor server. */
import { createTwoFilesPatch } from 'diff';
import * as z from 'zod';
import { Finding } from '../domain/finding.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Clock, Hashing } from '../ports.ts';
import { changedRanges, touches } from './changedLines.ts';
import { placeNow } from './findings.ts';
import { whyNotRead } from './readable.ts';

/** After the last save: whoever saves in bursts is read once. */
export const AFTER_SAVE_MS = 1_500;
/** Contents of one file whose findings are kept: going back and forth between two costs nothing. */
const VERSIONS_MAX = 5;
/** An older finding this near to a change may have been answered by it. */
const NEAR_LINES = 3;

/** What is kept of one file, across restarts. */
export const ReviewedFile = z.object({
  /** As it was when it was read last: what changed since is counted from here. */
  text: z.string(),
  versions: z.array(z.object({ sha256: z.string(), findings: z.array(Finding) })).max(VERSIONS_MAX),
});
export type ReviewedFile = z.infer<typeof ReviewedFile>;

export interface ReviewJob {
  readonly path: string;
  readonly text: string;
  /** How the text differs from the one read last; undefined: there is none, so the whole file is new. */
  readonly diff: string | undefined;
}

export type ReviewEnd = { readonly kind: 'reviewed'; readonly findings: readonly Finding[] } | { readonly kind: 'skipped'; readonly why: string };

export interface OnSaveState {
  readonly kind: 'waiting' | 'reviewing' | 'reviewed' | 'skipped' | 'stopped';
  readonly path: string;
  /** For a status item; "" where the kind says it all. */
  readonly word: string;
}

export interface OnSaveParts {
  readonly clock: Clock;
  readonly hashing: Hashing;
  readonly memory: { read(path: string): Promise<ReviewedFile | undefined>; write(path: string, file: ReviewedFile): Promise<void> };
  /** Why nothing is read now ("Ollama is busy", "a run is at work"); undefined: go on. */
  busy(signal: AbortSignal): Promise<string | undefined>;
  /** Ignored by the workspace's own rules, or no code. */
  isLeftOut(path: string): Promise<boolean>;
  /** Rejects with the signal's reason as soon as it is aborted. */
  review(job: ReviewJob, signal: AbortSignal): Promise<ReviewEnd>;
  publish(path: string, findings: readonly Finding[]): void;
  tell(state: OnSaveState): void;
}

export interface OnSave extends Disposable {
  /** The text that a change will be counted from, where the file was never read. */
  opened(path: string, text: string): Promise<void>;
  saved(path: string, text: string): void;
  /** Renamed or deleted: a reading of it is pointless. */
  gone(path: string): void;
  /** Until `free`: a run is at work. What was being read is read again afterwards. */
  giveWay(why: string): void;
  free(): void;
  /** Nothing is waiting or being read any more. */
  settled(): Promise<void>;
}

/** Why a reading was cut off; none of them is a fault. */
class Cut extends Error {
  override readonly name = 'Cut';
  readonly kind: 'newer' | 'gone' | 'way';
  constructor(kind: Cut['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

export function createOnSave(parts: OnSaveParts): OnSave {
  const desk: Desk = { pending: new Map(), baselines: new Map(), waiting: undefined, current: undefined, held: undefined, working: Promise.resolve() };
  const cut = (kind: Cut['kind'], why: string, path = desk.current?.path): void => {
    if (desk.current?.path === path) desk.current?.stop.abort(new Cut(kind, why));
  };
  return {
    async opened(path, text) {
      if (desk.baselines.has(path)) return;
      desk.baselines.set(path, text);
      const past = await parts.memory.read(path).catch(() => undefined);
      const known = versionOf(past, text, parts.hashing) ?? versionOf(past, past?.text, parts.hashing);
      if (known !== undefined && !desk.pending.has(path) && desk.current?.path !== path) parts.publish(path, known.findings);
    },
    saved(path, text) {
      desk.pending.delete(path);
      desk.pending.set(path, text);
      cut('newer', 'saved again', path);
      if (desk.held === undefined) parts.tell({ kind: 'waiting', path, word: '' });
      else parts.tell({ kind: 'skipped', path, word: desk.held });
      schedule(parts, desk);
    },
    gone(path) {
      desk.pending.delete(path);
      desk.baselines.delete(path);
      cut('gone', 'the file is gone', path);
    },
    giveWay(why) {
      desk.held = why;
      cut('way', why);
    },
    free() {
      desk.held = undefined;
      if (desk.pending.size > 0) schedule(parts, desk);
    },
    async settled() {
      let seen: Promise<void> | undefined;
      while (seen !== desk.working) {
        seen = desk.working;
        await seen;
      }
    },
    [Symbol.dispose]() {
      desk.pending.clear();
      desk.waiting?.abort(new Cut('gone', 'closed'));
      cut('gone', 'closed');
    },
  };
}

interface Desk {
  /** Saved and not read, the one saved last at the end. */
  readonly pending: Map<string, string>;
  /** As opened; what was read last stands before it. */
  readonly baselines: Map<string, string>;
  waiting: AbortController | undefined;
  current: { readonly path: string; readonly stop: AbortController } | undefined;
  held: string | undefined;
  working: Promise<void>;
}

function schedule(parts: OnSaveParts, desk: Desk): void {
  desk.waiting?.abort(new Cut('newer', 'saved again'));
  const mine = new AbortController();
  desk.waiting = mine;
  const drained = parts.clock.delay(AFTER_SAVE_MS, mine.signal).then(() => drain(parts, desk), () => undefined);
  desk.working = Promise.all([desk.working, drained]).then(() => undefined);
}

/** One file after the other, the one saved last first. */
async function drain(parts: OnSaveParts, desk: Desk): Promise<void> {
  desk.waiting = undefined;
  while (desk.current === undefined && desk.waiting === undefined && desk.held === undefined) {
    const [path, text] = [...desk.pending].at(-1) ?? [];
    if (path === undefined || text === undefined) return;
    desk.pending.delete(path);
    const stop = new AbortController();
    desk.current = { path, stop };
    try {
      await readSaved(parts, { path, text, baseline: desk.baselines.get(path) }, stop.signal);
    } catch (error) {
      const cut: unknown = stop.signal.reason;
      if (cut instanceof Cut && cut.kind === 'way' && !desk.pending.has(path)) desk.pending.set(path, text);
      parts.tell(cut instanceof Cut ? { kind: 'stopped', path, word: cut.message } : { kind: 'skipped', path, word: error instanceof Error ? error.message : String(error) });
    } finally {
      desk.current = undefined;
    }
  }
}

interface Saved {
  readonly path: string;
  readonly text: string;
  readonly baseline: string | undefined;
}

async function readSaved(parts: OnSaveParts, { path, text, baseline }: Saved, signal: AbortSignal): Promise<void> {
  const skip = (why: string): void => parts.tell({ kind: 'skipped', path, word: why });
  const why = whyNotRead(path, text);
  if (why !== undefined) return skip(why);
  const past = await parts.memory.read(path);
  const sha256 = parts.hashing.sha256(text);
  const known = versionOf(past, text, parts.hashing);
  if (known !== undefined) {
    if (past !== undefined && past.text !== text) await parts.memory.write(path, { ...past, text });
    parts.publish(path, known.findings);
    return parts.tell({ kind: 'reviewed', path, word: 'unchanged' });
  }
  const base = past?.text ?? baseline;
  if (base === text) return parts.tell({ kind: 'reviewed', path, word: 'unchanged' });
  if (await parts.isLeftOut(path)) return skip('it is ignored here, or no code');
  const busy = await parts.busy(signal);
  signal.throwIfAborted();
  if (busy !== undefined) return skip(busy);
  parts.tell({ kind: 'reviewing', path, word: '' });
  const diff = base === undefined ? undefined : createTwoFilesPatch(path, path, base, text);
  const end = await parts.review({ path, text, diff }, signal);
  signal.throwIfAborted();
  if (end.kind === 'skipped') return skip(end.why);
  const findings = withOlder(end.findings, versionOf(past, past?.text, parts.hashing)?.findings ?? [], { text, diff });
  await parts.memory.write(path, { text, versions: [{ sha256, findings: [...findings] }, ...(past?.versions ?? [])].slice(0, VERSIONS_MAX) });
  parts.publish(path, findings);
  parts.tell({ kind: 'reviewed', path, word: '' });
}

/** How a run of `review` ended. Where the model did not answer, only the rules have read: that is no review to remember. */
export function reviewEndOf(outcome: Pick<Outcome, 'kind' | 'reason' | 'findings' | 'degraded'>): ReviewEnd {
  if (outcome.kind !== 'reviewed') return { kind: 'skipped', why: outcome.reason };
  const missing = outcome.degraded.find((what) => /^(?:no model|reviewer): /.test(what));
  return missing === undefined ? { kind: 'reviewed', findings: outcome.findings } : { kind: 'skipped', why: missing };
}

function versionOf(past: ReviewedFile | undefined, text: string | undefined, hashing: Hashing): ReviewedFile['versions'][number] | undefined {
  if (past === undefined || text === undefined) return undefined;
  const wanted = hashing.sha256(text);
  return past.versions.find(({ sha256 }) => sha256 === wanted);
}

/** Only what changed was read, so what was said of the rest still holds while its line stands. */
function withOlder(now: readonly Finding[], before: readonly Finding[], { text, diff }: { readonly text: string; readonly diff: string | undefined }): readonly Finding[] {
  const ranges = diff === undefined ? [] : changedRanges(diff);
  const older = before.flatMap((finding) => {
    const line = placeNow(finding, text);
    if (line === undefined || now.some(({ id }) => id === finding.id) || touches(ranges, line - NEAR_LINES, line + NEAR_LINES)) return [];
    return [{ ...finding, line, endLine: line + finding.endLine - finding.line }];
  });
  return [...now, ...older].toSorted((a, b) => a.line - b.line);
}
