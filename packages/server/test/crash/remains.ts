import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { publicIds } from '../../src/store/public-id.ts';
import { engineEnvironment, isOnSqlite } from '../engine.ts';
import { eventually } from '../eventually.ts';
import type { Receipt } from './receivers.ts';

/** What a dead process left in its store. */
export interface Remains {
  /** Receipts of its last life whose attempt it did not live to write down. */
  readonly unsettled: readonly Receipt[];
  /** Those of them whose delivery was not even leased: never to happen. */
  readonly unleased: readonly Receipt[];
}

/** Questions to a store, whichever engine it is on. */
interface Ask {
  one(statement: string, ...values: readonly (string | number)[]): Promise<unknown>;
}

/** Reads the store of a process that is dead, without changing it. */
export async function readRemains(dataDir: string, life: readonly Receipt[]): Promise<Remains> {
  return asking(dataDir, async (ask) => {
    const { value } = (await ask.one(`select value from meta where name = $1`, 'tag')) as {
      value: string;
    };
    const ids = publicIds(value);
    const unsettled: Receipt[] = [];
    const unleased: Receipt[] = [];
    for (const receipt of life) {
      const key = ids.deliveryKey(receipt.webhookId)!;
      const { attempt } = receipt;
      if (await ask.one(FIND_ATTEMPT, key, attempt)) continue;
      unsettled.push(receipt);
      if (!(await ask.one(FIND_LEASED, key))) unleased.push(receipt);
    }
    return { unsettled, unleased };
  });
}

const FIND_ATTEMPT = 'select 1 from attempts where delivery_key = $1 and number = $2';
const FIND_LEASED = `select 1 from deliveries where key = $1 and state = 'leased'`;

/** What SQLite itself says of the file: `ok`, or what is wrong with it. PostgreSQL is not damaged. */
export async function checkIntegrity(dataDir: string): Promise<string> {
  if (!isOnSqlite) return 'ok';
  return asking(dataDir, async (ask) => {
    const row = (await ask.one('pragma integrity_check')) as { integrity_check: string };
    return row.integrity_check;
  });
}

async function asking<T>(dataDir: string, work: (ask: Ask) => Promise<T>): Promise<T> {
  if (!isOnSqlite) return askingPostgres(dataDir, work);
  // A connection that only reads leaves the log of the last commits to the process that starts next.
  const db = new DatabaseSync(join(dataDir, 'posthorn.db'), { readOnly: true });
  try {
    return await work({
      one: async (statement, ...values) =>
        db.prepare(statement.replaceAll(/\$\d/g, '?')).get(...values),
    });
  } finally {
    db.close();
  }
}

async function askingPostgres<T>(dataDir: string, work: (ask: Ask) => Promise<T>): Promise<T> {
  const { POSTHORN_DATABASE_URL: connectionString } = await engineEnvironment(dataDir);
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    // The server may still be committing what the dead process asked for last.
    await eventually(async () => (await client.query(FIND_CONNECTIONS)).rowCount === 0);
    return await work({
      one: async (statement, ...values) =>
        (await client.query(statement, [...values])).rows[0] as unknown,
    });
  } finally {
    await client.end();
  }
}

const FIND_CONNECTIONS = `
  select 1
  from pg_stat_activity
  where datname = current_database() and application_name = 'posthorn'`;
