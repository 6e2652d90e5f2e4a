import type { Store } from '../store/store.ts';

const MINUTE_MS = 60_000;
/** Addresses of one minute; what comes from more of them is counted as one. */
const MAX_ADDRESSES = 1000;
const OTHERS = 'others';

/** Calls whose key was missing or not known: counted by address and minute, not kept one by one. */
export interface Refusals {
  count(address: string): void;
  /** Writes the minutes that are over; `all`: also the one that runs. */
  write(how: { all: boolean }): Promise<void>;
}

export function createRefusals(store: Store, clock: { now(): number }): Refusals {
  const minutes = new Map<number, Map<string, number>>();
  return {
    count(address) {
      const minute = minuteOf(clock.now());
      const counts = minutes.get(minute) ?? new Map<string, number>();
      minutes.set(minute, counts);
      const name = counts.has(address) || counts.size < MAX_ADDRESSES ? address : OTHERS;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    },
    async write({ all }) {
      const current = minuteOf(clock.now());
      const over = [...minutes].filter(([minute]) => all || minute < current);
      if (over.length === 0) return;
      const refusals = over.flatMap(([minute, counts]) =>
        [...counts].map(([address, count]) => ({ minute, address, count })),
      );
      for (const [minute] of over) minutes.delete(minute);
      await store.keepRefusals({ refusals });
    },
  };
}

function minuteOf(ms: number): number {
  return ms - (ms % MINUTE_MS);
}
