/** A beat that was asked for just before the store was back fails after 4 s at most: less than this. */
const LOST_BEATS = 1;
/** So many beats without an answer, and the store may have been away for all. */
const AWAY_BEATS = 3;

/**
 * The time that the other nodes get before one of them is declared dead. While the store is away
 * nobody can say that it lives. When it is back, each says so with its next beat, which can be the
 * one after a beat that was lost a moment ago.
 */
export function createGrace(beatMs: number): {
  /** Of a beat of this node that the store answered; `at` in milliseconds of a steady clock. */
  isOver(at: number): boolean;
} {
  let lastAt = -Infinity;
  let backAt = -Infinity;
  return {
    isOver(at) {
      if (at - lastAt >= AWAY_BEATS * beatMs) backAt = at;
      lastAt = at;
      return at - backAt >= (LOST_BEATS + 1) * beatMs;
    },
  };
}
