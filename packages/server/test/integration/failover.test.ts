import pg from 'pg';
import { openPostgres, type PostgresServer } from '@posthorn/testkit/postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openPostgresStore } from '../../src/store/postgres/open.ts';
import type { Store } from '../../src/store/store.ts';
import { newDatabase } from '../stores.ts';

const ALIVE_MS = 30_000;

let server: PostgresServer;
let client: pg.Client;
let store: Store;
beforeAll(async () => {
  server = await openPostgres();
  const url = await newDatabase(server);
  store = await openPostgresStore({ url });
  client = new pg.Client({ connectionString: url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await store.close();
  await server.stop();
});

it('gives no session the number of one that the standby does not know', async () => {
  const { session: lost } = await store.startSession({ aliveMs: ALIVE_MS });
  // The standby lacks the row, and what any counter of the table has counted since.
  await client.query('truncate sessions restart identity');
  const { session } = await store.startSession({ aliveMs: ALIVE_MS });
  expect(session).not.toBe(lost);
  expect(await store.keepSession({ session: lost, aliveMs: ALIVE_MS })).toBe(false);
});
