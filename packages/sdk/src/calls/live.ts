import type { CallOptions, OpenStream } from '../request.ts';
import type { Delivery } from './deliveries.ts';
import type { PostedEvent } from './events.ts';
import type { Webhook } from './webhooks.ts';

/** What happens, each as the lists show it. */
export type LiveMessage =
  /** The first one: from now on things are told. */
  | { readonly kind: 'listening'; readonly data: { readonly kinds: readonly LiveKind[] } }
  /** Its state changed, or an attempt was made. */
  | { readonly kind: 'delivery'; readonly data: Delivery }
  | { readonly kind: 'event'; readonly data: PostedEvent }
  | { readonly kind: 'webhook'; readonly data: Webhook & { readonly deleted: boolean } }
  /** A request arrived in an inbox. */
  | { readonly kind: 'request'; readonly data: { readonly inbox: string; readonly number: number } }
  /** Something was left out: ask the lists again. */
  | { readonly kind: 'missed'; readonly data: object }
  /** The last one. `revoked`: the key or the session is over; `stopping`: the service restarts. */
  | { readonly kind: 'ended'; readonly data: { readonly reason: 'revoked' | 'stopping' } };

export type LiveKind = 'delivery' | 'event' | 'webhook' | 'request';

export interface LiveQuery extends CallOptions {
  /** Default: all that the key may read. */
  readonly kinds?: readonly LiveKind[];
  /** Only this one and its deliveries. */
  readonly webhook?: number;
  /** Only requests that arrive there. */
  readonly inbox?: string;
}

/**
 * What happens, as it happens, until the loop is left, the signal ends it, or the connection breaks:
 * then it throws a `PosthornError`. It is no log: what happened in between is in the lists.
 *
 *     for await (const { kind, data } of posthorn.live({ webhook: 7 })) …
 */
export function liveCall(open: OpenStream) {
  return ({ kinds, signal, ...filter }: LiveQuery = {}): AsyncIterable<LiveMessage> => ({
    async *[Symbol.asyncIterator]() {
      const query = { ...filter, kinds: kinds?.join(',') };
      for await (const { event, data } of open('/v1/live', { query, ...(signal && { signal }) }))
        yield { kind: event, data: JSON.parse(data) as unknown } as LiveMessage;
    },
  });
}
