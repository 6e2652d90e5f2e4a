import type { Logger } from 'pino';
import { every } from '../nodes/every.ts';
import type { Session } from '../store/session.ts';
import type { Store } from '../store/store.ts';
import type { Shared } from './counts.ts';

const EXCHANGE_MS = 1000;
/** Nothing that is older is of a window that anybody still counts in. */
const LONGEST_MS = 60_000;

export interface ExchangeNeeds {
  readonly store: Store;
  readonly session: Session;
  readonly clock: { now(): number };
  readonly log: Logger;
  readonly counts: readonly Shared[];
}

/** Tells other nodes once a second what was counted here, and learns what was counted there. */
export function exchangeCounts(needs: ExchangeNeeds): { stop(): Promise<void> } {
  const { store, session, clock, log, counts } = needs;
  if (!store.isShared || counts.length === 0) return { stop: async () => {} };
  return every(EXCHANGE_MS, round, { log, what: 'counting with other nodes' });

  async function round(): Promise<void> {
    const others = await store.shareCounts({
      session: session.id,
      told: counts.flatMap((each) => each.told()),
      since: clock.now() - LONGEST_MS,
    });
    for (const each of counts) each.learn(others);
  }
}
