/** The time by which an embedded store and its lanes work, in epoch milliseconds. */
export interface SteadyClock {
  now(): number;
  /** The store holds something of this time: the clock goes on from there, if it is behind. */
  startFrom(latest: number): void;
}

/** What it reads: the machine's clock, which people and time servers set, and one that nobody can. */
export interface ClockSources {
  readonly wall: () => number;
  readonly steady: () => number;
}

/**
 * The machine's clock without its jumps. Re-attempts are planned as instants, so a clock that is
 * set back by two hours would hold them up for two hours, and one that is set ahead would make
 * everything due at once and let what is remembered for days be forgotten. This one never goes back
 * and never leaps: it comes nearer to the machine's clock at half or at double speed.
 *
 * A start takes the machine's time, but none before what the store has seen. The time in a
 * signature is not this one: receivers compare it with their own.
 */
export function createSteadyClock(
  { wall, steady }: ClockSources = { wall: () => Date.now(), steady: () => performance.now() },
): SteadyClock {
  let time = wall();
  let readAt = steady();

  return {
    now() {
      const passed = steady() - readAt;
      readAt += passed;
      time = Math.min(Math.max(wall(), time + passed / 2), time + passed * 2);
      return Math.floor(time);
    },
    startFrom(latest) {
      time = Math.max(time, latest);
    },
  };
}
