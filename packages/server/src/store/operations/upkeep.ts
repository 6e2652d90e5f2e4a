import sql from 'sql-template-tag';
import type { OperationContext } from '../tx.ts';

/** Rows per slice: some milliseconds of the writer's time. */
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

/** Proves that the store can write now: it keeps this moment. */
export async function proveWritable({ tx, now }: OperationContext): Promise<void> {
  await tx.run(sql`
    insert into meta (name, value)
    values ('written_at', ${String(now)})
    on conflict (name) do update set value = excluded.value`);
}
