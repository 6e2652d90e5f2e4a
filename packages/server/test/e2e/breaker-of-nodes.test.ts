import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openPostgres, type PostgresServer } from '@posthorn/testkit/postgres';
import {
  type Answer,
  openReceiver,
  type ReceivedRequest,
  type Receiver,
} from '@posthorn/testkit/receivers';
import { createWebhook, deliveriesOf, getWebhook, report, waitForStates } from '../asking.ts';
import { eventually } from '../eventually.ts';
import { startServer, type Started } from '../start.ts';
import { newDatabase } from '../stores.ts';

let postgres: PostgresServer;
let receiver: Receiver;
let answer: (request: ReceivedRequest) => Answer | Promise<Answer>;
let pair: [Started, Started];

beforeAll(async () => {
  postgres = await openPostgres();
});
afterAll(async () => {
  await postgres.stop();
});
beforeEach(async () => {
  receiver = await openReceiver({ answer: (request) => answer(request) });
  const env = {
    POSTHORN_DATABASE_URL: await newDatabase(postgres),
    POSTHORN_SECRET_KEY: 'ab'.repeat(32),
    POSTHORN_RETRY_SCHEDULE: '20ms,40ms,60ms,80ms,300ms,400ms,500ms,600ms,700ms,800ms',
    POSTHORN_DISABLE_AFTER: '0',
    POSTHORN_REQUEST_TIMEOUT: '60s',
    POSTHORN_LOG_LEVEL: 'info',
  };
  pair = await Promise.all([startServer({ env }), startServer({ env })]);
});
afterEach(async () => {
  for (const node of pair) await node.stop();
  await receiver.close();
});

const SLOW = { timeout: 60_000 };

describe('two nodes before one dead receiver', SLOW, () => {
  it('have one breaker: it opens for both, one probe at a time is made in all, and both close', async () => {
    answer = () => 500;
    const [one, two] = pair;
    const { id } = await createWebhook(one, { url: receiver.url });
    for (let i = 0; i < 4; i++) await report(pair[i % 2]!, 'BookingCreate', { Id: i });
    // Whichever made the five calls, the other opens as well.
    await eventually(() => pair.every((node) => node.output().includes('its lane opens')));
    const states = await Promise.all(pair.map((node) => getWebhook(node, id)));
    expect(states).toMatchObject([{ state: 'open' }, { state: 'open' }]);

    // From now on no two calls are under way together, however much comes at both.
    let underWay = 0;
    let most = 0;
    const { promise: isWell, resolve: recover } = Promise.withResolvers<void>();
    let probes = 0;
    answer = async () => {
      most = Math.max(most, ++underWay);
      if (++probes === 8) recover();
      await new Promise((resolve) => setTimeout(resolve, 200));
      underWay--;
      return 500;
    };
    for (let i = 4; i < 24; i++) await report(pair[i % 2]!, 'BookingCreate', { Id: i });
    await isWell;
    expect(most).toBe(1);
    await eventually(() => underWay === 0);

    answer = () => 200;
    await eventually(() => pair.every((node) => node.output().includes('its lane closes')));
    await waitForStates(two, id, ['delivered', 'failed'], 24);
    const after = await Promise.all(pair.map((node) => getWebhook(node, id)));
    expect(after).toMatchObject([{ state: 'healthy' }, { state: 'healthy' }]);
  });

  it('both make the pause that one of them was asked for', async () => {
    answer = () => 200;
    const [one, two] = pair;
    const { id } = await createWebhook(one, { url: receiver.url });
    // So that the other has a lane for it already.
    await report(two, 'BookingCreate', { Id: 0 });
    await waitForStates(two, id, ['delivered']);
    answer = () => ({ status: 429, headers: { 'retry-after': '5' } });
    await report(one, 'BookingCreate', { Id: 1 });
    await eventually(() => receiver.requests.length === 2);
    const pausedAt = receiver.requests[1]!.receivedAt;
    answer = () => 200;
    const waiting = await eventually(async () => {
      const event = await report(two, 'BookingCreate', { Id: 2 });
      const deliveries = await deliveriesOf(two, id);
      return deliveries.find((delivery) => delivery.event === event && delivery.state === 'due');
    });
    await waitForStates(two, id, ['delivered'], 3);
    const call = receiver.requests.find(({ headers }) => headers['webhook-id'] === waiting.id)!;
    // A node's clock is late by as long as the look took that told it the time.
    expect(call.receivedAt - pausedAt).toBeGreaterThanOrEqual(4900);
  });
});
