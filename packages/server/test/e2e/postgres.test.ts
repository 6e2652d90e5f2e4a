import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openPostgres, type PostgresServer } from '@posthorn/testkit/postgres';
import {
  type Answer,
  openReceiver,
  type ReceivedRequest,
  type Receiver,
} from '@posthorn/testkit/receivers';
import {
  createWebhook,
  deliveriesOf,
  getDelivery,
  getWebhook,
  noticesOf,
  report,
  waitForStates,
} from '../asking.ts';
import { eventually } from '../eventually.ts';
import { newDataDir, removeDataDir, runToEnd, startServer, type Started } from '../start.ts';
import { newDatabase } from '../stores.ts';

let postgres: PostgresServer;
let receiver: Receiver;
let answer: (request: ReceivedRequest) => Answer | Promise<Answer>;
let env: Record<string, string>;
const nodes: Started[] = [];

beforeAll(async () => {
  postgres = await openPostgres();
  receiver = await openReceiver({ answer: (request) => answer(request) });
});
afterAll(async () => {
  for (const node of nodes) await node.kill();
  await receiver.close();
  await postgres.stop();
});
beforeEach(async () => {
  answer = () => 200;
  env = {
    POSTHORN_DATABASE_URL: await newDatabase(postgres),
    POSTHORN_SECRET_KEY: 'ab'.repeat(32),
    POSTHORN_RETRY_SCHEDULE: '50ms,50ms',
    POSTHORN_DISABLE_AFTER: '3',
  };
});

async function startNode(more: Record<string, string> = {}): Promise<Started> {
  const node = await startServer({ env: { ...env, ...more } });
  nodes.push(node);
  return node;
}

/** How often the receiver was called for each delivery of a webhook. */
function callsTo(path: string): Map<string, number> {
  const calls = new Map<string, number>();
  for (const { headers, path: called } of receiver.requests) {
    const id = headers['webhook-id'] as string;
    if (called === path) calls.set(id, (calls.get(id) ?? 0) + 1);
  }
  return calls;
}

describe('one node on PostgreSQL', () => {
  it('delivers, re-attempts, switches off, holds and sends what was held, also after a restart', async () => {
    const path = '/one-node';
    const first = await startNode();
    const { id } = await createWebhook(first, { url: receiver.url + path });
    await first.api('PUT', '/v1/secrets/default', { secret: 'shared' });
    const event = await report(first, 'BookingCreate', '{"Id":1.50,"Name":"é"}');
    const [delivered] = await waitForStates(first, id, ['delivered']);
    expect(delivered).toMatchObject({ event, attempts: 1 });
    const { attemptLog } = await getDelivery(first, delivered!.id);
    expect(attemptLog).toMatchObject([{ number: 1, response: { status: 200 } }]);
    const call = receiver.requests.find((request) => request.path === path);
    expect(call!.body.toString()).toBe('[{"Id":1.50,"Name":"\\u00e9"}]');
    expect(call!.headers['x-nexudus-hook-signature']).toMatch(/^[0-9A-F]{64}$/);

    answer = () => 500;
    await report(first, 'BookingCreate');
    await eventually(async () => !(await getWebhook(first, id)).active);
    expect(await noticesOf(first, id)).toMatchObject([
      { kind: 'webhook_disabled' },
      { kind: 'delivery_failed' },
    ]);
    await report(first, 'BookingCreate');
    await waitForStates(first, id, ['delivered', 'held', 'failed'], 3);
    await first.stop();

    answer = () => 200;
    const second = await startNode();
    expect(await deliveriesOf(second, id, '&state=held')).toHaveLength(1);
    const calls = receiver.requests.length;
    await second.api('PATCH', `/v1/webhooks/${id}`, { active: true, held: 'send' });
    await waitForStates(second, id, ['delivered', 'failed'], 3);
    expect(receiver.requests).toHaveLength(calls + 1);
    expect(receiver.requests.at(-1)!.headers['x-nexudus-hook-signature']).toBeDefined();
    await second.stop();
  });

  it('wants a secret key', async () => {
    const dataDir = newDataDir();
    const { code, output } = await runToEnd({ dataDir, env: { ...env, POSTHORN_SECRET_KEY: '' } });
    expect(code).toBe(2);
    expect(output).toContain('POSTHORN_SECRET_KEY is required with PostgreSQL');
    removeDataDir(dataDir);
  });
});

describe('two nodes on one PostgreSQL', () => {
  it('deliver each event once, whichever got it, and see what people changed at the other', async () => {
    const path = '/two-nodes';
    const pair = await Promise.all([startNode(), startNode()]);
    const [one, two] = pair;
    const { id } = await createWebhook(one, { url: receiver.url + path });
    // Every fifth event fails the first time.
    answer = ({ body, headers }) =>
      /[05]}/.test(body.toString()) && headers['posthorn-attempt'] === '1' ? 500 : 200;
    await Promise.all(
      Array.from({ length: 200 }, (_, i) => report(pair[i % 2]!, 'BookingCreate', { Id: i })),
    );
    const all = await waitForStates(one, id, ['delivered'], 200);
    const made = new Map(all.map((delivery) => [delivery.id, delivery.attempts]));
    expect(callsTo(path)).toStrictEqual(made);

    // A secret that is set at one signs the calls of the other.
    answer = () => 200;
    await one.api('PUT', '/v1/secrets/default', { secret: 'shared' });
    await eventually(async () => {
      await report(two, 'BookingCreate');
      return receiver.requests.at(-1)!.headers['x-nexudus-hook-signature'] !== undefined;
    });
    // So do a new address, a new key, and a webhook that is switched off.
    await one.api('PATCH', `/v1/webhooks/${id}`, { url: `${receiver.url}/moved` });
    await eventually(async () => {
      await report(two, 'BookingCreate');
      return receiver.requests.at(-1)!.path === '/moved';
    });
    const { json: app } = await one.api('POST', '/v1/apps', { name: 'App' });
    const { json: key } = await one.api('POST', `/v1/apps/${app.id}/keys`);
    const authorization = `Bearer ${key.key}`;
    await eventually(
      async () =>
        (await two.api('GET', '/v1/webhooks', undefined, { authorization })).status === 200,
    );
    await Promise.all(pair.map((node) => node.stop()));
  });

  it('take over what a killed node held', async () => {
    const path = '/killed';
    const [one, two] = await Promise.all([startNode(), startNode()]);
    const { id } = await createWebhook(one, { url: receiver.url + path });
    const { promise: never, resolve: release } = Promise.withResolvers<Answer>();
    answer = () => never;
    for (let i = 0; i < 30; i++) await report(one, 'BookingCreate', { Id: i });
    await eventually(() => callsTo(path).size === 10);
    answer = () => 200;
    const killedAt = Date.now();
    await one.kill();
    const all = await eventually(
      async () => {
        const deliveries = await deliveriesOf(two, id);
        return deliveries.every(({ state }) => state === 'delivered') && deliveries;
      },
      { deadlineMs: 40_000 },
    );
    expect(Date.now() - killedAt).toBeLessThan(37_000);
    expect(all).toHaveLength(30);
    release(200);
    const calls = callsTo(path);
    expect(calls.size).toBe(30);
    // At most what was in flight is sent twice.
    expect([...calls.values()].filter((count) => count > 1)).toHaveLength(10);
    await two.stop();
  }, 60_000);
});
