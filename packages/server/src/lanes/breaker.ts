import { OPEN_AFTER } from '../store/operations/hot.ts';

/**
 * What a lane knows of its receiver's life. Plain state and what follows from events; no time in
 * it: when a lane is open, the next probe is due when the waiting delivery that has failed most
 * is, which is in the store.
 *
 * - closed: calls as the lane's concurrency allows.
 * - open, from `OPEN_AFTER` consecutive failures on: one probe at a time; everything else waits in
 *   the store and keeps its attempts.
 * - closed with a ramp, after the first success: 1 call at once, after a success 2, after two more
 *   4, … up to the lane's own concurrency. A receiver that comes back is not trampled.
 *
 * The count is that of the webhook's `errorCount` in the store, so a lane is open there and here
 * alike, and after a restart. Of several nodes each counts its own calls and the store counts all:
 * when it says that the lane opened or closed, the others follow.
 */
export interface Breaker {
  /** Consecutive failed calls. */
  readonly failures: number;
  /** Whose failures they are: one request's key, or that of several, or it is not known. */
  readonly suspect: number | 'several' | 'unknown';
  /** Calls at once until `successes` more went well; null: the lane's own concurrency. */
  readonly ramp: { readonly limit: number; readonly successes: number } | null;
}

export const CLOSED: Breaker = { failures: 0, suspect: 'unknown', ramp: null };

/** The state that the store knows: as it was, but for a ramp and for whose failures they were. */
export function restored(errorCount: number): Breaker {
  return errorCount === 0 ? CLOSED : { failures: errorCount, suspect: 'unknown', ramp: null };
}

/** What the store says of the calls of all nodes. */
export function following(breaker: Breaker, errorCount: number, concurrency: number): Breaker {
  const isOpenThere = errorCount >= OPEN_AFTER;
  if (isOpenThere === isOpen(breaker)) return breaker;
  return isOpenThere
    ? { ...breaker, failures: errorCount, ramp: null }
    : afterSuccess(breaker, concurrency);
}

export function isOpen({ failures }: Breaker): boolean {
  return failures >= OPEN_AFTER;
}

/** A call of the request with this key failed. */
export function afterFailure(breaker: Breaker, request: number): Breaker {
  const { failures, suspect, ramp } = breaker;
  return {
    failures: failures + 1,
    suspect: suspect === 'unknown' || suspect === request ? request : 'several',
    ramp: failures + 1 >= OPEN_AFTER ? null : ramp,
  };
}

/** A call of any request went well. `concurrency`: the lane's own. */
export function afterSuccess(breaker: Breaker, concurrency: number): Breaker {
  if (isOpen(breaker)) return { ...CLOSED, ramp: rampAt(1, concurrency) };
  if (breaker.ramp) return { ...CLOSED, ramp: climbed(breaker.ramp, concurrency) };
  return CLOSED;
}

/** Calls at once; while open, one. */
export function limitOf(breaker: Breaker, concurrency: number): number {
  if (isOpen(breaker)) return 1;
  return Math.min(breaker.ramp?.limit ?? concurrency, concurrency);
}

/**
 * While a lane is open by the failures of one request alone: that request. Then another one is
 * the next probe, at once: if it goes well, the receiver lives and the first is poison; if not,
 * the receiver is dead by the word of two. Without it poison in a quiet lane would hold up what
 * comes after it, and switch its webhook off.
 */
export function soleSuspect(breaker: Breaker): number | null {
  return isOpen(breaker) && typeof breaker.suspect === 'number' ? breaker.suspect : null;
}

function climbed(ramp: NonNullable<Breaker['ramp']>, concurrency: number): Breaker['ramp'] {
  return ramp.successes > 1
    ? { limit: ramp.limit, successes: ramp.successes - 1 }
    : rampAt(ramp.limit * 2, concurrency);
}

function rampAt(limit: number, concurrency: number): Breaker['ramp'] {
  return limit < concurrency ? { limit, successes: limit } : null;
}
