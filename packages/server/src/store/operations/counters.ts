import sql from 'sql-template-tag';
import type { Tx } from '../tx.ts';

/**
 * The next small number of a kind, from 1, never given twice. `settings` counts the changes that
 * other nodes have to read: taken last in its transaction, since the others wait for it.
 */
export async function nextNumber(tx: Tx, name: 'webhook' | 'app' | 'settings'): Promise<number> {
  const row = await tx.first<{ value: number }>(sql`
    insert into counters (name, value)
    values (${name}, 1)
    on conflict (name) do update set value = counters.value + 1
    returning value`);
  return row!.value;
}
