import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openPostgres, type PostgresServer } from '@posthorn/testkit/postgres';
import { newDataDir, removeDataDir, startServer } from '../start.ts';
import { newDatabase } from '../stores.ts';
import { ON_SQLITE, runMove, runReopen, runServe } from './run.ts';
import { ask, changeStore, makeStore } from './stores.ts';

const parent = newDataDir();
let postgres: PostgresServer;
let dataDir: string;
let stores = 0;
beforeAll(async () => {
  postgres = await openPostgres();
});
afterAll(async () => {
  await postgres.stop();
  removeDataDir(parent);
});
beforeEach(async () => {
  dataDir = join(parent, String(++stores));
  await makeStore(dataDir, 3);
});

/** A refusal is a sentence and nothing else, and leaves the old store to the service. */
async function expectRefused(to: string | null, sentence: string, dir = dataDir): Promise<void> {
  const { code, output } = await runMove(dir, to);
  expect(output).toContain(sentence);
  expect(output).not.toMatch(/\n\s+at /);
  expect(code).toBe(2);
}

async function expectUnmarked(): Promise<void> {
  const server = await startServer({ dataDir, env: ON_SQLITE });
  await server.stop();
}

const kill = (to: string) => runMove(dataDir, to, { env: { POSTHORN_FAILPOINT: 'move:begun' } });

describe('a move is refused', () => {
  it('while the service runs, which goes on', async () => {
    const server = await startServer({ dataDir, env: ON_SQLITE });
    await expectRefused(
      await newDatabase(postgres),
      'another process uses this data folder. Stop the service first.',
    );
    expect((await server.api('GET', '/v1/webhooks')).status).toBe(200);
    await server.stop();
  });

  it('without a target, or with one that is no PostgreSQL', async () => {
    await expectRefused(null, '--to must be an address like postgres://');
    await expectRefused('sqlite:', '--to must be an address like postgres://');
    await expectUnmarked();
  });

  it('without a store', async () => {
    const empty = join(parent, 'nothing');
    await expectRefused(await newDatabase(postgres), `There is no store in ${empty}.`, empty);
  });

  it('when the database cannot be reached', async () => {
    await expectRefused('postgres://posthorn@127.0.0.1:1/none', 'The database cannot be used: ');
    await expectUnmarked();
  });

  it('into a database that is not in UTF-8', async () => {
    await ask(postgres.url, (client) =>
      client.query(`create database latin encoding 'latin1' locale 'C' template template0`),
    );
    await expectRefused(postgres.url.replace(/postgres$/, 'latin'), 'it has to be in UTF-8');
  });

  it('into a database that a service uses', async () => {
    const to = await newDatabase(postgres);
    const node = await startServer({
      env: { POSTHORN_DATABASE_URL: to, POSTHORN_SECRET_KEY: 'ab'.repeat(32) },
    });
    await node.stop();
    await expectRefused(to, 'The database is in use');
    await expectUnmarked();
  });

  it('into a database with a part of another move', async () => {
    const to = await newDatabase(postgres);
    await kill(to);
    const other = join(parent, 'other');
    await makeStore(other, 1);
    await expectRefused(to, 'The database holds a part of another move', other);
    expect((await runMove(dataDir, to)).code).toBe(0);
  });

  it('into a second database, until the store is reopened', async () => {
    const [one, two] = [await newDatabase(postgres), await newDatabase(postgres)];
    await kill(one);
    await expectRefused(two, 'The store is being moved to 127.0.0.1:');
    expect((await runMove(dataDir, one)).code).toBe(0);
    await expectRefused(two, 'The store was moved to 127.0.0.1:');

    const moved = await runServe(dataDir);
    expect(moved.code).toBe(1);
    expect(moved.output).toContain('it was moved to 127.0.0.1:');
    expect(moved.output).toContain('posthorn-server reopen');
    expect((await runReopen(dataDir)).code).toBe(0);
    await expectUnmarked();
    // It may have changed since: the copy at the first one is not gone on with.
    await expectRefused(one, 'The database is in use');
    expect((await runMove(dataDir, two)).code).toBe(0);
  });
});

it('a copy that differs is an error, and nothing runs on it', async () => {
  const to = await newDatabase(postgres);
  // The last table with rows: what follows is the comparison.
  const copied = await runMove(dataDir, to, {
    env: { POSTHORN_FAILPOINT: 'move:after-commit:8' },
  });
  expect(copied.code).toBe('SIGKILL');
  await ask(to, (client) =>
    client.query(`update attempts set response_body = '\\x00' where number = 1`),
  );
  const { code, output } = await runMove(dataDir, to);
  expect(code).toBe(1);
  expect(output).toMatch(/^attempts +3 +3 {2}DIFFERENT$/m);
  expect(output).toMatch(/^deliveries +3 +3 {2}equal$/m);
  expect(output).toContain('The copy differs');
  expect((await runServe(dataDir, to)).output).toContain('a move into it is not finished');
});

it('a row that is missing is an error', async () => {
  const to = await newDatabase(postgres);
  await runMove(dataDir, to, { env: { POSTHORN_FAILPOINT: 'move:after-commit:8' } });
  await ask(to, (client) =>
    client.query('delete from events where key in (select min(key) from events)'),
  );
  const { code, output } = await runMove(dataDir, to);
  expect(code).toBe(1);
  expect(output).toMatch(/^events +3 +2 {2}DIFFERENT$/m);
});

it('a table that no rule can copy stops the move before anything is done', async () => {
  changeStore(dataDir, (db) => db.exec('create table later (id integer primary key, at datetime)'));
  const { output } = await runMove(dataDir, await newDatabase(postgres));
  expect(output).toContain('no rule says how to copy later.at of type datetime');
  await expectUnmarked();
});
