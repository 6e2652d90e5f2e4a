import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { StoreUnavailable } from '../store/errors.ts';
import type { ReleaseBatch } from '../store/operations/hot.ts';
import type { Store } from '../store/store.ts';
import type { LeasedDelivery } from './delivery.ts';

/** Between tries while the store cannot write. */
const RETRY_MS = 1000;

export interface GiveBackNeeds {
  readonly store: Store;
  readonly log: Logger;
  /** A process that ends does not wait for a store that cannot write. */
  readonly isStopping: () => boolean;
}

/**
 * Gives deliveries of a webhook back to the store, each under the session that holds it. Tried until the
 * store can write: what a lane may not send must not stay in its hands. Never rejects. False: they stay
 * leased, and are due again when their session ends.
 */
export function createGiveBack({ store, log, isStopping }: GiveBackNeeds) {
  return async (webhook: number, deliveries: readonly LeasedDelivery[]): Promise<boolean> => {
    try {
      for (const [session, held] of Map.groupBy(deliveries, (delivery) => delivery.session)) {
        const batch = { session, keys: held.map((delivery) => delivery.key) };
        while (!(await tryOnce(webhook, batch))) await pause(RETRY_MS);
      }
      return true;
    } catch (error) {
      log.error(
        { err: error, webhook, count: deliveries.length },
        'deliveries could not be given back',
      );
      return false;
    }
  };

  /** False while the store cannot write. */
  async function tryOnce(webhook: number, batch: ReleaseBatch): Promise<boolean> {
    try {
      await store.releaseDeliveries(batch);
      return true;
    } catch (error) {
      if (isStopping() || !(error instanceof StoreUnavailable)) throw error;
      log.warn({ err: error, webhook }, 'giving deliveries back: trying again');
      return false;
    }
  }
}
