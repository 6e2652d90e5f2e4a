import sql, { join } from 'sql-template-tag';
import type { OperationContext } from '../tx.ts';

/** How often something took place in a window, as one node counted it. */
export interface SharedCount {
  /** `wrong-keys:93.184.215.14` */
  readonly name: string;
  /** When the window began. */
  readonly beganAt: number;
  readonly count: number;
}

/** Once a second for each node: what it told before is overwritten, so the table stays small. */
export async function shareCounts(
  { tx }: OperationContext,
  { session, told, since }: { session: number; told: readonly SharedCount[]; since: number },
): Promise<SharedCount[]> {
  if (told.length > 0) {
    await tx.run(sql`
      insert into counts (name, session_id, began_at, count)
      values ${join(
        told.map(({ name, beganAt, count }) => sql`(${name}, ${session}, ${beganAt}, ${count})`),
      )}
      on conflict (name, session_id) do update
      set began_at = excluded.began_at, count = excluded.count`);
  }
  return tx.all<SharedCount>(sql`
    select name, began_at as "beganAt", count
    from counts
    where began_at >= ${since} and session_id <> ${session}`);
}

/** Removes what no window that runs is of; returns how many. */
export async function removeOldCounts(
  { tx }: OperationContext,
  { before }: { before: number },
): Promise<number> {
  return tx.run(sql`delete from counts where began_at < ${before}`);
}
