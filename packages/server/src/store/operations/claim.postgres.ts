import sql from 'sql-template-tag';
import type { LeasingContext } from '../postgres/repair.ts';
import type { OperationContext } from '../tx.ts';
import type { ClaimBatch, ClaimedBatch, ClaimedDelivery, ReleaseBatch } from './hot.ts';

/**
 * Leases what is due to the lanes that have room: see `claim.sqlite.ts`. Two statements for all
 * lanes. What another node is claiming this moment is passed over, not waited for. A session that
 * is over gets nothing.
 */
export async function claimDeliveries(
  { tx, now, leases }: LeasingContext,
  { session, lanes }: ClaimBatch,
): Promise<ClaimedBatch> {
  const webhooks = lanes.map((lane) => lane.webhook);
  // Index deliveries_due (webhook_id, due_at): one range per lane, in its order, up to its limit.
  // Locks the rows it takes and skips those that are locked. Each lane's rows are found before any
  // is changed (`picked` is used by an update, so it runs once and whole).
  const rows = await tx.all<DueRow>(sql`
    with picked as materialized (
      select due.key, due.due_at, due.event_key
      from unnest(${webhooks}::bigint[], ${lanes.map((lane) => lane.limit)}::bigint[])
        as l (webhook_id, places)
      join webhooks w on w.id = l.webhook_id and w.active = 1 and w.deleted_at is null
      cross join lateral (
        select d.key, d.due_at, d.event_key
        from deliveries d
        where d.state = 'due' and d.webhook_id = l.webhook_id and d.due_at <= ${now}
        order by d.due_at
        limit l.places
        for update skip locked
      ) due
      where exists (select 1 from sessions where id = ${session} and alive_until > ${now})
    )
    update deliveries d
    set state = 'leased', leased_by = ${session}, due_at = null
    from picked p
    join events e on e.key = p.event_key
    where d.key = p.key
    returning d.key, d.event_key, d.webhook_id, e.action, e.is_test, e.record, d.attempts,
      d.failures, d.failing_since, d.is_single, d.delivered_at, p.due_at`);
  // Index deliveries_due: the first entry of each lane.
  const next = await tx.all<{ webhook_id: number; due_at: number | null }>(sql`
    select w.id as webhook_id, (
        select min(d.due_at)
        from deliveries d
        where d.state = 'due' and d.webhook_id = w.id
      ) as due_at
    from webhooks w
    where w.id = any(${webhooks}::bigint[]) and w.active = 1 and w.deleted_at is null`);
  leases.push(...rows.map((row) => row.key));

  const nextDueAt = new Map<number, number | null>(webhooks.map((webhook) => [webhook, null]));
  for (const { webhook_id, due_at } of next) nextDueAt.set(webhook_id, due_at);
  const inOrder = rows.toSorted((a, b) => a.due_at - b.due_at || a.key - b.key);
  return { deliveries: inOrder.map(claimedDelivery), nextDueAt };
}

/** Gives leased deliveries back, due at once. Returns how many this session still held. */
export async function releaseDeliveries(
  { tx, now }: OperationContext,
  { session, keys }: ReleaseBatch,
): Promise<number> {
  // Primary key; guarded by the lease.
  return tx.run(sql`
    update deliveries
    set state = 'due', due_at = ${now}, leased_by = null
    where key = any(${keys}::bigint[]) and state = 'leased' and leased_by = ${session}`);
}

interface DueRow {
  key: number;
  event_key: number;
  webhook_id: number;
  action: number;
  is_test: number;
  record: Uint8Array;
  attempts: number;
  failures: number;
  failing_since: number | null;
  is_single: number;
  delivered_at: number | null;
  due_at: number;
}

function claimedDelivery(row: DueRow): ClaimedDelivery {
  return {
    key: row.key,
    eventKey: row.event_key,
    webhook: row.webhook_id,
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
