import type { Bounds } from '../store/bounds.ts';
import type { StoredDelivery } from '../store/operations/deliveries.ts';
import type { StoredEvent } from '../store/operations/events.ts';
import { webhookState } from '../store/operations/webhook-state.ts';
import type { FoundWebhook } from '../store/operations/webhooks.ts';
import type { Store } from '../store/store.ts';
import type { Told } from './told.ts';

export const NEWS_KINDS = ['delivery', 'event', 'webhook', 'request'] as const;
export type NewsKind = (typeof NEWS_KINDS)[number];

/** What is so now of something that just changed. */
export type News =
  | { readonly kind: 'delivery'; readonly delivery: StoredDelivery }
  | { readonly kind: 'event'; readonly event: StoredEvent }
  | {
      readonly kind: 'webhook';
      readonly webhook: FoundWebhook;
      readonly nextProbeAt: number | undefined;
    }
  /** A request arrived in an inbox. */
  | { readonly kind: 'request'; readonly inbox: string; readonly number: number };

/** Looks up what was told, as far as it is within these bounds and of a kind that is wanted. */
export async function findNews(
  store: Store,
  told: Told,
  { bounds, kinds }: { bounds: Bounds; kinds: ReadonlySet<NewsKind> },
): Promise<News[]> {
  const news: News[] = [];
  if (kinds.has('event') && told.events.size > 0) {
    const events = await store.findEvents({ keys: [...told.events], bounds });
    for (const event of events.toSorted((a, b) => a.key - b.key))
      news.push({ kind: 'event', event });
  }
  if (kinds.has('delivery') && told.deliveries.size > 0) {
    const deliveries = await store.findDeliveries({ keys: [...told.deliveries], bounds });
    for (const delivery of deliveries.toSorted((a, b) => a.key - b.key))
      news.push({ kind: 'delivery', delivery });
  }
  if (kinds.has('webhook') && told.webhooks.size > 0) {
    const webhooks = await store.findWebhooks({ ids: [...told.webhooks], bounds });
    const open = webhooks.filter((webhook) => webhookState(webhook) === 'open');
    const probes = await store.findNextProbes({ webhooks: open.map(({ id }) => id) });
    for (const webhook of webhooks)
      news.push({ kind: 'webhook', webhook, nextProbeAt: probes.get(webhook.id) });
  }
  if (kinds.has('request')) {
    for (const request of told.requests) {
      const [inbox = '', number] = request.split('/');
      if (await store.getInbox({ id: inbox, bounds }))
        news.push({ kind: 'request', inbox, number: Number(number) });
    }
  }
  return news;
}
