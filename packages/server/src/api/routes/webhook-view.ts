import type { Catalogue } from '../../catalogue/catalogue.ts';
import { webhookState } from '../../store/operations/webhook-state.ts';
import type { StoredWebhook } from '../../store/operations/webhooks.ts';
import type { Store } from '../../store/store.ts';
import { instant } from '../paging.ts';

/** `nextProbeAt`: when an open webhook is called next. */
export function webhookView(row: StoredWebhook, catalogue: Catalogue, nextProbeAt?: number) {
  return {
    id: row.id,
    uniqueId: row.uniqueId,
    name: row.name,
    actions: row.actions === '*' ? ['*'] : row.actions.map((value) => catalogue.actionName(value)),
    url: row.url,
    location: row.location,
    description: row.description,
    concurrency: row.concurrency,
    app: row.app,
    active: row.active,
    state: webhookState(row),
    disabledAt: instant(row.disabledAt),
    disabledReason: row.disabledReason,
    failingSince: instant(row.failingSince),
    nextProbeAt: instant(
      nextProbeAt === undefined ? null : Math.max(nextProbeAt, row.pausedUntil ?? 0),
    ),
    errorCount: row.errorCount,
    lastError: row.lastError,
    lastTrigger: instant(row.lastTriggerAt),
    createdAt: instant(row.createdAt),
    updatedAt: instant(row.updatedAt),
  };
}

/** When the webhooks among these that are open are called next. */
export async function nextProbes(
  store: Store,
  rows: readonly StoredWebhook[],
): Promise<ReadonlyMap<number, number>> {
  const open = rows.filter((row) => webhookState(row) === 'open');
  if (open.length === 0) return new Map();
  return store.findNextProbes({ webhooks: open.map(({ id }) => id) });
}
