import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import { sampleWebhook } from '../samples.ts';

/**
 * A stopped store with so many events, each with its delivery and attempt; more than fits into one
 * transaction of a move.
 */
export async function makeStore(dataDir: string, events: number): Promise<void> {
  const store = await openSqliteStore({ dataDir });
  await store.createWebhook(sampleWebhook({ name: 'Many', actions: [6] }));
  await store.close();
  changeStore(dataDir, (db) => {
    const event = db.prepare('insert into events values (?, 6, null, 0, 1, ?)');
    const delivery = db.prepare(`
      insert into deliveries
      values (?, ?, 1, 'delivered', 1, 0, null, 0, null, null, ?, ?, null)`);
    const attempt = db.prepare(`
      insert into attempts
      values (?, 1, ?, 'https://receiver.example.com/', '[]', 200, '[]', ?, 0, null, null, null,
        0.1, 0.2, 0.3, 0.4, ?)`);
    const startedAt = Date.now() - 3_600_000;
    for (let i = 0; i < events; i++) {
      const at = startedAt + i;
      const key = at * 2048;
      event.run(key, Buffer.from(`{"Id":${i},"Name":"Café \\\\ ${i}"}`));
      delivery.run(key + 1, key, at, at);
      attempt.run(key + 1, at, Buffer.from([i % 256, 0, 92]), i / 7);
    }
  });
}

/** Changes the file of a stopped store in one transaction. */
export function changeStore(dataDir: string, change: (db: DatabaseSync) => void): void {
  const db = new DatabaseSync(join(dataDir, 'posthorn.db'));
  db.exec('begin');
  change(db);
  db.exec('commit');
  db.close();
}

/** Every row of every table, tables by name and rows by their text: what two copies have in common. */
export type Dump = Readonly<Record<string, readonly string[]>>;

export function dumpSqlite(dataDir: string): Dump {
  const db = new DatabaseSync(join(dataDir, 'posthorn.db'), { readOnly: true });
  const tables = db.prepare(`select name from sqlite_schema where type = 'table'`).all();
  const dump: Record<string, readonly string[]> = {};
  for (const { name } of tables as { name: string }[]) {
    const rows = db.prepare(`select * from "${name}"`).all();
    dump[name] = rows.map((row) => asText(row)).toSorted();
  }
  db.close();
  return dump;
}

export async function dumpPostgres(url: string): Promise<Dump> {
  return ask(url, async (client) => {
    const { rows: tables } = await client.query<{ name: string }>(`
      select relname as name
      from pg_class
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition`);
    const dump: Record<string, readonly string[]> = {};
    for (const { name } of tables) {
      const { rows } = await client.query<Record<string, unknown>>(`select * from ${name}`);
      dump[name] = rows.map((row) => asText(row)).toSorted();
    }
    return dump;
  });
}

/** One connection to a database, with 64-bit integers as numbers. */
export async function ask<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const getTypeParser = ((oid: number, format: 'text') =>
    oid === 20 ? Number : (pg.types.getTypeParser(oid, format) as unknown)) as NonNullable<
    pg.ClientConfig['types']
  >['getTypeParser'];
  const client = new pg.Client({ connectionString: url, types: { getTypeParser } });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function asText(row: Readonly<Record<string, unknown>>): string {
  const columns = Object.entries(row)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => [name, plain(value)]);
  return JSON.stringify(columns);
}

function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  // Times of a call are four bytes wide in PostgreSQL, which has no NUL in text either.
  if (typeof value === 'number' && !Number.isInteger(value)) return Math.fround(value);
  return typeof value === 'string' ? value.replaceAll('\0', '\uFFFD') : value;
}
