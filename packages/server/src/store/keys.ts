/**
 * Keys of events and deliveries: integers that grow in order and carry their time.
 *
 * key = unix milliseconds × 2048 + counter, at most 2^53 until the year 2109. Keys are known
 * before the commit, inserts append, and a span of time is a span of keys, so that filters by
 * time and partitions by day need no further index. 2048 keys a millisecond are more than any
 * store commits; a burst beyond runs ahead of the clock by the difference and loses nothing.
 */
const KEYS_PER_MS = 2048;
/** Of a day of UTC, which knows no summer time. */
export const DAY_MS = 24 * 3_600_000;

/**
 * The smallest key of a moment; a delivery or event from `ms` on has a key of at least this. Of all
 * moments that no key can be of, which people may ask for, the greatest there is.
 */
export function keyAt(ms: number): number {
  return Math.min(ms * KEYS_PER_MS, Number.MAX_SAFE_INTEGER);
}

/** The moment a key was made, in epoch milliseconds. */
export function keyTime(key: number): number {
  return Math.floor(key / KEYS_PER_MS);
}

/** The first moment of the UTC day that `ms` is in. */
export function dayStart(ms: number): number {
  return ms - (ms % DAY_MS);
}

/** The first moment of the UTC day after the one that `ms` is in. */
export function nextDay(ms: number): number {
  return dayStart(ms) + DAY_MS;
}

/**
 * `first`, or the first key of the next UTC day if `count` keys from there would be of two days:
 * an event and its deliveries leave with one day.
 */
export function withinOneDay(first: number, count: number): number {
  const next = keyAt(nextDay(keyTime(first)));
  return first < next && first + count > next ? next : first;
}

/** Hands out growing keys; starts above `last`, the largest key the store holds. */
export class KeySource {
  #last: number;

  constructor(last: number) {
    this.#last = last;
  }

  /**
   * Reserves `count` consecutive keys and returns the first. An event takes its own key and those
   * of its deliveries in one reservation, so a delivery is found from its event by range. All
   * are of one UTC day.
   */
  reserve(count: number, nowMs: number): number {
    const first = withinOneDay(Math.max(this.#last + 1, keyAt(nowMs)), count);
    this.#last = first + count - 1;
    return first;
  }
}
