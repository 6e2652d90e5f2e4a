import type { Connection } from '../sqlite/connection.ts';
import type { ClaimBatch, ClaimedBatch, ClaimedDelivery, ReleaseBatch } from './hot.ts';

/**
 * Leases what is due to the lanes that have room, oldest due first, each lane for itself: the
 * cost depends on what is taken, never on what waits behind other webhooks.
 *
 * A webhook that is off or deleted yields nothing and reports that nothing waits; switching it on
 * wakes its lane again.
 */
export function claimDeliveries(db: Connection, batch: ClaimBatch, now: number): ClaimedBatch {
  const deliveries: ClaimedDelivery[] = [];
  const nextDueAt = new Map<number, number | null>();

  for (const { webhook, limit } of batch.lanes) {
    if (!db.prepare(SELECT_ACTIVE_WEBHOOK).get(webhook)) {
      nextDueAt.set(webhook, null);
      continue;
    }
    const rows = db.prepare(SELECT_DUE_DELIVERIES).all(webhook, now, limit) as unknown as DueRow[];
    for (const row of rows) {
      db.prepare(LEASE_DUE_DELIVERY).run(batch.session, row.key);
      deliveries.push(claimedDelivery(webhook, row));
    }
    const next = db.prepare(SELECT_NEXT_DUE).get(webhook) as { due_at: number | null };
    nextDueAt.set(webhook, next.due_at);
  }
  return { deliveries, nextDueAt };
}

/** Gives leased deliveries back, due at once. Returns how many this session still held. */
export function releaseDeliveries(db: Connection, batch: ReleaseBatch, now: number): number {
  let released = 0;
  for (const key of batch.keys) {
    released += Number(db.prepare(RELEASE_LEASED_DELIVERY).run(now, key, batch.session).changes);
  }
  return released;
}

interface DueRow {
  key: number;
  event_key: number;
  action: number;
  is_test: number;
  record: Uint8Array;
  attempts: number;
  failures: number;
  failing_since: number | null;
  is_single: number;
  delivered_at: number | null;
}

function claimedDelivery(webhook: number, row: DueRow): ClaimedDelivery {
  return {
    key: row.key,
    eventKey: row.event_key,
    webhook,
    action: row.action,
    isTest: row.is_test === 1,
    record: row.record,
    attempts: row.attempts,
    failures: row.failures,
    failingSince: row.failing_since,
    isSingle: row.is_single === 1,
    deliveredAt: row.delivered_at,
  };
}

const SELECT_ACTIVE_WEBHOOK = `
  select id
  from webhooks
  where id = ? and active = 1 and deleted_at is null`;

/** Index deliveries_due (webhook_id, due_at): one range of the index, in its order. */
const SELECT_DUE_DELIVERIES = `
  select d.key, d.event_key, e.action, e.is_test, e.record, d.attempts, d.failures,
    d.failing_since, d.is_single, d.delivered_at
  from deliveries d
  join events e on e.key = d.event_key
  where d.state = 'due'
    and d.webhook_id = ?
    and d.due_at <= ?
  order by d.due_at
  limit ?`;

/** Primary key. The claim that found the row runs in the same transaction. */
const LEASE_DUE_DELIVERY = `
  update deliveries
  set state = 'leased', leased_by = ?, due_at = null
  where key = ? and state = 'due'`;

/** Index deliveries_due: its first entry of the lane. */
const SELECT_NEXT_DUE = `
  select min(due_at) as due_at
  from deliveries
  where state = 'due' and webhook_id = ?`;

/** Primary key; guarded by the lease. */
const RELEASE_LEASED_DELIVERY = `
  update deliveries
  set state = 'due', due_at = ?, leased_by = null
  where key = ? and state = 'leased' and leased_by = ?`;
