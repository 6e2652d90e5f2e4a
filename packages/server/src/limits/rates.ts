import { type Shared, toldOf } from './counts.ts';

/** How many requests a second each of many may make, on all nodes together. */
export interface Rates extends Shared {
  /** Counts a request; false: it is one too many. */
  allow(of: string): boolean;
}

export interface RatesNeeds {
  readonly kind: string;
  readonly perSecond: number;
  /** One that all nodes agree on, within a second. */
  readonly clock: { now(): number };
}

const SECOND_MS = 1000;
/** What others told of counts for so long: they may be told of a second late. */
const FRESH_MS = 3 * SECOND_MS;

/**
 * Each second of the clock by itself. What others were asked in the last second they are expected to
 * be asked in this one, and this node allows the rest, but at least its share by what it was asked:
 * so one that asks all nodes the same gets the limit in all, and one that goes from node to node
 * meets no smaller one. A burst to all nodes at once gets it from each for a second or two.
 */
export function createRates({ kind, perSecond, clock }: RatesNeeds): Rates {
  const prefix = `${kind}:`;
  let beganAt = 0;
  let asked = new Map<string, number>();
  let askedBefore = new Map<string, number>();
  let elsewhere = new Map<string, number>();

  return {
    allow(of) {
      turn();
      const count = (asked.get(of) ?? 0) + 1;
      asked.set(of, count);
      return count <= allowed(of);
    },
    told() {
      turn();
      return toldOf(askedBefore, prefix, beganAt - SECOND_MS);
    },
    learn(others) {
      const since = clock.now() - FRESH_MS;
      elsewhere = new Map();
      for (const { name, beganAt: theirs, count } of others) {
        if (!name.startsWith(prefix) || theirs < since) continue;
        const of = name.slice(prefix.length);
        elsewhere.set(of, (elsewhere.get(of) ?? 0) + count);
      }
    },
  };

  function allowed(of: string): number {
    const others = elsewhere.get(of) ?? 0;
    if (others === 0) return perSecond;
    const here = askedBefore.get(of) ?? 0;
    return Math.max(perSecond - others, Math.floor((perSecond * here) / (here + others)));
  }

  function turn(): void {
    const now = clock.now();
    if (now < beganAt + SECOND_MS && now >= beganAt) return;
    const second = now - (now % SECOND_MS);
    askedBefore = second === beganAt + SECOND_MS ? asked : new Map<string, number>();
    asked = new Map();
    beganAt = second;
  }
}
