import sql, { type Sql } from 'sql-template-tag';
import type { Tx } from '../tx.ts';
import type { ProbeClaim } from './hot.ts';

/** A delivery that an open lane may probe with. */
export interface ProbeRow {
  key: number;
  due_at: number;
}

/** Another request than the suspect, if there is one; then the one that has failed most. */
export async function probeCandidates(
  tx: Tx,
  webhook: number,
  { enabledAt, besides }: ProbeClaim,
): Promise<ProbeRow[]> {
  const another = besides === null ? undefined : await earliestBut(tx, webhook, besides);
  const best = await bestProbe(tx, webhook, enabledAt);
  return [another, best].flatMap((row) => row ?? []);
}

/**
 * Index deliveries_probing, in its order; if nothing that waits has failed, what is due first. The
 * claim of SQLite has these statements prepared: see `claim.sqlite.ts` for why this order.
 *
 * explain, 1 M of 2 M due in this lane, PostgreSQL: Limit, Index Scan using deliveries_probing on
 *   deliveries_open (webhook_id = …), 1 row; 0.02 ms
 */
export async function bestProbe(
  tx: Tx,
  webhook: number,
  enabledAt: number | Sql,
): Promise<ProbeRow | undefined> {
  const failed = await tx.first<ProbeRow>(sql`
    select key, due_at
    from deliveries
    where state = 'due' and webhook_id = ${webhook} and (failures > 0 or is_single = 1)
      and (is_single = 1 or failing_since >= ${enabledAt})
    order by is_single desc, failures desc, key
    limit 1`);
  return failed ?? earliestBut(tx, webhook, 0);
}

/**
 * Index deliveries_due: the first entry of the lane, or its second.
 *
 * explain, 1 M of 2 M due in this lane, PostgreSQL: Limit, Index Scan using deliveries_due on
 *   deliveries_open (webhook_id = …), 1 row; 0.03 ms
 */
async function earliestBut(tx: Tx, webhook: number, key: number): Promise<ProbeRow | undefined> {
  return tx.first<ProbeRow>(sql`
    select key, due_at
    from deliveries
    where state = 'due' and webhook_id = ${webhook} and key <> ${key}
    order by due_at
    limit 1`);
}
