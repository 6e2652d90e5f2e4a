import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { onceConnected } from './postgres/database.ts';

export interface SealedCount {
  readonly keyId: string;
  readonly secrets: number;
}

const COUNTS = `
  select key_id as "keyId", cast(count(*) as integer) as secrets
  from secrets
  group by key_id
  order by key_id`;

/**
 * How many secrets each key seals, read beside a service that may be running; changes nothing.
 *
 * @param databaseUrl Null: the SQLite store of the folder; without a store there are no secrets.
 */
export async function countSealed(
  databaseUrl: string | null,
  dataDir: string,
): Promise<readonly SealedCount[]> {
  if (databaseUrl !== null) {
    return onceConnected(databaseUrl, async (client) => {
      const { rows } = await client.query<SealedCount>(COUNTS);
      return rows;
    });
  }
  const file = join(dataDir, 'posthorn.db');
  if (!existsSync(file)) return [];
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    return db.prepare(COUNTS).all() as unknown as SealedCount[];
  } finally {
    db.close();
  }
}
