/**
 * Decides when a long chat prompt is read in slices: requests of growing beginnings with num_predict 1, each filling the cache for
 * the next. A server notices a cancelled call only between prompts: measured on 0.11.4, 1.5B, two cores, the next call waited 39 s
 * after a prompt of 2,100 tokens was cancelled at 5 s. In slices that wait is one slice, and urgent work gets in between them.
 */
import type { WireMessage } from './models.ts';

/** Below this a cancelled prompt ends soon by itself. */
const NEW_TOKENS_MIN = 1_024;
/** Reading faster than this is not worth about 7 % more work (design, measured on 0.24). */
const READ_MS_MIN = 15_000;
/** About the wait that a cancelled slice may leave. */
const SLICE_MS = 12_000;
/** The server reads in batches of 512. */
const SLICE_TOKENS_MIN = 512;
const SLICES_MAX = 16;

export interface PrefillPlan {
  readonly messages: readonly WireMessage[];
  readonly countTokens: (text: string) => number;
  readonly cachedTokens: number;
  readonly newTokens: number;
  readonly readMs: number;
}

/** Growing beginnings of `messages`, shortest first, without the whole; empty when slicing does not pay. */
export function planSlices({ messages, countTokens, cachedTokens, newTokens, readMs }: PrefillPlan): readonly (readonly WireMessage[])[] {
  if (newTokens <= NEW_TOKENS_MIN || readMs < READ_MS_MIN) return [];
  const slices = Math.min(SLICES_MAX, Math.floor(newTokens / SLICE_TOKENS_MIN), Math.ceil(readMs / SLICE_MS));
  const step = newTokens / slices;
  const ends = Array.from({ length: slices - 1 }, (_, index) => cachedTokens + step * (index + 1));
  return ends.map((end) => beginning(messages, end, countTokens)).filter((slice) => slice.length > 0);
}

/** The messages up to about `tokens`, the last one cut after a line end, so that the tokens stay those of the whole. */
function beginning(messages: readonly WireMessage[], tokens: number, countTokens: (text: string) => number): readonly WireMessage[] {
  const taken: WireMessage[] = [];
  let left = tokens;
  for (const message of messages) {
    const size = countTokens(message.content);
    if (size >= left) {
      const cut = message.content.lastIndexOf('\n', Math.floor((message.content.length * left) / size));
      return cut > 0 && message.role !== 'system' ? [...taken, { ...message, content: message.content.slice(0, cut + 1) }] : taken;
    }
    taken.push(message);
    left -= size;
  }
  return [];
}
