import { readDays } from '../../history/read.ts';
import type { Step } from '../../history/summary.ts';
import type { StoredWebhook } from '../../store/operations/webhooks.ts';
import type { Store } from '../../store/store.ts';
import { instant } from '../paging.ts';

/** How the last 24 hours of webhooks went, and what waits for them: two questions for all. */
export async function lastDays(store: Store, rows: readonly StoredWebhook[], now: number) {
  const webhooks = rows.map(({ id }) => id);
  const days = await readDays(store, webhooks, now);
  const waiting = new Map((await store.listWaiting({ webhooks })).map((one) => [one.webhook, one]));
  return (id: number) => ({
    waiting: waiting.get(id)?.waiting ?? 0,
    nextAttemptAt: instant(waiting.get(id)?.nextAt ?? null),
    day: dayView(days(id)),
  });
}

/** A day in hours, oldest first. */
function dayView(steps: readonly Step[]) {
  return {
    from: instant(steps[0]!.at),
    stepMs: steps[1]!.at - steps[0]!.at,
    calls: steps.map(({ calls }) => calls),
    failedCalls: steps.map(({ failedCalls }) => failedCalls),
  };
}
