/**
 * The four operations that run per event or per delivery. They work on batches and exist once per
 * engine (`accept.sqlite.ts`, …); these are their shapes, made to be cheap to hand to a thread.
 */

/** Events to keep, with the deliveries that follow from them, in one transaction. */
export interface AcceptBatch {
  readonly requests: readonly AcceptRequest[];
  /** All records of the batch, one behind the other. */
  readonly records: Uint8Array;
  /** The session that may lease deliveries at birth. */
  readonly session: number;
  /** How many deliveries a lane takes that `rooms` does not name. */
  readonly fullRoom: number;
  /** Webhook id → how many more deliveries its lane takes now, where that is less than `fullRoom`. */
  readonly rooms: ReadonlyMap<number, number>;
}

export interface AcceptRequest {
  readonly action: number;
  readonly location: number | null;
  /** Where each record of the request ends in `records`; the first begins where the last request ended. */
  readonly recordEnds: readonly number[];
  readonly idempotency: Idempotency | null;
  /** Only for this webhook, whether it is on or not: a test. */
  readonly testOf: number | null;
}

export interface Idempotency {
  /** Who sent the key: keys of different callers never meet. */
  readonly scope: string;
  readonly key: string;
  /** SHA-256 of everything that makes requests the same: action, location, body. */
  readonly requestHash: Uint8Array;
}

export interface AcceptedBatch {
  /** In the order of the requests. */
  readonly requests: readonly AcceptedRequest[];
  /** Deliveries born leased, as columns of equal length; `request` and `record` say whose. */
  readonly leased: {
    readonly key: number[];
    readonly eventKey: number[];
    readonly webhook: number[];
    readonly request: number[];
    readonly record: number[];
  };
  /** Webhooks that are on and got deliveries their lanes had no room for: due now, to be claimed. */
  readonly woken: readonly number[];
}

export type AcceptedRequest =
  | { readonly kind: 'accepted' | 'repeated'; readonly events: readonly AcceptedEvent[] }
  /** The Idempotency-Key was used before with another request. */
  | { readonly kind: 'conflict' }
  | RefusedRequest;

/** Of which nothing is kept: see `allowance.ts`. */
export type RefusedRequest =
  /** Its records each go to so many webhooks, and are too many for that. */
  | { readonly kind: 'too-many'; readonly webhooks: number }
  /** The requests ahead of it make enough deliveries for one batch: it is to come with another one. */
  | { readonly kind: 'later' };

export type AcceptedEvent = readonly [key: number, deliveries: number];

/** What lanes can take now. One entry per lane with room and something due. */
export interface ClaimBatch {
  readonly session: number;
  readonly lanes: readonly LaneClaim[];
}

export interface LaneClaim {
  readonly webhook: number;
  readonly limit: number;
  /** Not null: the lane is open; one delivery is wanted, the one to probe with. */
  readonly probe: ProbeClaim | null;
}

export interface ProbeClaim {
  /** When the webhook was last switched on: failures from before do not count. */
  readonly enabledAt: number;
  /** Another request than the one with this key, if one is due. */
  readonly besides: number | null;
}

export interface ClaimedBatch {
  readonly deliveries: readonly ClaimedDelivery[];
  /**
   * Per lane asked: the earliest due time left in the store; null if nothing waits. Of an open
   * lane: when its next probe is due.
   */
  readonly nextDueAt: ReadonlyMap<number, number | null>;
}

export interface ClaimedDelivery {
  readonly key: number;
  readonly eventKey: number;
  readonly webhook: number;
  readonly action: number;
  readonly isTest: boolean;
  readonly record: Uint8Array;
  readonly attempts: number;
  readonly failures: number;
  readonly failingSince: number | null;
  readonly isSingle: boolean;
  readonly deliveredAt: number | null;
}

/** Outcomes and what follows from them, written all or nothing. */
export interface SettleBatch {
  readonly session: number;
  readonly items: readonly SettleItem[];
  /** One entry per webhook whose health changes. */
  readonly health: readonly HealthChange[];
  readonly disable: readonly DisableWebhook[];
}

export interface SettleItem {
  readonly deliveryKey: number;
  readonly webhook: number;
  /** The call that was made, from 1. */
  readonly attempt: AttemptRecord;
  readonly failures: number;
  readonly failingSince: number | null;
  readonly next:
    | { readonly state: 'delivered'; readonly at: number }
    | { readonly state: 'due'; readonly dueAt: number }
    | { readonly state: 'failed'; readonly at: number; readonly reason: string };
}

/** One row of the log. Header lists are JSON arrays, name and value alternating. */
export interface AttemptRecord {
  readonly number: number;
  readonly startedAt: number;
  readonly url: string;
  readonly requestHeaders: string;
  readonly status: number | null;
  readonly responseHeaders: string | null;
  readonly responseBody: Uint8Array | null;
  readonly responseTruncated: boolean;
  readonly errorCode: string | null;
  readonly errorDetail: string | null;
  /** JSON of a `CertificateProblem`. */
  readonly certificate: string | null;
  readonly dnsMs: number | null;
  readonly connectMs: number | null;
  readonly tlsMs: number | null;
  readonly firstByteMs: number | null;
  readonly totalMs: number;
}

/** Consecutive failed calls to a webhook, whatever their requests, that open its lane. */
export const OPEN_AFTER = 5;

export interface HealthChange {
  readonly webhook: number;
  /** A call was answered well: the count starts again at `failures`. Otherwise `failures` are added. */
  readonly succeeded: boolean;
  readonly failures: number;
  readonly lastError: string | null;
  readonly lastTriggerAt: number | null;
  readonly failedAt: number | null;
  readonly pausedUntil: number | null;
}

export interface DisableWebhook {
  readonly webhook: number;
  readonly reason: 'failing' | 'gone';
  /** The request whose failures decided it. */
  readonly deliveryKey: number;
  /** A sentence for people. */
  readonly detail: string;
  readonly at: number;
}

export interface SettledBatch {
  /** Deliveries that this session did not hold any more: nothing of them was written. */
  readonly fenced: readonly number[];
  /** Webhooks that this batch switched off. */
  readonly disabled: readonly number[];
}

/** Deliveries to give back unsent: their lane closed, or the process ends. */
export interface ReleaseBatch {
  readonly session: number;
  readonly keys: readonly number[];
}

/** The hot operations of one engine. */
export interface HotOperations {
  acceptEvents(batch: AcceptBatch): AcceptedBatch;
  claimDeliveries(batch: ClaimBatch): ClaimedBatch;
  settleAttempts(batch: SettleBatch): SettledBatch;
  releaseDeliveries(batch: ReleaseBatch): number;
}

export const HOT_OPERATION_NAMES = [
  'acceptEvents',
  'claimDeliveries',
  'settleAttempts',
  'releaseDeliveries',
] as const satisfies readonly (keyof HotOperations)[];
