import { listOf, type PageQuery } from '../pages.ts';
import type { CallOptions, Send } from '../request.ts';

/** `held`: waits because its webhook is off. */
export type DeliveryState = 'due' | 'held' | 'sending' | 'delivered' | 'failed' | 'cancelled';

export interface Delivery {
  /** `msg_…`: the `webhook-id` of all its calls. */
  readonly id: string;
  readonly event: string;
  readonly action: string;
  readonly location: number | null;
  readonly webhook: number;
  readonly webhookName: string;
  readonly test: boolean;
  readonly state: DeliveryState;
  /** Calls made so far. */
  readonly attempts: number;
  readonly createdAt: string;
  readonly nextAttemptAt: string | null;
  readonly deliveredAt: string | null;
  readonly endedAt: string | null;
  /** Why it ended as it did. */
  readonly reason: string | null;
}

export interface DeliveryWithAttempts extends Delivery {
  readonly attemptLog: readonly Attempt[];
  /** What is sent: the record in brackets, with all its digits, in ASCII. */
  readonly body: string;
  /** Integers above 2^53 are rounded; the body has their digits. */
  readonly record: Readonly<Record<string, unknown>>;
}

export interface Attempt {
  /** From 1. */
  readonly number: number;
  readonly startedAt: string;
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: readonly (readonly [name: string, value: string])[];
    readonly body: string;
  };
  /** Null: there was none. */
  readonly response: {
    readonly status: number;
    readonly headers: readonly (readonly [name: string, value: string])[];
    /** The first 16 KiB. */
    readonly body: string;
    readonly encoding: 'utf8' | 'base64';
    readonly truncated: boolean;
  } | null;
  readonly error: {
    readonly code: string;
    readonly detail: string | null;
    /** What to do about it, for people. */
    readonly help: string | null;
    /** Null: no certificate was the cause. */
    readonly certificate: CertificateProblem | null;
  } | null;
  /**
   * Null: the step did not take place, as the first three on a connection that was open already, or
   * the call did not get over it.
   */
  readonly timings: {
    readonly dnsMs: number | null;
    /** TCP. */
    readonly connectMs: number | null;
    readonly tlsMs: number | null;
    /** Since the call began, as the total. */
    readonly firstByteMs: number | null;
    readonly totalMs: number;
  };
}

/** A certificate that was not accepted. Its texts are whatever its maker wrote, of bounded length. */
export interface CertificateProblem {
  readonly fault:
    | 'expired'
    | 'not_yet_valid'
    | 'wrong_host'
    | 'self_signed'
    | 'unknown_issuer'
    | 'revoked'
    | 'unusable';
  /** The host that was called. */
  readonly host: string;
  /** Whose certificate is out of date, when it is one above the receiver's own. */
  readonly authority: string | null;
  readonly validFrom: string | null;
  readonly validTo: string | null;
  /** The hosts it is for: the first ten of `nameCount`. */
  readonly names: readonly string[];
  readonly nameCount: number;
  /** Who signed it, by its own account. */
  readonly issuer: string | null;
}

export interface DeliveryQuery extends PageQuery {
  readonly webhook?: number;
  readonly state?: DeliveryState;
  /** Name or value. */
  readonly action?: string;
  readonly location?: number;
  /** The id of an event. */
  readonly event?: string;
  /** An instant, in RFC 3339 or epoch milliseconds. */
  readonly from?: Date | string | number;
  readonly to?: Date | string | number;
}

/** What became of the wish to send one again. */
export interface Resent {
  readonly id: string;
  /** Why it is not sent again; null: it is. */
  readonly problem: { readonly code: string; readonly detail: string } | null;
}

/** The log: what became of everything. */
export function deliveryCalls(send: Send) {
  return {
    /** Newest first. */
    list: (query: DeliveryQuery = {}) => listOf<Delivery>(send, '/v1/deliveries', query),
    get: (id: string, options?: CallOptions) =>
      send<DeliveryWithAttempts>('GET', `/v1/deliveries/${encodeURIComponent(id)}`, options),
    /** One call more, now, with the same `webhook-id`. `conflict` while its webhook is off. */
    resend: (id: string, options?: CallOptions) =>
      send<Delivery>('POST', `/v1/deliveries/${encodeURIComponent(id)}/resend`, options),
    /** At most 100; each is sent as far as it can be. In their order. */
    resendMany: async (ids: readonly string[], options?: CallOptions) =>
      (
        await send<{ readonly items: readonly Resent[] }>('POST', '/v1/deliveries/resend', {
          ...options,
          body: { ids },
        })
      ).items,
  };
}
