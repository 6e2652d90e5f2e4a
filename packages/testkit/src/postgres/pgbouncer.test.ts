import pg from 'pg';
import { expect, it } from 'vitest';
import { noPgbouncer, openPgbouncer, openPostgres } from './index.ts';

it.skipIf(noPgbouncer)(
  `pgbouncer lends a connection of the server for a transaction${noPgbouncer ? ` (${noPgbouncer})` : ''}`,
  async () => {
    const server = await openPostgres();
    const bouncer = await openPgbouncer(server, { poolSize: 1 });
    const clients = [1, 2].map(() => new pg.Client({ connectionString: bouncer.url }));
    const pids = [];
    for (const client of clients) {
      await client.connect();
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      pids.push(rows[0]!.pid);
    }
    expect(new Set(pids).size).toBe(1);
    for (const client of clients) await client.end();
    await bouncer.stop();
    await server.stop();
  },
);
