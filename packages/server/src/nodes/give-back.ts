import type { Logger } from 'pino';
import type { Session } from '../store/session.ts';
import type { Store } from '../store/store.ts';
import { every } from './every.ts';

/** Longer than an answer of the store may take: what is on its way at one look has come by the next. */
const LOOK_MS = 5000;

export interface GiveBackNeeds {
  readonly store: Store;
  readonly session: Session;
  readonly lanes: { held(): ReadonlySet<number> };
  readonly log: Logger;
}

/**
 * Gives back what the store says this node holds and the node knows nothing of: else nobody would
 * send it while the node lives. It comes about when a standby that lacked the last commits went
 * on in place of its server, so that what was settled is leased again; and when a commit that we
 * gave up took place long afterwards.
 *
 * Looks only after the store was disturbed, and acts on what two looks in a row have found with no
 * disturbance and no new session between them. After one, what is unknown for its sake is given back by the store
 * itself, and may be claimed again between our look and our word.
 */
export function giveBackUnknown(needs: GiveBackNeeds): { stop(): Promise<void> } {
  const { store, session, lanes, log } = needs;
  let clearAt = store.disturbances;
  let lookedAt = -1;
  let lookedFor = session.id;
  let suspects: ReadonlySet<number> = new Set();
  if (!store.isShared) return { stop: async () => {} };
  return every(LOOK_MS, round, { log, what: 'looking for deliveries that nobody sends' });

  async function round(): Promise<void> {
    const { disturbances } = store;
    if (disturbances === clearAt) return;
    const { id } = session;
    const leased = await store.listLeases({ session: id });
    const held = lanes.held();
    const unknown = leased.filter((key) => !held.has(key));
    const isCalm = lookedAt === disturbances && lookedFor === id;
    const keys = isCalm ? unknown.filter((key) => suspects.has(key)) : [];
    if (keys.length > 0) {
      await store.releaseDeliveries({ session: id, keys });
      log.warn({ count: keys.length }, 'the store forgot or kept more than it said: sending again');
    }
    if (unknown.length === 0 && isCalm) clearAt = disturbances;
    suspects = new Set(unknown);
    lookedAt = disturbances;
    lookedFor = id;
  }
}
