import sql, { empty, join, raw, type Sql } from 'sql-template-tag';
import { andAt, andWithin, type Bounds, UNBOUNDED } from '../bounds.ts';
import { dayStart, keyAt, keyTime } from '../keys.ts';
import type { OperationContext } from '../tx.ts';
import type { DeliveryState } from './delivery-state.ts';
import type { AttemptRecord } from './hot.ts';

export interface StoredDelivery {
  readonly key: number;
  readonly eventKey: number;
  readonly webhook: number;
  readonly webhookName: string;
  readonly app: number | null;
  readonly action: number;
  readonly location: number | null;
  readonly isTest: boolean;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly dueAt: number | null;
  readonly deliveredAt: number | null;
  readonly endedAt: number | null;
  readonly reason: string | null;
}

/** An attempt as it was settled. */
export type StoredAttempt = AttemptRecord;

/** Newest first, keys below `before`. A webhook's log is served by deliveries_by_webhook. */
export async function listDeliveries(
  { tx }: OperationContext,
  input: {
    before: number;
    limit: number;
    bounds?: Bounds;
    webhook?: number | undefined;
    state?: DeliveryState | undefined;
    action?: number | undefined;
    location?: number | undefined;
    event?: number | undefined;
    from?: number | undefined;
    to?: number | undefined;
  },
): Promise<StoredDelivery[]> {
  const rows = await tx.all<DeliveryRow>(sql`
    ${SELECT_DELIVERIES}
    where d.key < ${Math.min(input.before, input.to === undefined ? Infinity : keyAt(input.to))}
      ${input.from === undefined ? empty : sql`and d.key >= ${keyAt(input.from)}`}
      ${input.event === undefined ? empty : behind(input.event)}
      ${input.webhook === undefined ? empty : sql`and d.webhook_id = ${input.webhook}`}
      ${andVisible(input.bounds)}
      ${input.action === undefined ? empty : sql`and e.action = ${input.action}`}
      ${input.location === undefined ? empty : sql`and e.location_id = ${input.location}`}
      ${input.state === undefined ? empty : raw(STATE_CONDITIONS[input.state])}
    order by d.key desc
    limit ${input.limit}`);
  return rows.map(storedDelivery);
}

/** The deliveries of an event: their keys are right behind its own. */
export async function listDeliveriesOfEvent(
  { tx }: OperationContext,
  input: { eventKey: number; deliveries: number; bounds?: Bounds },
): Promise<StoredDelivery[]> {
  const rows = await tx.all<DeliveryRow>(sql`
    ${SELECT_DELIVERIES}
    where d.key > ${input.eventKey} and d.key <= ${input.eventKey + input.deliveries}
      ${andVisible(input.bounds)}
    order by d.key`);
  return rows.map(storedDelivery);
}

export async function getDelivery(
  { tx }: OperationContext,
  input: { key: number; bounds?: Bounds },
): Promise<
  (StoredDelivery & { record: Uint8Array; attemptsMade: readonly StoredAttempt[] }) | undefined
> {
  const row = await tx.first<DeliveryRow>(sql`
    ${SELECT_DELIVERIES}
    where d.key = ${input.key} and e.key between ${dayOf(input.key)} and ${input.key}
      ${andVisible(input.bounds)}`);
  if (!row) return undefined;
  const event = await tx.first<{ record: Uint8Array }>(
    sql`select record from events where key = ${row.event_key}`,
  );
  const attempts = await tx.all<AttemptRow>(sql`
    select number, started_at, url, request_headers, status, response_headers, response_body,
      response_truncated, error_code, error_detail, certificate, dns_ms, connect_ms, tls_ms,
      first_byte_ms, total_ms
    from attempts
    where delivery_key = ${input.key}
    order by number`);
  return {
    ...storedDelivery(row),
    record: event!.record,
    attemptsMade: attempts.map(storedAttempt),
  };
}

