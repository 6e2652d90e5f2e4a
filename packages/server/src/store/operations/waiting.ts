import sql, { join } from 'sql-template-tag';
import { andWithin, type Bounds } from '../bounds.ts';
import { keyAt } from '../keys.ts';
import type { OperationContext } from '../tx.ts';
import type { Who } from '../who.ts';
import { bestProbe } from './probes.ts';
import { writeAudit } from './write-audit.ts';

/**
 * Rows per call of the sliced operations: with 500 a slice held SQLite's writer for 4 to 10 ms and at
 * times for more than 20, with 200 for 1 to 2.
 */
const SLICE = 200;

/** Deliveries of a webhook that wait: held while it is off, due while it is on. */
export async function countWaiting(
  { tx }: OperationContext,
  input: { webhook: number },
): Promise<number> {
  const row = await tx.first<{ n: number }>(sql`
    select count(*) as n
    from deliveries
    where state = 'due' and webhook_id = ${input.webhook}`);
  return row!.n;
}

/** What waits for a webhook, and when the first of it is due. */
export interface Waiting {
  readonly webhook: number;
  readonly waiting: number;
  readonly nextAt: number;
}

/**
 * The same of several; those for which nothing waits are left out.
 *
 * explain: search deliveries using covering index deliveries_due (webhook_id=?), once per webhook
 */
export async function listWaiting(
  { tx }: OperationContext,
  input: { webhooks: readonly number[] },
): Promise<Waiting[]> {
  if (input.webhooks.length === 0) return [];
  return tx.all(sql`
    select webhook_id as webhook, count(*) as waiting, min(due_at) as "nextAt"
    from deliveries
    where state = 'due' and webhook_id in (${join(input.webhooks)})
    group by webhook_id`);
}

/** All that waits. */
export interface WaitingSum {
  readonly due: number;
  readonly held: number;
  /** When the first of what is due is to be sent; null: nothing is due. */
  readonly nextAt: number | null;
}

/** What waits for the webhooks within bounds: due while they are on, held while they are off. */
export async function sumWaiting(
  { tx }: OperationContext,
  { bounds }: { bounds: Bounds },
): Promise<WaitingSum> {
  const rows = await tx.all<{ active: number; waiting: number; due_at: number }>(sql`
    select w.active, cast(sum(lane.waiting) as bigint) as waiting, min(lane.due_at) as due_at
    from (
      select webhook_id, count(*) as waiting, min(due_at) as due_at
      from deliveries
      where state = 'due'
      group by webhook_id
    ) lane
    join webhooks w on w.id = lane.webhook_id
    where w.deleted_at is null ${andWithin(bounds)}
    group by w.active`);
  const on = rows.find(({ active }) => active === 1);
  const off = rows.find(({ active }) => active === 0);
  return { due: on?.waiting ?? 0, held: off?.waiting ?? 0, nextAt: on?.due_at ?? null };
}

/**
 * When open lanes send their next probe, by webhook; those for which nothing waits are left out.
 * Chooses as `claimDeliveries` does.
 */
export async function findNextProbes(
  { tx }: OperationContext,
  input: { webhooks: readonly number[] },
): Promise<Map<number, number>> {
  const found = new Map<number, number>();
  for (const webhook of input.webhooks) {
    const enabledAt = sql`(select enabled_at from webhooks where id = ${webhook})`;
    const probe = await bestProbe(tx, webhook, enabledAt);
    if (probe) found.set(webhook, probe.due_at);
  }
  return found;
}

/**
 * Cancels a slice of a webhook's waiting deliveries with keys below `before`.
 * Returns how many; call again until it is 0.
 *
 * In the order of deliveries_due: SQLite would else take deliveries_by_webhook, and go through all
 * that the webhook ever got for every slice.
 *
 * explain, 1 M of 2 M due in this lane: search using covering index deliveries_due (webhook_id=?),
 *   200 rows, then each by its primary key; on PostgreSQL the same in deliveries_open, 6 ms
 */
export async function cancelWaiting(
  { tx, now }: OperationContext,
  input: { webhook: number; before: number; reason: 'dropped' | 'webhook_deleted' },
): Promise<number> {
  return tx.run(sql`
    update deliveries
    set state = 'cancelled', due_at = null, ended_at = ${now}, reason = ${input.reason}
    where key in (
      select key
      from deliveries
      where state = 'due' and webhook_id = ${input.webhook}
        and key < ${input.before}
      order by due_at
      limit ${SLICE}
    ) and state = 'due'`);
}

/**
 * Makes a slice of a webhook's re-attempts that wait for a later time due now.
 * Returns how many; call again until it is 0.
 *
 * explain, 1 M of 2 M due in this lane: search using covering index deliveries_due (webhook_id=? and
 *   due_at>?), 200 rows, then each by its primary key; on PostgreSQL the same in deliveries_open,
 *   4 ms
 */
export async function hastenWaiting(
  { tx, now }: OperationContext,
  input: { webhook: number },
): Promise<number> {
  return tx.run(sql`
    update deliveries
    set due_at = ${now}
    where key in (
      select key
      from deliveries
      where state = 'due' and webhook_id = ${input.webhook}
        and due_at > ${now}
      limit ${SLICE}
    ) and state = 'due'`);
}

/** Webhooks that were deleted while deliveries waited and the process ended before all were cancelled. */
export async function findDeletedWithWaiting({ tx }: OperationContext): Promise<number[]> {
  const rows = await tx.all<{ id: number }>(sql`
    select id
    from webhooks
    where deleted_at is not null
      and exists (
        select 1
        from deliveries
        where state = 'due' and webhook_id = webhooks.id
      )`);
  return rows.map((row) => row.id);
}

/** Notes who drops what is held and how much that is; then it is cancelled in slices. */
export async function noteDrop(
  context: OperationContext,
  { webhook, by }: { webhook: number; by: Who },
): Promise<void> {
  const held = await countWaiting(context, { webhook });
  const subject = `webhook:${webhook}`;
  await writeAudit(context, { by, what: 'held.dropped', subject, details: { held } });
}

/** A key above those of all deliveries accepted so far. */
export async function currentKey({ tx, now }: OperationContext): Promise<{ before: number }> {
  const row = await tx.first<{ key: number | null }>(sql`select max(key) as key from deliveries`);
  return { before: Math.max(row?.key ?? 0, keyAt(now)) + 1 };
}
