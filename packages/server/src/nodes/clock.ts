import { performance } from 'node:perf_hooks';

export interface StoreClock {
  /** Epoch milliseconds. */
  now(): number;
  /** The store's clock said so a moment ago. */
  set(now: number): void;
}

/** How long an answer that came quickly outweighs later ones that came slowly. */
const BEST_OF_MS = 30_000;

/**
 * The store's clock between two looks at it. It counts by a clock that nobody can set, so that
 * nodes whose own clocks are wrong, or jump, agree on when a delivery is due.
 *
 * An answer is late by as long as it took, so the one that was furthest ahead was nearest to the
 * truth: one that was held up by a busy machine must not set the clock back. Then a re-attempt would
 * come sooner than its delay when it is right again, and a failure seem older than its webhook.
 */
export function createStoreClock(elapsed: () => number = () => performance.now()): StoreClock {
  let best = Date.now() - elapsed();
  let current = -Infinity;
  let previous = -Infinity;
  let since = elapsed();
  return {
    now: () => Math.floor(best + elapsed()),
    set(now) {
      const at = elapsed();
      if (at - since > BEST_OF_MS) {
        previous = current;
        current = -Infinity;
        since = at;
      }
      current = Math.max(current, now - at);
      best = Math.max(current, previous);
    },
  };
}
