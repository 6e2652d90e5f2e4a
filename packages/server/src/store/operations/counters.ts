import sql from 'sql-template-tag';
import type { Tx } from '../tx.ts';

/**
 * The next small number of a kind, from 1, never given twice. `settings` and `turns` count what
 * other nodes have to read: changes by people, and lanes that opened or closed. Taken last in their
 * transaction and in this order, since the others wait for them; `settings` first where what is read
 * decides what is changed, so that two of them come one after the other.
 */
export async function nextNumber(
  tx: Tx,
  name: 'webhook' | 'app' | 'person' | 'settings' | 'turns',
): Promise<number> {
  const row = await tx.first<{ value: number }>(sql`
    insert into counters (name, value)
    values (${name}, 1)
    on conflict (name) do update set value = counters.value + 1
    returning value`);
  return row!.value;
}
