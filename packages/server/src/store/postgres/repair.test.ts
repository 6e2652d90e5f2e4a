import { openPostgres, type PostgresServer } from '@posthorn/testkit/postgres';
import { openProxy, type Proxy } from '@posthorn/testkit/proxy';
import sql from 'sql-template-tag';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { eventually } from '../../../test/eventually.ts';
import type { Tx } from '../tx.ts';
import { type Database, openDatabase } from './database.ts';
import { openRepair } from './repair.ts';

const SESSION = 7;

let server: PostgresServer;
let proxy: Proxy;
/** As the node reaches it, and straight. */
let through: Database;
let database: Database;
let repair: ReturnType<typeof openRepair>;

beforeAll(async () => {
  server = await openPostgres();
  proxy = await openProxy({ to: server.port });
  database = openDatabase(server.url, 2);
  const url = new URL(server.url);
  url.port = String(proxy.port);
  through = openDatabase(url.href, 4);
  repair = openRepair(through);
  await database.transaction(({ tx }) =>
    tx.run(sql`
      create table deliveries (key bigint primary key, state text, due_at bigint, leased_by bigint)`),
  );
});

afterAll(async () => {
  repair.stop();
  await through.close();
  await database.close();
  await proxy.close();
  await server.stop();
});

beforeEach(() => database.transaction(({ tx }) => tx.run(sql`delete from deliveries`)));

it('gives back what a transaction leased whose commit was not answered', async () => {
  await expect(
    repair.guarded(SESSION, async ({ tx, leases }) => {
      await insertLeased(tx, 1);
      leases.push(1);
      proxy.stallAnswers();
    }),
  ).rejects.toThrow('PostgreSQL');
  expect(await stateOf(1)).toBe('leased');
  await proxy.resume();
  await eventually(async () => (await stateOf(1)) === 'due');
});

it('does not give back what was claimed since it was released without an answer', async () => {
  await database.transaction(({ tx }) => insertLeased(tx, 1));
  await repair.releasing(SESSION, [1], async ({ tx }) => {
    const count = await tx.run(sql`update deliveries set state = 'due', leased_by = null`);
    proxy.stallAnswers();
    return count;
  });
  expect(await stateOf(1)).toBe('due');
  await proxy.resume();
  const claim = () =>
    repair.claiming(SESSION, async ({ tx, leases }) => {
      leases.push(1);
      return tx.run(sql`
        update deliveries set state = 'leased', leased_by = ${SESSION} where state = 'due'`);
    });
  expect(await claim()).toBe(1);
  // Everything that was unknown is clear before another claim begins.
  expect(await claim()).toBe(0);
  expect(await stateOf(1)).toBe('leased');
});

it('lets a claim wait until a round is over that gives back', async () => {
  await expect(
    repair.guarded(SESSION, async ({ tx, leases }) => {
      await insertLeased(tx, 1);
      leases.push(1);
      proxy.stallAnswers();
    }),
  ).rejects.toThrow('PostgreSQL');
  await proxy.resume();
  const order: string[] = [];
  let claimed: Promise<unknown> | undefined;
  await database.transaction(async ({ tx }) => {
    await tx.run(sql`update deliveries set due_at = 1`);
    await eventually(async () => (await waitingForLocks(tx)) > 0);
    claimed = repair.claiming(SESSION, async () => void order.push('claim'));
    order.push('the lock is free');
  });
  await claimed;
  expect(order).toEqual(['the lock is free', 'claim']);
});

async function insertLeased(tx: Tx, key: number): Promise<void> {
  await tx.run(sql`insert into deliveries values (${key}, 'leased', null, ${SESSION})`);
}

async function stateOf(key: number): Promise<string | undefined> {
  const row = await database.transaction(({ tx }) =>
    tx.first<{ state: string }>(sql`select state from deliveries where key = ${key}`),
  );
  return row?.state;
}

async function waitingForLocks(tx: Tx): Promise<number> {
  const row = await tx.first<{ n: number }>(
    sql`select count(*) as n from pg_locks where not granted`,
  );
  return row!.n;
}
