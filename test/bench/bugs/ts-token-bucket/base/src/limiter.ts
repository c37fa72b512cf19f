import { fullBucket, refill, waitFor, type Allowance, type Bucket } from './bucket.ts';

export interface Verdict {
  readonly allowed: boolean;
  /** Whole tokens that are left. */
  readonly left: number;
  /** When to try again, in milliseconds from now; 0 where it was allowed. */
  readonly retryAfterMs: number;
}

export interface LimiterOptions {
  readonly now?: () => number;
  /** Buckets that nobody has used for so long are forgotten. */
  readonly forgetAfterMs?: number;
}

/** Limits how often each caller may do something. A refused request costs nothing. */
export class Limiter {
  readonly #allowance: Allowance;
  readonly #now: () => number;
  readonly #forgetAfterMs: number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(allowance: Allowance, { now = Date.now, forgetAfterMs = 3_600_000 }: LimiterOptions = {}) {
    if (allowance.capacity < 1 || allowance.perSecond <= 0) throw new RangeError('An allowance lets something through.');
    this.#allowance = allowance;
    this.#now = now;
    this.#forgetAfterMs = forgetAfterMs;
  }

  take(caller: string, cost = 1): Verdict {
    if (cost > this.#allowance.capacity) throw new RangeError(`No caller can ever spend ${cost} at once.`);
    const bucket = this.#bucketOf(caller);
    const allowed = bucket.tokens >= cost;
    if (allowed) bucket.tokens -= cost;
    refill(bucket, this.#allowance, this.#now());
    return {
      allowed,
      left: Math.floor(bucket.tokens),
      retryAfterMs: allowed ? 0 : waitFor(bucket, this.#allowance, cost),
    };
  }

  /** What take() would say, without taking anything. */
  peek(caller: string, cost = 1): Verdict {
    const bucket = { ...this.#bucketOf(caller) };
    refill(bucket, this.#allowance, this.#now());
    const allowed = bucket.tokens >= cost;
    return { allowed, left: Math.floor(bucket.tokens), retryAfterMs: allowed ? 0 : waitFor(bucket, this.#allowance, cost) };
  }

  /** Gives a caller the full allowance again. */
  reset(caller: string): void {
    this.#buckets.delete(caller);
  }

  /** Forgets idle callers; how many they were. */
  sweep(): number {
    const before = this.#buckets.size;
    for (const [caller, { countedAt }] of this.#buckets) {
      if (this.#now() - countedAt >= this.#forgetAfterMs) this.#buckets.delete(caller);
    }
    return before - this.#buckets.size;
  }

  get size(): number {
    return this.#buckets.size;
  }

  #bucketOf(caller: string): Bucket {
    const known = this.#buckets.get(caller);
    if (known !== undefined) return known;
    const bucket = fullBucket(this.#allowance, this.#now());
    this.#buckets.set(caller, bucket);
    return bucket;
  }
}