/** Those of these that are there and within bounds, in no order. At most some hundred keys. */
export async function findDeliveries(
  { tx }: OperationContext,
  { keys, bounds }: { keys: readonly number[]; bounds?: Bounds },
): Promise<StoredDelivery[]> {
  if (keys.length === 0) return [];
  const rows = await tx.all<DeliveryRow>(sql`
    ${SELECT_DELIVERIES}
    where d.key in (${join(keys)})
      and e.key between ${dayOf(Math.min(...keys))} and ${Math.max(...keys)}
      ${andVisible(bounds)}`);
  return rows.map(storedDelivery);
}

/** The keys of the deliveries of an event are right behind its own. */
function behind(event: number): Sql {
  return sql`and d.key > ${event}
    and d.key <= cast(${event} as bigint) + (select deliveries from events where key = ${event})`;
}

/** A webhook that moved to another location does not take what it got at the old one along. */
function andVisible(bounds: Bounds = UNBOUNDED): Sql {
  return sql`${andWithin(bounds)} ${andAt('e.location_id', bounds.locations)}`;
}

/** The first key of its day: where its event is, and so the one part that is looked at. */
function dayOf(key: number): number {
  return keyAt(dayStart(keyTime(key)));
}

const SELECT_DELIVERIES: Sql = sql`
  select d.key, d.event_key, d.webhook_id, w.name as webhook_name, w.app_id,
    w.active as webhook_active, e.action, e.location_id, e.is_test, d.state, d.attempts, d.due_at,
    d.delivered_at, d.ended_at, d.reason
  from deliveries d
  join events e on e.key = d.event_key
  join webhooks w on w.id = d.webhook_id`;

const STATE_CONDITIONS: Readonly<Record<DeliveryState, string>> = {
  due: `and d.state = 'due' and w.active = 1`,
  held: `and d.state = 'due' and w.active = 0`,
  // Few, and behind an index that is as small.
  sending: `and d.key in (select key from deliveries where state = 'leased')`,
  delivered: `and d.state = 'delivered'`,
  failed: `and d.state = 'failed'`,
  cancelled: `and d.state = 'cancelled'`,
};

interface DeliveryRow {
  key: number;
  event_key: number;
  webhook_id: number;
  webhook_name: string;
  app_id: number | null;
  webhook_active: number;
  action: number;
  location_id: number | null;
  is_test: number;
  state: 'due' | 'leased' | 'delivered' | 'failed' | 'cancelled';
  attempts: number;
  due_at: number | null;
  delivered_at: number | null;
  ended_at: number | null;
  reason: string | null;
}

function storedDelivery(row: DeliveryRow): StoredDelivery {
  return {
    key: row.key,
    eventKey: row.event_key,
    webhook: row.webhook_id,
    webhookName: row.webhook_name,
    app: row.app_id,
    action: row.action,
    location: row.location_id,
    isTest: row.is_test === 1,
    state: visibleState(row),
    attempts: row.attempts,
    dueAt: row.due_at,
    deliveredAt: row.delivered_at,
    endedAt: row.ended_at,
    reason: row.reason,
  };
}

function visibleState({ state, webhook_active }: DeliveryRow): DeliveryState {
  if (state === 'leased') return 'sending';
  if (state === 'due' && webhook_active === 0) return 'held';
  return state;
}

interface AttemptRow {
  number: number;
  started_at: number;
  url: string;
  request_headers: string;
  status: number | null;
  response_headers: string | null;
  response_body: Uint8Array | null;
  response_truncated: number;
  error_code: string | null;
  error_detail: string | null;
  certificate: string | null;
  dns_ms: number | null;
  connect_ms: number | null;
  tls_ms: number | null;
  first_byte_ms: number | null;
  total_ms: number;
}

function storedAttempt(row: AttemptRow): StoredAttempt {
  return {
    number: row.number,
    startedAt: row.started_at,
    url: row.url,
    requestHeaders: row.request_headers,
    status: row.status,
    responseHeaders: row.response_headers,
    responseBody: row.response_body,
    responseTruncated: row.response_truncated === 1,
    errorCode: row.error_code,
    errorDetail: row.error_detail,
    certificate: row.certificate,
    dnsMs: row.dns_ms,
    connectMs: row.connect_ms,
    tlsMs: row.tls_ms,
    firstByteMs: row.first_byte_ms,
    totalMs: row.total_ms,
  };
}
