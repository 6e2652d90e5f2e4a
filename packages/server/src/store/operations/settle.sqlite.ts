import type { Connection } from '../sqlite/connection.ts';
import type { DisableWebhook, HealthChange, SettleBatch, SettledBatch, SettleItem } from './hot.ts';

/**
 * Writes outcomes and verdicts: the delivery's next state, the attempt's row, the webhook's
 * health and, where a verdict says so, the webhook switched off with a notice.
 *
 * Fenced: an item whose delivery this session no longer holds, or holds for another call, changes
 * nothing and is returned. The latter is a settle that is tried again although it took place, when
 * its answer was lost: the delivery may be claimed for its next call by then.
 * A webhook that was deleted while the call ran gets no re-attempt: its delivery is cancelled.
 */
export function settleAttempts(db: Connection, batch: SettleBatch): SettledBatch {
  const fenced: number[] = [];
  const deleted = new Map<number, boolean>();

  for (const item of batch.items) {
    if (!settleDelivery(item)) {
      fenced.push(item.deliveryKey);
      continue;
    }
    insertAttempt(db, item);
    if (item.next.state === 'failed' && item.next.reason === 'exhausted') noticeExhausted(db, item);
  }
  for (const change of batch.health) updateHealth(db, change);
  const disabled = batch.disable
    .filter((order) => disableWebhook(db, order))
    .map((order) => order.webhook);
  return { fenced, disabled };

  function settleDelivery(item: SettleItem): boolean {
    const { next } = item;
    if (next.state === 'delivered') {
      return changed(
        db
          .prepare(SETTLE_DELIVERED)
          .run(item.attempt.number, next.at, item.deliveryKey, batch.session),
      );
    }
    const cancelled = next.state === 'due' && isDeleted(item.webhook);
    return changed(
      db
        .prepare(SETTLE_UNDELIVERED)
        .run(
          cancelled ? 'cancelled' : next.state,
          item.attempt.number,
          item.failures,
          item.failingSince,
          next.state === 'due' && !cancelled ? next.dueAt : null,
          next.state === 'due' ? (cancelled ? item.attempt.startedAt : null) : next.at,
          cancelled ? 'webhook_deleted' : next.state === 'failed' ? next.reason : null,
          item.deliveryKey,
          batch.session,
        ),
    );
  }

  function isDeleted(webhook: number): boolean {
    let known = deleted.get(webhook);
    if (known === undefined) {
      known = db.prepare(SELECT_WEBHOOK).get(webhook) === undefined;
      deleted.set(webhook, known);
    }
    return known;
  }
}

function insertAttempt(db: Connection, { deliveryKey, attempt }: SettleItem): void {
  db.prepare(INSERT_ATTEMPT).run(
    deliveryKey,
    attempt.number,
    attempt.startedAt,
    attempt.url,
    attempt.requestHeaders,
    attempt.status,
    attempt.responseHeaders,
    attempt.responseBody,
    attempt.responseTruncated ? 1 : 0,
    attempt.errorCode,
    attempt.errorDetail,
    attempt.certificate,
    attempt.dnsMs,
    attempt.connectMs,
    attempt.tlsMs,
    attempt.firstByteMs,
    attempt.totalMs,
  );
}

function noticeExhausted(db: Connection, item: SettleItem): void {
  const at = item.attempt.startedAt;
  const detail = `A request used up its re-attempts: ${item.attempt.errorDetail ?? 'it failed'}`;
  db.prepare(INSERT_NOTICE).run('delivery_failed', item.webhook, item.deliveryKey, detail, at);
}

function updateHealth(db: Connection, change: HealthChange): void {
  const { webhook, failures, lastError, failedAt, lastTriggerAt, pausedUntil } = change;
  if (change.succeeded) {
    db.prepare(HEALTH_AFTER_SUCCESS).run(
      failures,
      failedAt,
      lastError,
      lastTriggerAt,
      pausedUntil,
      webhook,
    );
  } else {
    db.prepare(HEALTH_AFTER_FAILURE).run(failures, failedAt, lastError, pausedUntil, webhook);
  }
}

function disableWebhook(db: Connection, order: DisableWebhook): boolean {
  const { webhook, reason, deliveryKey, detail, at } = order;
  if (!changed(db.prepare(DISABLE_WEBHOOK).run(at, reason, at, webhook))) return false;
  db.prepare(INSERT_NOTICE).run('webhook_disabled', webhook, deliveryKey, detail, at);
  const details = JSON.stringify({ reason, delivery: deliveryKey });
  db.prepare(INSERT_AUDIT).run(at, `webhook:${webhook}`, details);
  return true;
}

function changed(result: { changes: number | bigint }): boolean {
  return Number(result.changes) > 0;
}

/**
 * Primary key; guarded by the lease and by the number of the call. Leaves deliveries_leased.
 *
 * explain, 2 M: search deliveries using integer primary key (rowid=?)
 */
const SETTLE_DELIVERED = `
  update deliveries
  set state = 'delivered', attempts = ?1, failures = 0, failing_since = null, is_single = 0,
    leased_by = null, delivered_at = ?2, ended_at = ?2, reason = null
  where key = ?3 and state = 'leased' and leased_by = ?4 and attempts = ?1 - 1`;

/**
 * Primary key; guarded by the lease and by the number of the call. A call that a person asked for
 * is over with it.
 *
 * explain, 2 M: search deliveries using integer primary key (rowid=?)
 */
const SETTLE_UNDELIVERED = `
  update deliveries
  set state = case when ?1 = 'failed' and delivered_at is not null then 'delivered' else ?1 end,
    attempts = ?2, failures = ?3, failing_since = ?4, is_single = 0,
    due_at = ?5, leased_by = null, ended_at = ?6, reason = ?7
  where key = ?8 and state = 'leased' and leased_by = ?9 and attempts = ?2 - 1`;

/** Primary key. */
const SELECT_WEBHOOK = `
  select id
  from webhooks
  where id = ? and deleted_at is null`;

/** Appends nearly always; one entry in the primary key (delivery_key, number). */
const INSERT_ATTEMPT = `
  insert into attempts
    (delivery_key, number, started_at, url, request_headers, status, response_headers,
     response_body, response_truncated, error_code, error_detail, certificate, dns_ms, connect_ms,
     tls_ms, first_byte_ms, total_ms)
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** Primary key. The count starts again behind the last success of the batch. */
const HEALTH_AFTER_SUCCESS = `
  update webhooks
  set error_count = ?, failing_since = ?, last_error = coalesce(?, last_error),
    last_trigger_at = max(coalesce(last_trigger_at, 0), ?), paused_until = ?
  where id = ?`;

/** Primary key. */
const HEALTH_AFTER_FAILURE = `
  update webhooks
  set error_count = error_count + ?, failing_since = coalesce(failing_since, ?),
    last_error = coalesce(?, last_error), paused_until = coalesce(?, paused_until)
  where id = ?`;

/** Primary key; only the first of several verdicts switches it off. */
const DISABLE_WEBHOOK = `
  update webhooks
  set active = 0, disabled_at = ?, disabled_reason = ?, updated_at = ?
  where id = ? and active = 1 and deleted_at is null`;

const INSERT_AUDIT = `
  insert into audit (at, who_kind, who_id, who_name, what, subject, details)
  values (?, 'system', 'system', 'system', 'webhook.disabled', ?, ?)`;

const INSERT_NOTICE = `
  insert into notices (kind, webhook_id, delivery_key, detail, created_at)
  values (?, ?, ?, ?, ?)`;
