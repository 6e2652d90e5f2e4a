import type { Failure, Success } from '../attempt/outcome.ts';
import { retryAfterMs } from './retry-after.ts';

/** The rules by which requests are tried again and webhooks switched off. */
export interface Policy {
  /** Delays before the re-attempts, in milliseconds; its length is their number. */
  readonly schedule: readonly number[];
  /** Consecutive failed calls of one request that switch its webhook off; 0: never. */
  readonly disableAfter: number;
}

/** A request's story up to and with the call just made. */
export interface RequestStory {
  /** Calls made, this one included. */
  readonly attempts: number;
  /** Failed calls in a row before this one, and since when. */
  readonly failures: number;
  readonly failingSince: number | null;
  /** A call that a person asked for: no re-attempt follows and nothing is switched off. */
  readonly isSingle: boolean;
}

/** What the verdict must know of the webhook. */
export interface WebhookStory {
  /** When it was last switched on: failures from before do not count. */
  readonly enabledAt: number;
  /** When it last answered any request well. */
  readonly lastSuccessAt: number | null;
}

/** What follows from an outcome: for the delivery, and for its webhook. */
export interface Verdict {
  readonly delivery:
    | { readonly kind: 'delivered' }
    | { readonly kind: 'retry'; readonly at: number }
    | { readonly kind: 'give-up'; readonly reason: 'exhausted' | 'single' };
  /** Failed calls in a row with this one; 0 after success. */
  readonly failures: number;
  readonly failingSince: number | null;
  /** `gone`: the receiver answered 410. `failing`: this request failed too often in a row. */
  readonly disable: 'failing' | 'gone' | null;
  /** The receiver asked to be left alone until then. */
  readonly pauseUntil: number | null;
}

/**
 * Decides what follows from an outcome. Pure: time and randomness (0 up to 1) are parameters.
 *
 * - Success ends the delivery.
 * - A failure is tried again after the schedule's next delay; jitter adds up to a tenth, so
 *   that requests which failed together do not return together. Past the last one the request has
 *   used up its re-attempts.
 * - The failure that makes `disableAfter` in a row switches the webhook off, unless it answered
 *   another request since this one's first failure: then the receiver lives and only this request
 *   is poison. The request keeps the re-attempts it has left.
 * - 410 switches the webhook off at once.
 * - `Retry-After` of a 429 or 503 moves the next attempt and pauses the whole lane, at most a day.
 */
export function decide(
  outcome: Success | Failure,
  request: RequestStory,
  webhook: WebhookStory,
  policy: Policy,
  now: number,
  random: number,
): Verdict {
  if (outcome.kind === 'success') {
    return {
      delivery: { kind: 'delivered' },
      failures: 0,
      failingSince: null,
      disable: null,
      pauseUntil: null,
    };
  }
  const pause = retryAfterMs(outcome.retryAfter, now);
  const pauseUntil = pause === null ? null : now + pause;
  if (request.isSingle) {
    const { failures, failingSince } = request;
    const delivery = { kind: 'give-up', reason: 'single' } as const;
    return { delivery, failures, failingSince, disable: null, pauseUntil };
  }

  const counts = request.failingSince !== null && request.failingSince >= webhook.enabledAt;
  const failures = counts ? request.failures + 1 : 1;
  // A failure of now is none from before, even where the clock that said so was ahead of this one.
  const failingSince = counts ? request.failingSince : Math.max(now, webhook.enabledAt);
  const isAlive = webhook.lastSuccessAt !== null && webhook.lastSuccessAt > failingSince;
  const hasFailedOut = policy.disableAfter > 0 && failures >= policy.disableAfter && !isAlive;

  const base = policy.schedule[request.attempts - 1];
  const delay =
    base === undefined ? null : Math.max(base, pause ?? 0) + Math.floor(base * 0.1 * random);
  return {
    delivery:
      delay === null
        ? { kind: 'give-up', reason: 'exhausted' }
        : { kind: 'retry', at: now + delay },
    failures,
    failingSince,
    disable: outcome.status === 410 ? 'gone' : hasFailedOut ? 'failing' : null,
    pauseUntil,
  };
}
