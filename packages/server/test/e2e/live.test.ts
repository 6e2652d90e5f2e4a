import { openReceiver, type Receiver } from '@posthorn/testkit/receivers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createWebhook, deliveriesOf, report } from '../asking.ts';
import { engineEnvironment, isOnSqlite } from '../engine.ts';
import { eventually } from '../eventually.ts';
import { listen, type Listening } from '../listen.ts';
import { setUp } from '../people.ts';
import { newDataDir, removeDataDir, type Started, startServer } from '../start.ts';

let server: Started;
let receiver: Receiver;
const opened: Listening[] = [];
beforeAll(async () => {
  receiver = await openReceiver();
  server = await startServer();
});
afterEach(() => {
  for (const listening of opened.splice(0)) listening.close();
});
afterAll(async () => {
  await server.stop();
  await receiver.close();
});

async function hear(query = '', key?: string): Promise<Listening> {
  const listening = await listen(
    server,
    query,
    key === undefined ? key : { authorization: `Bearer ${key}` },
  );
  opened.push(listening);
  return listening;
}

let lastLocation = 0;
const open = (input: object = {}) =>
  createWebhook(server, { url: receiver.url, location: ++lastLocation, ...input });
const send = (location: number | null) =>
  report(server, 'BookingCreate', { Id: 1 }, `?location=${location}`);
async function makeKey(input: object): Promise<{ id: string; key: string }> {
  const { json } = await server.api('POST', '/v1/keys', { name: 'listens', ...input });
  return json as { id: string; key: string };
}
const READS = ['webhooks:read', 'deliveries:read', 'events:read'];

