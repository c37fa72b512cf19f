/** Decides what crosses between the editor and its panels, both ways. What comes from a panel is never trusted: it is parsed here. */
import * as z from 'zod';
import type { RunEvent } from '../core/domain/event.ts';

/** A panel sends short intents only; anything bigger is not ours. */
export const INTENT_CHARS_MAX = 256 * 1024;

const Id = z.string().min(1).max(200);

/** What a panel can ask for a run; each is a command of the editor too. */
export const RunAction = z.enum(['apply', 'discard', 'stop', 'resume', 'retry', 'undo', 'trace', 'exportHtml', 'exportJson']);
export type RunAction = z.infer<typeof RunAction>;

/** What the empty panel offers; each is a command of the editor too. */
export const StartAction = z.enum(['fix']);
export type StartAction = z.infer<typeof StartAction>;

/** Where a long text is found: in events of its run. */
export const DetailOf = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('call'), id: Id }),
  z.object({ kind: z.literal('tool'), id: Id }),
  z.object({ kind: z.literal('candidate'), id: Id }),
  z.object({ kind: z.literal('check'), seq: z.int().min(1) }),
  z.object({ kind: z.literal('event'), seq: z.int().min(1) }),
]);
export type DetailOf = z.infer<typeof DetailOf>;

export const WebviewIntent = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ready') }).describe('Drawn for the first time: wants a snapshot.'),
  z.strictObject({ kind: z.literal('detail'), run: Id, request: z.int().min(1), of: DetailOf }),
  z.strictObject({ kind: z.literal('approve'), run: Id, id: Id, digest: Id, decision: z.enum(['once', 'run', 'workspace', 'refused']) }).describe('Counts once.'),
  z.strictObject({ kind: z.literal('act'), run: Id, action: RunAction }),
  z.strictObject({ kind: z.literal('start'), action: StartAction }),
  z.strictObject({ kind: z.literal('open'), run: Id, path: z.string().min(1).max(4_096), line: z.int().min(1) }),
]);
export type WebviewIntent = z.infer<typeof WebviewIntent>;

/** @throws nothing: a sentence says why it is no intent. */
export function readIntent(raw: unknown): { readonly intent: WebviewIntent } | { readonly refused: string } {
  const size = charsOf(raw);
  if (size === undefined) return { refused: 'it is no JSON' };
  if (size > INTENT_CHARS_MAX) return { refused: `it has ${size} characters, ${INTENT_CHARS_MAX} are the limit` };
  const parsed = WebviewIntent.safeParse(raw);
  return parsed.success ? { intent: parsed.data } : { refused: parsed.error.issues.slice(0, 3).map(({ path, message }) => `${path.join('.') || 'message'}: ${message}`).join('; ') };
}

/** undefined: JSON cannot say it. */
function charsOf(raw: unknown): number | undefined {
  try {
    return JSON.stringify(raw)?.length;
  } catch {
    return undefined;
  }
}

/** How a run stands for a person; everything else about it is folded from events. */
export type RunState = 'needs-you' | 'running' | 'ready' | 'done' | 'failed' | 'stopped' | 'interrupted';

export interface RunHead {
  readonly run: string;
  readonly title: string;
  readonly state: RunState;
  /** This window works on it: what runs can be stopped, what is asked can be answered. */
  readonly live: boolean;
  readonly actions: readonly RunAction[];
}

/** A long text that was asked for. Diffs of a candidate are made where the old text is. */
export interface Detail {
  /** Whole, as logged; a panel shows them as raw lines too. */
  readonly events: readonly RunEvent[];
  readonly diffs: readonly { readonly path: string; readonly text: string; readonly isWhole: boolean }[];
}

/** From the editor to a panel. Events are slim (slimEvent.ts): long texts are cut and come as details. */
export type HostMessage =
  | { readonly kind: 'empty' }
  /** Everything so far: at `ready`, when a hidden panel is shown again, when another run is chosen. `now`: the editor's clock. */
  | { readonly kind: 'snapshot'; readonly head: RunHead; readonly events: readonly RunEvent[]; readonly now: number }
  /** What happened since, in order. */
  | { readonly kind: 'events'; readonly run: string; readonly events: readonly RunEvent[] }
  | { readonly kind: 'head'; readonly head: RunHead }
  | { readonly kind: 'detail'; readonly request: number; readonly detail: Detail | null }
  /** Select what a place in the code leads back to. */
  | { readonly kind: 'reveal'; readonly run: string; readonly of: DetailOf }
  /** An intent was refused; a sentence for the person. */
  | { readonly kind: 'refused'; readonly reason: string };
