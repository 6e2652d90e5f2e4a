import { createHash } from 'node:crypto';
import { openPostgres } from '@posthorn/testkit/postgres';
import pg from 'pg';

/**
 * `POSTHORN_TEST_ENGINE=postgres` runs the tests that start servers on PostgreSQL: one server for
 * the whole run, a database for each data folder. Vitest calls this once, before all tests.
 */
export async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (isOnSqlite) return undefined;
  const server = await openPostgres();
  process.env['POSTHORN_TEST_POSTGRES'] = server.url;
  return () => server.stop();
}

/** For tests of what only the embedded store has: its folder, its lock. */
export const isOnSqlite = process.env['POSTHORN_TEST_ENGINE'] !== 'postgres';

/** What a server needs in its environment to use the engine of this run. */
export async function engineEnvironment(dataDir: string): Promise<Record<string, string>> {
  const url = process.env['POSTHORN_TEST_POSTGRES'];
  if (url === undefined) return {};
  const name = `t${createHash('sha256').update(dataDir).digest('hex').slice(0, 20)}`;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
  if (rowCount === 0) await client.query(`create database ${name}`);
  await client.end();
  return {
    POSTHORN_DATABASE_URL: url.replace(/\/postgres$/, `/${name}`),
    POSTHORN_SECRET_KEY: 'cd'.repeat(32),
  };
}
