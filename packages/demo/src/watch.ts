import type { Client, Delivery, DeliveryWithAttempts, Page, Webhook } from './client.ts';

/** Newest deliveries looked at in one go: what half a minute brings, and more. */
const PAGE_SIZE = 100;
/** Failed calls since the last success from which a webhook is called failing; fewer is a hiccup. */
const FAILING_FROM = 3;
/** How often a webhook that goes on failing is mentioned. */
const REMIND_MS = 8000;

/** Something that happened since the last look. */
export type News =
  | { readonly kind: 'delivered'; readonly delivery: Delivery; readonly afterMs: number }
  | { readonly kind: 'missed'; readonly delivery: Delivery; readonly error: string }
  | { readonly kind: 'given-up'; readonly delivery: Delivery; readonly error: string }
  | { readonly kind: 'held'; readonly delivery: Delivery }
  | { readonly kind: 'failing' | 'still-failing'; readonly webhook: Webhook }
  | { readonly kind: 'switched-off'; readonly webhook: Webhook; readonly notice: string }
  | { readonly kind: 'recovered'; readonly webhook: Webhook };

export interface Watch {
  /** Asks the service what happened since the last look. */
  look(): Promise<News[]>;
}

interface Health {
  readonly state: Webhook['state'];
  /** When it was last called failing; null: it is not. */
  readonly toldAt: number | null;
}

/** Follows the log, the webhooks and the notices of a service through its API. */
export function openWatch(client: Client, now: () => number): Watch {
  /** As last told; those that have ended are forgotten once they leave the newest page. */
  const known = new Map<string, Delivery>();
  const healths = new Map<number, Health>();

  return {
    async look() {
      const webhooks = await client.get<Page<Webhook>>('/v1/webhooks');
      const health = [];
      for (const webhook of webhooks.items) health.push(...(await lookAtHealth(webhook)));
      const news = [];
      for (const delivery of await changed(webhooks.items)) news.push(...(await tell(delivery)));
      return [...news, ...health];
    },
  };

  /** The deliveries of the newest page, and the older ones that have not ended. */
  async function changed(webhooks: readonly Webhook[]): Promise<Delivery[]> {
    const page = await client.get<Page<Delivery>>(`/v1/deliveries?limit=${PAGE_SIZE}`);
    const newest = new Set(page.items.map(({ id }) => id));
    const older = [];
    for (const delivery of known.values()) {
      if (newest.has(delivery.id)) continue;
      const webhook = webhooks.find(({ id }) => id === delivery.webhook);
      if (hasEnded(delivery)) known.delete(delivery.id);
      // While its webhook is off, nothing happens to it.
      else if (delivery.state !== 'held' || webhook?.state !== 'disabled') {
        older.push(await client.get<Delivery>(`/v1/deliveries/${delivery.id}`));
      }
    }
    return [...older, ...page.items.toReversed()].filter(hasChanged);
  }

  function hasChanged(delivery: Delivery): boolean {
    const before = known.get(delivery.id);
    const calls = before?.attempts ?? 0;
    return delivery.attempts > calls || (delivery.state === 'held' && before?.state !== 'held');
  }

  async function tell(delivery: Delivery): Promise<News[]> {
    known.set(delivery.id, delivery);
    if (delivery.state === 'delivered') {
      const afterMs = Date.parse(delivery.deliveredAt!) - Date.parse(delivery.createdAt);
      return [{ kind: 'delivered', delivery, afterMs }];
    }
    if (delivery.state === 'held') return [{ kind: 'held', delivery }];
    // A webhook that is known to fail is summed up, not told call by call.
    if (healths.get(delivery.webhook)?.toldAt && delivery.state !== 'failed') return [];
    const { attemptLog } = await client.get<DeliveryWithAttempts>(`/v1/deliveries/${delivery.id}`);
    const error = attemptLog.at(delivery.attempts - 1)?.error?.detail ?? 'it failed';
    return [{ kind: delivery.state === 'failed' ? 'given-up' : 'missed', delivery, error }];
  }

  async function lookAtHealth(webhook: Webhook): Promise<News[]> {
    const { state, toldAt } = healths.get(webhook.id) ?? { state: 'healthy', toldAt: null };
    const set = (told: number | null) =>
      healths.set(webhook.id, { state: webhook.state, toldAt: told });

    if (webhook.state === 'disabled') {
      set(null);
      return state === 'disabled' ? [] : [await switchedOff(webhook)];
    }
    if (webhook.errorCount >= FAILING_FROM) {
      if (toldAt !== null && now() - toldAt < REMIND_MS) return [];
      set(now());
      return [{ kind: toldAt === null ? 'failing' : 'still-failing', webhook }];
    }
    if (webhook.errorCount > 0) return [];
    set(null);
    return toldAt === null ? [] : [{ kind: 'recovered', webhook }];
  }

  async function switchedOff(webhook: Webhook): Promise<News> {
    const path = `/v1/notices?webhook=${webhook.id}&limit=1`;
    const notices = await client.get<Page<{ readonly detail: string }>>(path);
    return { kind: 'switched-off', webhook, notice: notices.items[0]?.detail ?? '' };
  }
}

function hasEnded({ state }: Delivery): boolean {
  return state === 'delivered' || state === 'failed' || state === 'cancelled';
}
