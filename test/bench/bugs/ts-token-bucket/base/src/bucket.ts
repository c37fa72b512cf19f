/** What is allowed: so many tokens at once, and so many more each second. */
export interface Allowance {
  readonly capacity: number;
  readonly perSecond: number;
}

export interface Bucket {
  tokens: number;
  /** When the tokens were last brought up to date, in milliseconds. */
  countedAt: number;
}

export function fullBucket({ capacity }: Allowance, now: number): Bucket {
  return { tokens: capacity, countedAt: now };
}

/** Adds what has come in since; a clock that was set back adds nothing. */
export function refill(bucket: Bucket, { capacity, perSecond }: Allowance, now: number): void {
  const elapsed = Math.max(0, now - bucket.countedAt);
  bucket.tokens = Math.min(capacity, bucket.tokens + (elapsed * perSecond) / 1_000);
  bucket.countedAt = now;
}

/** Milliseconds until there are so many tokens, rounded up. */
export function waitFor(bucket: Bucket, { perSecond }: Allowance, tokens: number): number {
  const missing = tokens - bucket.tokens;
  return missing <= 0 ? 0 : Math.ceil((missing * 1_000) / perSecond);
}
