/** Decides how long reading and writing should take, from what this model did before. */
import type { FinalRecord } from './models.ts';

/** Before the first measurement: the slowest that is still of use, two old cores with a 7B (design: 36 / 9 on two server cores). */
const READ_PER_SECOND_AT_FIRST = 30;
const WRITE_PER_SECOND_AT_FIRST = 5;
/** Fewer tokens measure the fixed cost of a call. */
const READ_TOKENS_MIN = 64;
const WRITE_TOKENS_MIN = 4;
const WEIGHT_OF_NEW = 0.3;

export interface Speed {
  /** Tokens a second; undefined before the first measurement. */
  readonly read: number | undefined;
  readonly write: number | undefined;
  readonly loadMs: number | undefined;
  readMs(tokens: number): number;
  writeMs(tokens: number): number;
  /** `newTokens`: of the prompt, what the cache did not have, by our own estimate. */
  observe(final: FinalRecord, newTokens: number): void;
}

export function createSpeed(): Speed {
  let read: number | undefined;
  let write: number | undefined;
  let loadMs: number | undefined;
  const mix = (old: number | undefined, now: number): number => (old === undefined ? now : old * (1 - WEIGHT_OF_NEW) + now * WEIGHT_OF_NEW);

  return {
    get read() {
      return read;
    },
    get write() {
      return write;
    },
    get loadMs() {
      return loadMs;
    },
    readMs: (tokens) => (tokens / (read ?? READ_PER_SECOND_AT_FIRST)) * 1_000,
    writeMs: (tokens) => (tokens / (write ?? WRITE_PER_SECOND_AT_FIRST)) * 1_000,
    observe(final, newTokens) {
      if (newTokens >= READ_TOKENS_MIN && final.promptMs > 0) read = mix(read, (newTokens / final.promptMs) * 1_000);
      if ((final.replyTokens ?? 0) >= WRITE_TOKENS_MIN && final.replyMs > 0) write = mix(write, ((final.replyTokens ?? 0) / final.replyMs) * 1_000);
      if (final.loadMs > 1_000) loadMs = final.loadMs;
    },
  };
}
