import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openReceiver } from '@posthorn/testkit/receivers';
import { createWebhook, deliveriesOf, getWebhook, report, waitForStates } from '../asking.ts';
import { eventually } from '../eventually.ts';
import { newDataDir, removeDataDir, startServer } from '../start.ts';

const dataDir = newDataDir();
afterAll(() => removeDataDir(dataDir));

const fresh = (name: string) => join(dataDir, name);

describe('a restart', () => {
  it('keeps webhooks, secrets, apps, keys, events, the log, inboxes and idempotency keys', async () => {
    const dir = fresh('kept');
    const receiver = await openReceiver();
    const first = await startServer({ dataDir: dir });
    const webhook = await createWebhook(first, { url: receiver.url, location: 5 });
    await first.api('PUT', '/v1/secrets/location:5', { secret: 'shared' });
    await first.api('PUT', '/v1/locations/5', { name: 'Old Mill' });
    const { json: app } = await first.api('POST', '/v1/apps', { name: 'Door system' });
    const { json: key } = await first.api('POST', `/v1/apps/${app.id}/keys`);
    const { json: inbox } = await first.api('POST', '/v1/inboxes');
    const once202 = { 'idempotency-key': 'only-once' };
    const path = '/v1/events/BookingCreate?location=5';
    const reported = await first.api('POST', path, { Id: 1 }, once202);
    await waitForStates(first, webhook.id, ['delivered']);
    const paths = [
      `/v1/webhooks/${webhook.id}`,
      `/v1/events/${reported.json.events[0].id}`,
      '/v1/deliveries',
      `/v1/deliveries/${receiver.requests[0]!.headers['webhook-id'] as string}`,
      '/v1/secrets/location:5',
      '/v1/locations',
      `/v1/apps/${app.id}`,
      `/v1/inboxes/${inbox.id}/requests`,
    ];
    const read = (server: typeof first) =>
      Promise.all(paths.map(async (one) => (await server.api('GET', one)).text));
    // `lastTrigger` is written up to a second late; the stop writes it.
    await eventually(async () => (await getWebhook(first, webhook.id)).lastTrigger !== null);
    const before = await read(first);
    await first.stop();

    const second = await startServer({ dataDir: dir });
    expect(await read(second)).toStrictEqual(before);
    const again = await second.api('POST', path, { Id: 1 }, once202);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.json).toStrictEqual(reported.json);
    const list = await second.api('GET', '/v1/webhooks', undefined, {
      authorization: `Bearer ${key.key}`,
    });
    expect(list.status).toBe(200);
    await report(second, 'BookingCreate', { Id: 2 }, '?location=5');
    const [, signed] = await receiver.waitFor(2);
    expect(signed!.headers['x-nexudus-hook-signature']).toMatch(/^[0-9A-F]{64}$/);
    await second.stop();
    await receiver.close();
  });

  it('sends re-attempts that became due meanwhile, and holds what is held', async () => {
    const dir = fresh('due');
    let status = 500;
    const receiver = await openReceiver({ answer: () => status });
    const env = { POSTHORN_RETRY_SCHEDULE: '1s,1s' };
    const first = await startServer({ dataDir: dir, env });
    const on = await createWebhook(first, { url: receiver.url });
    const off = await createWebhook(first, { url: receiver.url, active: false });
    await report(first, 'BookingCreate');
    await eventually(async () => (await deliveriesOf(first, on.id))[0]?.attempts === 1);
    await first.stop();
    status = 200;
    const second = await startServer({ dataDir: dir, env });
    const [delivered] = await waitForStates(second, on.id, ['delivered']);
    expect(delivered).toMatchObject({ attempts: 2 });
    expect(await deliveriesOf(second, off.id)).toMatchObject([{ state: 'held', attempts: 0 }]);
    await second.stop();
    await receiver.close();
  });

  it('has the pause that a receiver asked for still in mind', async () => {
    const dir = fresh('paused');
    const receiver = await openReceiver({
      answer: () => ({ status: 429, headers: { 'retry-after': '3600' } }),
    });
    const first = await startServer({ dataDir: dir, env: { POSTHORN_RETRY_SCHEDULE: '20ms' } });
    const { id } = await createWebhook(first, { url: receiver.url });
    await report(first, 'BookingCreate');
    await eventually(async () => (await getWebhook(first, id)).errorCount === 1);
    await first.stop();
    const second = await startServer({ dataDir: dir, env: { POSTHORN_RETRY_SCHEDULE: '20ms' } });
    await report(second, 'BookingCreate');
    await eventually(async () => {
      const deliveries = await deliveriesOf(second, id);
      return deliveries.length === 2 && deliveries.every(({ state }) => state === 'due');
    });
    expect(receiver.requests).toHaveLength(1);
    await second.stop();
    await receiver.close();
  });
});
