import pg from 'pg';
import { expect, it } from 'vitest';
import { openProxy } from '../proxy.ts';
import { openPostgres, openStandby } from './index.ts';

it('a synchronous standby made under load has every row that the server said is kept', async () => {
  const primary = await openPostgres();
  const proxy = await openProxy({ to: primary.port });
  await ask(primary.url, 'create table kept (id bigserial primary key)');
  const kept: string[] = [];
  let isStopped = false;
  const writing = (async () => {
    const client = new pg.Client({ connectionString: at(proxy.port) });
    client.on('error', () => {});
    await client.connect();
    while (!isStopped) {
      const { rows } = await client.query<{ id: string }>(
        'insert into kept default values returning id',
      );
      kept.push(rows[0]!.id);
    }
  })().catch(() => {});
  const standby = await openStandby(primary, { isSynchronous: true });
  const before = kept.length;
  await expect.poll(() => kept.length).toBeGreaterThan(before + 100);

  await primary.kill();
  await standby.promote();
  proxy.switchTo(standby.port);
  isStopped = true;
  await writing;
  const rows = await ask<{ id: string }>(at(proxy.port), 'select id from kept');
  const there = new Set(rows.map(({ id }) => id));
  expect(kept.filter((id) => !there.has(id))).toEqual([]);
  await ask(at(proxy.port), 'insert into kept default values');
  await proxy.close();
  await standby.stop();
  await primary.stop();
});

it('a server of which one process is killed goes on by itself', async () => {
  const server = await openPostgres();
  const client = new pg.Client({ connectionString: server.url });
  client.on('error', () => {});
  await client.connect();
  const ended = new Promise((resolve) => client.once('end', resolve));
  expect(server.killBackend()).toBe(1);
  await ended;
  await expect
    .poll(() => ask(server.url, 'select 1 as one').catch(() => null))
    .toEqual([{ one: 1 }]);
  await server.stop();
});

const at = (port: number) => `postgres://posthorn@127.0.0.1:${port}/postgres`;

async function ask<Row>(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(text);
  await client.end();
  return rows as Row[];
}
