/** Decides what of an event goes to a panel at once: every number, and of each text only so much as a line can show. */
import type { RunEvent } from '../core/domain/event.ts';

/** A line in a panel shows some 200 characters; reasons of a refusal or a failure want a few more. */
export const SLIM_CHARS = 600;
/** Whoever is asked must read all of it; the core limits these texts itself. */
const WHOLE: ReadonlySet<RunEvent['type']> = new Set(['approval.asked', 'approval.answered', 'user.advised', 'degraded']);
/** Lines run, by path: thousands of numbers that no panel draws. */
const LEFT_OUT = 'coverage';

/** The same event with its long texts cut; the event itself where nothing is long. */
export function slimEvent(event: RunEvent): RunEvent {
  if (WHOLE.has(event.type)) return event;
  const data = slim(event.data);
  return data === event.data ? event : { ...event, data } as RunEvent; // the same shape: only strings became shorter
}

/**
 * The events that a fold needs: of a call's progress only the last word, since each replaces the one before. Folding these gives
 * the same view as folding all, long texts aside.
 */
export function slimEvents(events: readonly RunEvent[]): readonly RunEvent[] {
  const lastProgress = new Map<string, number>();
  for (const event of events) if (event.type === 'model.progressed') lastProgress.set(event.data.call, event.seq);
  return events.filter((event) => event.type !== 'model.progressed' || lastProgress.get(event.data.call) === event.seq).map(slimEvent);
}

/** Not within a pair of surrogates: half a character would be drawn as an escape. */
function head(text: string): string {
  const last = text.charCodeAt(SLIM_CHARS - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? SLIM_CHARS - 1 : SLIM_CHARS);
}

/** The value itself where nothing of it changes: most events are short, and are walked without a copy. */
function slim(value: unknown): unknown {
  if (typeof value === 'string') return value.length > SLIM_CHARS ? `${head(value)}…` : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return slimList(value);
  let copy: Record<string, unknown> | undefined;
  for (const key in value) {
    const member: unknown = value[key as keyof typeof value]; // its own key, just listed
    const slimmed = key === LEFT_OUT ? undefined : slim(member);
    if (slimmed === member) continue;
    copy ??= { ...value };
    if (key === LEFT_OUT) delete copy[key];
    else copy[key] = slimmed;
  }
  return copy ?? value;
}

function slimList(items: readonly unknown[]): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (let i = 0; i < items.length; i += 1) {
    const slimmed = slim(items[i]);
    if (slimmed === items[i]) continue;
    copy ??= [...items];
    copy[i] = slimmed;
  }
  return copy ?? items;
}
