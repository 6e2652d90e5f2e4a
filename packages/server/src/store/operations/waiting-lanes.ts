import sql, { empty } from 'sql-template-tag';
import type { Tx } from '../tx.ts';

/** A lane with something waiting, and the earliest due time of that. */
export interface WaitingLane {
  readonly webhook: number;
  readonly dueAt: number;
}

/**
 * Index deliveries_due: two steps per webhook with something waiting, however much that is. With
 * `until` only what is due by then, of webhooks that are on. `waiting` is materialized, or its steps
 * would be taken again for each condition.
 *
 * explain, 1,001 lanes, 1 M of 2 M deliveries due in one of them:
 *   PostgreSQL: 1,001 times Limit, Index Only Scan using deliveries_due on deliveries_open
 *     (webhook_id > …), as often (webhook_id = …); 7 ms in all
 *   SQLite: search deliveries using covering index deliveries_due, for each step
 */
export async function waitingLanes(tx: Tx, until: number | null): Promise<WaitingLane[]> {
  const lanes = await tx.all<{ webhook_id: number; due_at: number }>(sql`
    with recursive lanes (webhook_id) as (
      select min(webhook_id) from deliveries where state = 'due'
      union all
      select (
        select min(d.webhook_id)
        from deliveries d
        where d.state = 'due' and d.webhook_id > lanes.webhook_id
      )
      from lanes
      where lanes.webhook_id is not null
    ),
    waiting (webhook_id, due_at) as materialized (
      select webhook_id, (
          select min(d.due_at)
          from deliveries d
          where d.state = 'due' and d.webhook_id = lanes.webhook_id
        )
      from lanes
      where webhook_id is not null
    )
    select webhook_id, due_at
    from waiting
    where due_at is not null ${
      until === null
        ? empty
        : sql`and due_at <= ${until} and exists (
            select 1
            from webhooks w
            where w.id = waiting.webhook_id and w.active = 1 and w.deleted_at is null
          )`
    }`);
  return lanes.map((lane) => ({ webhook: lane.webhook_id, dueAt: lane.due_at }));
}
