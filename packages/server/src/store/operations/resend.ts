import sql from 'sql-template-tag';
import type { Bounds } from '../bounds.ts';
import type { OperationContext } from '../tx.ts';
import type { Who } from '../who.ts';
import { findDeliveries, type StoredDelivery } from './deliveries.ts';
import { writeAudit } from './write-audit.ts';

/** What became of the wish to send one again. */
export interface Resent {
  readonly isResent: boolean;
  /** As it was before. */
  readonly delivery: StoredDelivery;
}

/**
 * Sends those of these deliveries again that are there, within bounds and free to be sent: one
 * transaction for all, in the order of their keys, so that two of them cannot wait for each other.
 */
export async function resendDeliveries(
  context: OperationContext,
  { keys, bounds, by }: { keys: readonly number[]; bounds: Bounds; by: Who },
): Promise<Resent[]> {
  const found = await findDeliveries(context, { keys, bounds });
  const resent: Resent[] = [];
  for (const delivery of found.toSorted((a, b) => a.key - b.key)) {
    const { key } = delivery;
    resent.push({ isResent: await resendDelivery(context, { key, by }), delivery });
  }
  return resent;
}

/**
 * Makes a delivery due now: a waiting one uses its next re-attempt, a final one gets one call
 * more. False when it is being sent this moment, its webhook is off, or it is gone.
 */
async function resendDelivery(
  context: OperationContext,
  input: { key: number; by: Who },
): Promise<boolean> {
  const { tx, now } = context;
  const row = await tx.first<{
    webhook_id: number;
    state: string;
    active: number;
    deleted_at: number | null;
  }>(sql`
    select d.webhook_id, d.state, w.active, w.deleted_at
    from deliveries d
    join webhooks w on w.id = d.webhook_id
    where d.key = ${input.key}`);
  if (!row || row.state === 'leased' || row.active === 0 || row.deleted_at !== null) return false;
  const resent = await tx.run(sql`
    update deliveries
    set state = 'due', due_at = ${now}, ended_at = null, reason = null,
      is_single = case when state = 'due' then is_single else 1 end
    where key = ${input.key} and state <> 'leased'`);
  if (resent === 0) return false;
  await writeAudit(context, {
    by: input.by,
    what: 'delivery.resent',
    subject: `delivery:${input.key}`,
    details: { webhook: row.webhook_id },
  });
  return true;
}
