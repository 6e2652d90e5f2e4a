import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openPostgres, type PostgresServer } from '@posthorn/testkit/postgres';
import { type Answer, openReceiver, type Receiver } from '@posthorn/testkit/receivers';
import pg from 'pg';
import { createWebhook, deliveriesOf, report, waitForStates } from '../asking.ts';
import { eventually } from '../eventually.ts';
import { newDataDir, removeDataDir, runToEnd, startServer, type Started } from '../start.ts';
import { newDatabase } from '../stores.ts';

let postgres: PostgresServer;
let receiver: Receiver;
let answer: () => Answer | Promise<Answer>;
let env: Record<string, string>;
let dataDir: string;
const nodes: Started[] = [];

beforeAll(async () => {
  postgres = await openPostgres();
});
afterAll(async () => {
  await postgres.stop();
});
beforeEach(async () => {
  answer = () => 200;
  receiver = await openReceiver({ answer: () => answer() });
  dataDir = newDataDir();
  env = {
    POSTHORN_DATABASE_URL: await newDatabase(postgres),
    POSTHORN_SECRET_KEY: 'ab'.repeat(32),
  };
});
afterEach(async () => {
  for (const node of nodes.splice(0)) await node.kill();
  await receiver.close();
  removeDataDir(dataDir);
});

async function startNode(more: Record<string, string> = {}): Promise<Started> {
  const node = await startServer({ env: { ...env, ...more }, deadlineMs: 30_000 });
  nodes.push(node);
  return node;
}

/** What a newer version does to the store before anything else. */
async function applyNewerMigration(oldest: number): Promise<void> {
  const client = new pg.Client({ connectionString: env['POSTHORN_DATABASE_URL'] });
  await client.connect();
  await client.query(
    `insert into migrations (id, name, checksum, oldest, applied_at)
     values (1000, 'from the future', 'x', $1, 0)`,
    [oldest],
  );
  await client.end();
}

const SLOW = { timeout: 60_000 };

describe('while nodes of a newer version start', SLOW, () => {
  it('an old node works on, and others of its version start, if the schema only gained', async () => {
    const running = await startNode();
    const { id } = await createWebhook(running, { url: receiver.url });
    await applyNewerMigration(1);
    const started = await startNode();
    await report(started, 'BookingCreate');
    await report(running, 'BookingCreate');
    await waitForStates(running, id, ['delivered'], 2);
    await Promise.all([running.stop(), started.stop()]);
  });

  it('an old node finishes its calls, gives back the rest and ends with 1 if it must not go on', async () => {
    const running = await startNode({ POSTHORN_LANE_CONCURRENCY: '1' });
    const { id } = await createWebhook(running, { url: receiver.url });
    const { promise: said, resolve: say } = Promise.withResolvers<Answer>();
    answer = () => said;
    for (let i = 0; i < 5; i++) await report(running, 'BookingCreate', { Id: i });
    await eventually(() => receiver.requests.length === 1);
    await applyNewerMigration(1000);
    await eventually(() => running.output().includes('Posthorn stops'));
    say(200);
    expect(await running.ended).toBe(1);
    expect(running.output()).toMatch(/Posthorn stops: .* schema 1000 .*: run the newer version/);

    // Nor does one start; nothing was lost or called twice.
    const { code, output } = await runToEnd({ env, dataDir, deadlineMs: 30_000 });
    expect(code).toBe(1);
    expect(output).toMatch(/Posthorn cannot start: .* schema 1000 .*: run the newer version/);
    expect(receiver.requests).toHaveLength(1);
    await forgetNewerMigration();
    const newer = await startNode();
    await waitForStates(newer, id, ['delivered'], 5);
    expect((await deliveriesOf(newer, id)).map(({ attempts }) => attempts)).toStrictEqual([
      1, 1, 1, 1, 1,
    ]);
    expect(receiver.requests).toHaveLength(5);
    await newer.stop();
  });

  it('all workers of an old service end, and it with 1', async () => {
    const service = await startNode({ POSTHORN_WORKERS: '2' });
    await applyNewerMigration(1000);
    expect(await service.ended).toBe(1);
    expect(service.output().match(/Posthorn stops/g)).toHaveLength(1);
  });
});

/** So that this version can play the newer one. */
async function forgetNewerMigration(): Promise<void> {
  const client = new pg.Client({ connectionString: env['POSTHORN_DATABASE_URL'] });
  await client.connect();
  await client.query('delete from migrations where id = 1000');
  await client.end();
}
