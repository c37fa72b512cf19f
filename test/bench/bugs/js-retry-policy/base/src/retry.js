/**
 * @typedef {object} Policy
 * @property {number} attempts  How often it is tried at most, the first time included.
 * @property {number} firstDelayMs  Wait before the second attempt.
 * @property {number} factor  By which each wait is longer than the one before.
 * @property {number} longestDelayMs  No wait is longer than this.
 * @property {number} jitter  0: none; 0.2: up to 20 % of a wait is left out at random.
 */

/** @type {Policy} */
export const DEFAULT_POLICY = { attempts: 5, firstDelayMs: 200, factor: 2, longestDelayMs: 5_000, jitter: 0 };

/** Thrown when every attempt has failed. `errors` holds what each threw. */
export class GaveUp extends Error {
  constructor(errors) {
    super(`Gave up after ${errors.length} ${errors.length === 1 ? 'attempt' : 'attempts'}: ${errors.at(-1)?.message}`, { cause: errors.at(-1) });
    this.name = 'GaveUp';
    this.errors = errors;
  }
}

/** Wrap an error in this to say that trying again is of no use. */
export class Permanent extends Error {
  constructor(cause) {
    super(cause.message, { cause });
    this.name = 'Permanent';
  }
}

/** @param {Partial<Policy>} given @returns {Policy} */
export function completePolicy(given) {
  const policy = { ...DEFAULT_POLICY, ...given };
  if (!Number.isInteger(policy.attempts) || policy.attempts < 1) throw new RangeError('A policy has one attempt at least.');
  if (policy.firstDelayMs < 0 || policy.longestDelayMs < 0) throw new RangeError('A wait cannot be negative.');
  if (policy.factor < 1) throw new RangeError('Waits do not get shorter: the factor is 1 or more.');
  if (policy.jitter < 0 || policy.jitter > 1) throw new RangeError('Jitter is a share from 0 to 1.');
  return policy;
}

/** The wait before attempt number `attempt`, counted from 1: nothing before the first. */
export function delayBefore(attempt, policy, random = Math.random) {
  if (attempt <= 1) return 0;
  const full = policy.firstDelayMs * policy.factor ** (attempt - 2);
  const capped = Math.max(full, policy.longestDelayMs);
  return Math.round(capped * (1 - policy.jitter * random()));
}

/** All waits of a policy without jitter, in order. */
export function schedule(given = {}) {
  const policy = { ...completePolicy(given), jitter: 0 };
  return Array.from({ length: policy.attempts - 1 }, (_, index) => delayBefore(index + 2, policy));
}

/**
 * Calls `action` until it succeeds.
 * @template T
 * @param {(attempt: number) => Promise<T> | T} action
 * @param {Partial<Policy> & { wait?: (ms: number) => Promise<void>, random?: () => number, isWorthIt?: (error: Error) => boolean }} [options]
 * @returns {Promise<T>}
 */
export async function retry(action, { wait = pause, random = Math.random, isWorthIt = () => true, ...given } = {}) {
  const policy = completePolicy(given);
  const errors = [];
  for (let attempt = 1; attempt <= policy.attempts; attempt++) {
    const delay = delayBefore(attempt, policy, random);
    if (delay > 0) await wait(delay);
    try {
      return await action(attempt);
    } catch (error) {
      if (error instanceof Permanent) throw error.cause;
      errors.push(error);
      if (!isWorthIt(error)) throw error;
    }
  }
  throw new GaveUp(errors);
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
