import type { CallOptions, Send } from '../request.ts';
import type { Summary, WaitingSum, Webhook, WebhookState } from './webhooks.ts';

/** A time up to now. */
export interface Lately extends Summary {
  readonly from: string;
  /** Accepted; null for a key that is bound to a location or an app. */
  readonly events: number | null;
  readonly eventsPerSecond: number | null;
  readonly callsPerSecond: number;
}

/** How the whole service does, as far as the key sees it. */
export interface Overview {
  readonly at: string;
  readonly minute: Lately;
  readonly hour: Lately;
  readonly day: Lately;
  readonly waiting: WaitingSum;
  readonly webhooks: Readonly<Record<WebhookState, number>>;
  /** Those that are disabled, open or failing, worst first, at most 20 of each. */
  readonly attention: readonly (Webhook & { readonly waiting: number })[];
}

/** Some seconds old. */
export function overviewCall(send: Send) {
  return (options?: CallOptions) => send<Overview>('GET', '/v1/overview', options);
}
