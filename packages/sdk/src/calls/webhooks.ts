import { listOf, type PageQuery } from '../pages.ts';
import type { CallOptions, Send } from '../request.ts';

/**
 * `off`: by a person; `disabled`: by its failures or its receiver; `open`: failing for so long that
 * its deliveries wait while one at a time tries.
 */
export type WebhookState = 'healthy' | 'failing' | 'open' | 'off' | 'disabled';

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
  /** When an open one is called next; null: nothing waits. */
  readonly nextProbeAt: string | null;
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
  readonly state?: WebhookState;
  /** A part of the name, the URL or the description, in any case. */
  readonly q?: string;
}

export interface UrlCheck {
  /** False: it would never be called. */
  readonly ok: boolean;
  readonly problem: {
    readonly code: string;
    readonly field: string;
    readonly detail: string;
  } | null;
  readonly warnings: readonly Warning[];
}

/** The call that a webhook would make. */
export interface CallPreview {
  readonly action: string;
  /** False: no secret applies. */
  readonly signed: boolean;
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** How a time went. */
export interface Summary {
  readonly calls: number;
  /** Calls that were not answered well. */
  readonly failedCalls: number;
  /** Deliveries that ended, either way. */
  readonly delivered: number;
  readonly failed: number;
  /** Of the calls, 0 to 1; null: there was none. */
  readonly successShare: number | null;
  /** Of the calls that were answered well; estimates. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
}

export interface WaitingSum {
  readonly due: number;
  readonly held: number;
  /** When the first of what is due is sent. */
  readonly nextAttemptAt: string | null;
}

export interface WebhookHealth {
  /** Where the first step begins. */
  readonly from: string;
  readonly to: string;
  readonly stepMs: number;
  readonly steps: readonly (Summary & { readonly at: string })[];
  readonly totals: Summary;
  readonly waiting: WaitingSum;
}

export interface HealthQuery extends CallOptions {
  /** Default: a day before `to`. */
  readonly from?: Date | string | number;
  /** Default: now. */
  readonly to?: Date | string | number;
  /** Below `15m` only of the last three hours, below `1h` of the last three days. Default: as fits. */
  readonly step?: '1m' | '5m' | '15m' | '1h' | '6h' | '1d';
}

/** What a list with `with: 'day'` adds to each webhook. */
export interface WithDay {
  readonly waiting: number;
  readonly nextAttemptAt: string | null;
  /** The last 24 hours by hours, oldest first. */
  readonly day: {
    readonly from: string;
    readonly stepMs: number;
    readonly calls: readonly number[];
    readonly failedCalls: readonly number[];
  };
}

/** What a webhook is to be. */
export interface PreviewInput extends Pick<WebhookInput, 'actions' | 'url' | 'location'> {
  /** Whose sample record; default: the first of the actions. */
  readonly action?: string;
  /** The one that is to become so: if it is of an app, the app's secret signs. */
  readonly webhook?: number;
}

/** What somebody asked for: these actions, to this URL. */
export function webhookCalls(send: Send) {
  return {
    create: (input: WebhookInput, options?: CallOptions) =>
      send<Webhook & Checked>('POST', '/v1/webhooks', { ...options, body: input }),
    /** Each with how its last day went, and what waits for it. */
    listWithDay: (query: WebhookQuery = {}) =>
      listOf<Webhook & WithDay>(send, '/v1/webhooks', { ...query, with: 'day' } as WebhookQuery),
    /** How its calls went over time; some seconds old. */
    health: (id: number, { signal, ...query }: HealthQuery = {}) =>
      send<WebhookHealth>('GET', `/v1/webhooks/${id}/health`, {
        query: { ...query },
        ...(signal && { signal }),
      }),
    /** Whether a URL would be called; judged as when a webhook is made. */
    checkUrl: (url: string, options?: CallOptions) =>
      send<UrlCheck>('POST', '/v1/webhooks/check-url', { ...options, body: { url } }),
    /** With the sample record of `action`, by default the first one; nothing is sent. */
    preview: (input: PreviewInput, options?: CallOptions) =>
      send<CallPreview>('POST', '/v1/webhooks/preview', { ...options, body: input }),
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
