import sql from 'sql-template-tag';
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