describe('whoever listens', () => {
  it('hears of an event, its delivery and its webhook, as the lists show them', async () => {
    const listening = await hear();
    const webhook = await open();
    const made = await listening.hears('webhook', ({ id }) => id === webhook.id);
    expect(made.data).toMatchObject({ ...webhook, deleted: false });
    const event = await send(webhook.location);
    expect((await listening.hears('event', ({ id }) => id === event)).data).toMatchObject({
      action: 'BookingCreate',
      location: webhook.location,
      deliveries: 1,
    });
    const heard = await listening.hears(
      'delivery',
      (delivery) => delivery.event === event && delivery.state === 'delivered',
    );
    const [delivery] = await deliveriesOf(server, webhook.id);
    expect(heard.data).toStrictEqual(delivery);
    await server.api('DELETE', `/v1/webhooks/${webhook.id}`);
    await listening.hears('webhook', ({ id, deleted }) => id === webhook.id && deleted === true);
  });

  it('is answered when it asks for nothing but the head', async () => {
    expect((await server.api('HEAD', '/v1/live')).status).toBe(404);
  });

  it('hears of a delivery that is held from the beginning', async () => {
    const webhook = await open({ active: false });
    const listening = await hear(`?webhook=${webhook.id}`);
    const event = await send(webhook.location);
    const heard = await listening.hears('delivery', (delivery) => delivery.event === event);
    expect(heard.data).toMatchObject({ state: 'held', attempts: 0 });
  });

  it('hears of a webhook only what concerns it', async () => {
    const webhook = await open();
    const listening = await hear(`?webhook=${webhook.id}`);
    await open({ location: webhook.location });
    const event = await send(webhook.location);
    await listening.hears('delivery', (delivery) => delivery.event === event);
    await server.api('PATCH', `/v1/webhooks/${webhook.id}`, { active: false });
    await listening.hears('webhook', ({ state }) => state === 'off');
    const kinds = new Set(listening.messages.map((message) => message.event));
    expect([...kinds].toSorted()).toStrictEqual(['delivery', 'listening', 'webhook']);
    for (const { event: kind, data } of listening.messages) {
      if (kind === 'delivery') expect(data.webhook).toBe(webhook.id);
      if (kind === 'webhook') expect(data.id).toBe(webhook.id);
    }
  });

  it('hears of requests that arrive in an inbox', async () => {
    const { json: inbox } = await server.api('POST', '/v1/inboxes');
    const { json: other } = await server.api('POST', '/v1/inboxes');
    const listening = await hear(`?inbox=${inbox.id}`);
    await fetch(other.url as string, { method: 'POST', body: 'x' });
    await fetch(inbox.url as string, { method: 'POST', body: 'x' });
    const { data } = await listening.hears('request');
    expect(data).toStrictEqual({ inbox: inbox.id, number: 1 });
  });

  it('hears nothing of another location, and no kind that the key may not read', async () => {
    const mine = await open();
    const { key } = await makeKey({ location: mine.location, scopes: READS });
    const listening = await hear('', key);
    const everything = await hear();
    const others = await open();
    const foreign = await send(others.location);
    await everything.hears('delivery', ({ event, state }) => event === foreign && state !== 'due');
    const event = await send(mine.location);
    await listening.hears('delivery', (delivery) => delivery.event === event);
    const text = JSON.stringify(listening.messages);
    expect(text).not.toContain(foreign);
    expect(text).not.toContain(`"id":${others.id},`);

    const { key: narrow } = await makeKey({ scopes: ['webhooks:read'] });
    const [first] = (await hear('', narrow)).messages;
    expect(first!.data).toStrictEqual({ kinds: ['webhook', 'request'] });
    await expect(hear('?kinds=delivery', narrow)).rejects.toThrow('deliveries:read');
    await expect(hear('?kinds=nothing')).rejects.toThrow('invalid_request');
    await expect(hear('', 'ph_nobody')).rejects.toThrow('unauthorized');
  });

  it('is sent away soon after the key was revoked', async () => {
    const { id, key } = await makeKey({ scopes: READS });
    const listening = await hear('', key);
    expect((await server.api('DELETE', `/v1/keys/${id}`)).status).toBe(204);
    expect((await listening.hears('ended')).data).toStrictEqual({ reason: 'revoked' });
    await eventually(() => listening.isOver);
  });

  it('is sent away when the person signs out, and heard what the person may see', async () => {
    const browser = await setUp(server);
    const { authorization: _, ...cookie } = browser;
    const listening = await listen(server, '?kinds=webhook', cookie);
    const webhook = await open();
    await listening.hears('webhook', ({ id }) => id === webhook.id);
    expect((await server.api('DELETE', '/v1/session', undefined, browser)).status).toBe(204);
    expect((await listening.hears('ended')).data).toStrictEqual({ reason: 'revoked' });
  });

  it('is told when more happens than it is told, and goes on', async () => {
    const listening = await hear('?kinds=event');
    const records = '{"Id":1}\n'.repeat(1000);
    const type = { 'content-type': 'application/x-ndjson' };
    await server.api('POST', '/v1/events/BookingCreate', records, type);
    await listening.hears('missed');
    const event = await send(++lastLocation);
    await listening.hears('event', ({ id }) => id === event);
    expect(listening.messages.length).toBeLessThan(1000);
  });

  it('is told that the service stops', async () => {
    const other = await startServer();
    const listening = await listen(other);
    await other.stop();
    expect((await listening.hears('ended')).data).toStrictEqual({ reason: 'stopping' });
  });
});

describe.skipIf(isOnSqlite)('of several nodes', () => {
  it('each tells what the others do', async () => {
    const [dataDir, otherDir] = [newDataDir(), newDataDir()];
    const env = await engineEnvironment(dataDir);
    const here = await startServer({ dataDir, env });
    const there = await startServer({ dataDir: otherDir, env });
    const listening = await listen(here);
    // Whether the other one knows already that somebody listens is seen only by what it tells.
    const webhook = await createWebhook(there, { url: receiver.url });
    const seen = await eventually(async () => {
      const event = await report(there, 'BookingCreate');
      return eventually(() => listening.messages.some(({ data }) => data.event === event), {
        deadlineMs: 2000,
      }).then(() => event);
    });
    const { data } = await listening.hears('delivery', ({ event }) => event === seen);
    expect(data.webhook).toBe(webhook.id);
    listening.close();
    await Promise.all([here.stop(), there.stop()]);
    removeDataDir(dataDir);
    removeDataDir(otherDir);
  });
});
