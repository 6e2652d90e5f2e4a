import sql from 'sql-template-tag';
import type { OperationContext } from '../tx.ts';

/** Rows per slice of retention: some milliseconds of the writer's time. */
const SLICE = 500;

/** Forgets a slice of idempotency keys first used before `before`; returns how many. */
export async function removeOldIdempotencyKeys(
  { tx }: OperationContext,
  input: { before: number },
): Promise<number> {
  return tx.run(sql`
    delete from idempotency_keys
    where (scope, idempotency_key) in (
      select scope, idempotency_key
      from idempotency_keys
      where created_at < ${input.before}
      order by created_at
      limit ${SLICE}
    )`);
}

/**
 * Removes a slice of events with keys from `after` to `before`, with their deliveries and
 * attempts; events with a delivery that is not final stay. Returns the last key looked at and
 * how many events went; no key means that the span is done.
 */
export async function removeOldEvents(
  { tx }: OperationContext,
  input: { after: number; before: number },
): Promise<{ lastKey: number | null; removed: number }> {
  const events = await tx.all<{ key: number; deliveries: number }>(sql`
    select key, deliveries
    from events
    where key > ${input.after} and key < ${input.before}
    order by key
    limit ${SLICE}`);
  let removed = 0;
  for (const { key, deliveries } of events) {
    const last = key + deliveries;
    const open = await tx.first(sql`
      select key
      from deliveries
      where key > ${key} and key <= ${last} and ended_at is null
      limit 1`);
    if (open) continue;
    await tx.run(sql`delete from attempts where delivery_key > ${key} and delivery_key <= ${last}`);
    await tx.run(sql`delete from deliveries where key > ${key} and key <= ${last}`);
    await tx.run(sql`delete from events where key = ${key}`);
    removed++;
  }
  return { lastKey: events.at(-1)?.key ?? null, removed };
}

/** Proves that the store can write now: it keeps this moment. */
export async function proveWritable({ tx, now }: OperationContext): Promise<void> {
  await tx.run(sql`
    insert into meta (name, value)
    values ('written_at', ${String(now)})
    on conflict (name) do update set value = excluded.value`);
}
