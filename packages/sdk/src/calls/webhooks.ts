import { listOf, type PageQuery } from '../pages.ts';
import type { CallOptions, Send } from '../request.ts';

/** `off`: by a person; `disabled`: by its failures or its receiver. */
export type WebhookState = 'healthy' | 'failing' | 'off' | 'disabled';

export interface Webhook {
  readonly id: number;
  readonly uniqueId: string;
  readonly name: string;
  /** Names, or `*` alone: all. */
  readonly actions: readonly string[];
  readonly url: string;
  /** Null: all locations. */
  readonly location: number | null;
  readonly description: string;
  /** Calls at once; null: the default of the service. */
  readonly concurrency: number | null;
  /** The app that created it. */
  readonly app: number | null;
  readonly active: boolean;
  readonly state: WebhookState;
  readonly disabledAt: string | null;
  readonly disabledReason: string | null;
  readonly failingSince: string | null;
  /** Failed calls in a row. */
  readonly errorCount: number;
  readonly lastError: string | null;
  readonly lastTrigger: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface WebhookWithWaiting extends Webhook {
  /** Deliveries that wait for it. */
  readonly waiting: number;
}

export interface Warning {
  /** `name_not_resolved`: calls fail until the name in the URL resolves. */
  readonly code: string;
  readonly field: string;
  readonly detail: string;
}

/** What is worth a look although the request was done. */
export interface Checked {
  readonly warnings?: readonly Warning[];
}

export interface WebhookInput {
  readonly name: string;
  /** Names or values, or `['*']` for all. */
  readonly actions: readonly (string | number)[];
  readonly url: string;
  readonly location?: number | null;
  readonly description?: string;
  readonly concurrency?: number | null;
  readonly active?: boolean;
}

export interface WebhookChange extends Partial<WebhookInput> {
  /** With `active: true`: what becomes of the deliveries that were held. Default: `send`. */
  readonly held?: 'send' | 'drop';
}

export interface WebhookQuery extends PageQuery {
  readonly location?: number;
  /** Name or value. */
  readonly action?: string;
  readonly active?: boolean;
}

/** What somebody asked for: these actions, to this URL. */
export function webhookCalls(send: Send) {
  return {
    create: (input: WebhookInput, options?: CallOptions) =>
      send<Webhook & Checked>('POST', '/v1/webhooks', { ...options, body: input }),
    list: (query: WebhookQuery = {}) => listOf<Webhook>(send, '/v1/webhooks', query),
    get: (id: number, options?: CallOptions) =>
      send<WebhookWithWaiting>('GET', `/v1/webhooks/${id}`, options),
    /** What is not given stays as it is. */
    change: (id: number, change: WebhookChange, options?: CallOptions) =>
      send<Webhook & Checked>('PATCH', `/v1/webhooks/${id}`, { ...options, body: change }),
    /** What waits for it is cancelled. */
    delete: (id: number, options?: CallOptions) =>
      send<void>('DELETE', `/v1/webhooks/${id}`, options),
    /** Sends the sample record of an action, by default the webhook's first one; also while it is off. */
    test: (id: number, input: { readonly action?: string } = {}, options?: CallOptions) =>
      send<Checked & { readonly event: string; readonly delivery: string }>(
        'POST',
        `/v1/webhooks/${id}/test`,
        { ...options, body: input },
      ),
  };
}
