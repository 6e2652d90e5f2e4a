import { openPostgres, type PostgresServer } from '@posthorn/testkit/postgres';
import sql from 'sql-template-tag';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from './database.ts';

let server: PostgresServer;
let database: Database;

beforeAll(async () => {
  server = await openPostgres();
  database = openDatabase(server.url, 1);
  await database.transaction(({ tx }) => tx.run(sql`create table numbers (n integer primary key)`));
});

afterAll(async () => {
  await database.close();
  await server.stop();
});

beforeEach(() => database.transaction(({ tx }) => tx.run(sql`delete from numbers`)));

describe('a pipelined transaction', () => {
  it('commits behind statements that nobody waited for', async () => {
    await database.pipeline(async ({ tx, commit }) => {
      const first = tx.run(sql`insert into numbers values (${1})`);
      const second = tx.run(sql`insert into numbers values (${2})`);
      commit();
      expect(await Promise.all([first, second])).toEqual([1, 1]);
    });
    expect(await numbers()).toEqual([1, 2]);
  });

  it('keeps nothing when a statement fails whose commit was sent already, and says why', async () => {
    const failing = database.pipeline(async ({ tx, commit }) => {
      const first = tx.run(sql`insert into numbers values (${1})`);
      const same = tx.run(sql`insert into numbers values (${1})`);
      commit();
      await Promise.all([first, same]);
    });
    await expect(failing).rejects.toThrow('duplicate key');
    expect(await numbers()).toEqual([]);
  });

  it('goes on without prepared statements behind a pooler that loses them', async () => {
    const insert = (n: number) =>
      database.pipeline(({ tx }) => tx.run(sql`insert into numbers values (${n})`));
    await insert(1);
    await database.transaction(({ tx }) => tx.run(sql`deallocate all`));
    await insert(2);
    await insert(3);
    expect(await numbers()).toEqual([1, 2, 3]);
  });
});

it('says once what is away when one transaction waits for another', async () => {
  const away = openDatabase('postgres://posthorn@127.0.0.1:1/postgres', 1);
  const waiting = database.transaction(() =>
    away.transaction(({ tx }) => tx.run(sql`delete from numbers`)),
  );
  await expect(waiting).rejects.toThrow(/^PostgreSQL: connect ECONNREFUSED/);
  await away.close();
});

async function numbers(): Promise<number[]> {
  const rows = await database.transaction(({ tx }) =>
    tx.all<{ n: number }>(sql`select n from numbers order by n`),
  );
  return rows.map((row) => row.n);
}
