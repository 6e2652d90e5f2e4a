import { performance } from 'node:perf_hooks';

export interface StoreClock {
  /** Epoch milliseconds. */
  now(): number;
  /** The store's clock said so just now. */
  set(now: number): void;
}

/**
 * The store's clock between two looks at it. It counts by a clock that nobody can set, so that
 * nodes whose own clocks are wrong, or jump, agree on when a delivery is due.
 */
export function createStoreClock(): StoreClock {
  let offset = Date.now() - performance.now();
  return {
    now: () => Math.floor(offset + performance.now()),
    set: (now) => void (offset = now - performance.now()),
  };
}
