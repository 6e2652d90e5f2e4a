import type { SharedCount } from '../store/operations/counts.ts';

/** What a node tells others of, and learns of from them. */
export interface Shared {
  /** What to tell now; each entry takes the place of the one before it with the same name. */
  told(): readonly SharedCount[];
  /** What others told of last, each of them once for each name. */
  learn(others: readonly SharedCount[]): void;
}

/** How often what took place in the window that runs, of each of many. */
export interface Counts extends Shared {
  add(of: string): void;
  /** Here, and with others until they last told of it. */
  of(of: string): number;
  /** Nothing is counted, so that nobody has to be looked up. */
  isEmpty(): boolean;
  /** Whole seconds until the window ends and all begins again, at least 1. */
  endsInS(): number;
}

export interface CountsNeeds {
  /** What they are called in the store; of each kind of counts another name. */
  readonly kind: string;
  readonly windowMs: number;
  /** One that all nodes agree on, within a second. */
  readonly clock: { now(): number };
}

/** What comes from more than so many is not counted any more: it is a flood that others must stop. */
const MOST = 5000;
/** So many are told of: those that were counted most. */
const MOST_TOLD = 500;

/**
 * Counts in windows that begin at multiples of their length. Others are told once a second, so that
 * together they count at most what comes to each of the others in that second too little.
 */
export function createCounts({ kind, windowMs, clock }: CountsNeeds): Counts {
  const here = new Map<string, number>();
  const elsewhere = new Map<string, number>();
  const prefix = `${kind}:`;
  let beganAt = 0;

  return {
    add(of) {
      turn();
      const count = here.get(of) ?? 0;
      if (count > 0 || here.size < MOST) here.set(of, count + 1);
    },
    of(of) {
      turn();
      return (here.get(of) ?? 0) + (elsewhere.get(of) ?? 0);
    },
    isEmpty: () => here.size === 0 && elsewhere.size === 0,
    endsInS: () => Math.max(1, Math.ceil((beganAt + windowMs - clock.now()) / 1000)),
    told() {
      turn();
      return toldOf(here, prefix, beganAt);
    },
    learn(others) {
      turn();
      elsewhere.clear();
      for (const { name, beganAt: theirs, count } of others) {
        if (!name.startsWith(prefix) || theirs !== beganAt) continue;
        const of = name.slice(prefix.length);
        elsewhere.set(of, (elsewhere.get(of) ?? 0) + count);
      }
    },
  };

  function turn(): void {
    const now = clock.now();
    if (now < beganAt + windowMs && now >= beganAt) return;
    here.clear();
    elsewhere.clear();
    beganAt = now - (now % windowMs);
  }
}

/** The counts of a window, the largest if they are many. */
export function toldOf(
  counts: ReadonlyMap<string, number>,
  prefix: string,
  beganAt: number,
): readonly SharedCount[] {
  const all = [...counts].map(([of, count]) => ({ name: prefix + of, beganAt, count }));
  if (all.length <= MOST_TOLD) return all;
  return all.toSorted((a, b) => b.count - a.count).slice(0, MOST_TOLD);
}
