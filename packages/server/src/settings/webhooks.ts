import { randomUUID } from 'node:crypto';
import type { Lanes } from '../lanes/lanes.ts';
import { type Bounds, UNBOUNDED } from '../store/bounds.ts';
import type { StoredWebhook, WebhookSettings } from '../store/operations/webhooks.ts';
import type { Store } from '../store/store.ts';
import type { Who } from '../store/who.ts';

export interface WebhookChange extends Partial<WebhookSettings> {
  readonly active?: boolean | undefined;
  /** When it is switched on: what becomes of the deliveries that were held. Default `send`. */
  readonly held?: 'send' | 'drop' | undefined;
}

/** Making, changing and deleting webhooks, and what that means for their waiting deliveries. */
export interface Webhooks {
  create(
    input: WebhookSettings & { app: number | null; active: boolean },
    by: Who,
  ): Promise<StoredWebhook>;
  /** Undefined: there is no such webhook within these bounds. */
  change(
    of: { id: number; bounds: Bounds },
    change: WebhookChange,
    by: Who,
  ): Promise<StoredWebhook | undefined>;
  remove(of: { id: number; bounds?: Bounds }, by: Who): Promise<boolean>;
  /** Cancels what waits for a webhook that is gone. */
  cancelRest(id: number): Promise<void>;
}

export interface WebhooksNeeds {
  readonly store: Store;
  readonly lanes: Lanes;
  /** A webhook was made, changed or deleted. */
  readonly onChanged: (webhook: number) => void;
}

export function createWebhooks({ store, lanes, onChanged }: WebhooksNeeds): Webhooks {
  return {
    async create(input, by) {
      const created = await store.createWebhook({ ...input, uniqueId: randomUUID(), by });
      onChanged(created.id);
      return created;
    },

    async change({ id, bounds }, { held = 'send', ...change }, by) {
      const before = await store.getWebhook({ id, bounds });
      if (!before) return undefined;
      const switchesOn = change.active === true && !before.active;
      // While it is off nothing is claimed, so what waits is settled before it is switched on.
      if (switchesOn && held === 'drop') {
        await store.noteDrop({ webhook: id, by });
        await cancelWaiting(id, 'dropped');
      }
      if (switchesOn && held === 'send') await repeat(() => store.hastenWaiting({ webhook: id }));
      const after = await store.updateWebhook({ id, change, bounds, by });
      lanes.refresh(id);
      if (switchesOn) lanes.wake([id]);
      onChanged(id);
      return after;
    },

    async remove({ id, bounds = UNBOUNDED }, by) {
      const removed = await store.deleteWebhook({ id, bounds, by });
      if (!removed) return false;
      lanes.refresh(id);
      onChanged(id);
      await cancelWaiting(id, 'webhook_deleted');
      return true;
    },

    cancelRest: (id) => cancelWaiting(id, 'webhook_deleted'),
  };

  async function cancelWaiting(
    webhook: number,
    reason: 'dropped' | 'webhook_deleted',
  ): Promise<void> {
    // What arrives after this moment is not meant by the person who said drop.
    const { before } = await store.currentKey(undefined);
    await repeat(() => store.cancelWaiting({ webhook, before, reason }));
  }
}

/** Runs a sliced operation until nothing is left; other work of the store comes in between. */
async function repeat(slice: () => Promise<number>): Promise<void> {
  while ((await slice()) > 0);
}
