import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, openReceiver, type Receiver } from '@posthorn/testkit/receivers';
import { type App, startApp } from '../../src/app.ts';
import { readConfig } from '../../src/config/read.ts';
import { createWebhook, deliveriesOf, getDelivery, waitForStates } from '../asking.ts';
import { eventually } from '../eventually.ts';
import {
  API_KEY,
  type ApiAnswer,
  apiAt,
  newDataDir,
  removeDataDir,
  type Started,
} from '../start.ts';

/** Of 4 KiB: a disk of 6 MiB. */
const PAGES = 1500;

const dataDir = newDataDir();
let app: App;
let server: Pick<Started, 'api'>;
let receiver: Receiver;
let answer: () => Answer | Promise<Answer> = () => 200;
let logged = '';
/** One to be deleted by each test, for room. */
const inboxes: string[] = [];
beforeAll(async () => {
  receiver = await openReceiver({ answer: () => answer() });
  app = await startApp({
    config: readConfig({
      POSTHORN_PORT: '0',
      POSTHORN_DATA_DIR: dataDir,
      POSTHORN_API_KEY: API_KEY,
      POSTHORN_ALLOW_NETWORKS: '127.0.0.0/8',
      POSTHORN_RETRY_SCHEDULE: '20ms,20ms',
    }),
    version: '0.0.0',
    log: pino({ base: null }, { write: (line: string) => (logged += line) }),
    maxStorePages: PAGES,
    showFirstKey: () => {},
  });
  server = { api: apiAt(app.url) };
  inboxes.push(await fillInbox(), await fillInbox());
});
afterAll(async () => {
  await app.stop();
  await receiver.close();
  removeDataDir(dataDir);
});

const record = (bytes: number) => `{"a":"${'x'.repeat(bytes)}"}`;
const reportOf = (bytes: number, headers?: Record<string, string>) =>
  server.api('POST', '/v1/events/TariffUpdate', record(bytes), headers);

async function countEvents(): Promise<number> {
  let count = 0;
  for (let cursor = ''; ;) {
    const { json } = await server.api('GET', `/v1/events?limit=500${cursor}`);
    count += (json as { items: unknown[] }).items.length;
    if (json.cursor === null) return count;
    cursor = `&cursor=${json.cursor}`;
  }
}

/** Something big that a person can delete: an inbox with a megabyte of requests. */
async function fillInbox(): Promise<string> {
  const { json: inbox } = await server.api('POST', '/v1/inboxes');
  for (let i = 0; i < 10; i++) {
    const kept = await fetch(inbox.url as string, { method: 'POST', body: record(100_000) });
    expect(kept.status).toBe(204);
  }
  return inbox.id as string;
}

/** Reports ever smaller records until none is taken any more; returns the last answer. */
async function fillStore(): Promise<ApiAnswer> {
  let last: ApiAnswer | undefined;
  for (const bytes of [100_000, 10_000, 1000, 10]) {
    do last = await reportOf(bytes);
    while (last.status === 202);
  }
  return last!;
}

function expectUnavailable({ json, headers }: ApiAnswer): void {
  expect(json).toMatchObject({ status: 503, code: 'store_unavailable' });
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
}

describe('a store that is full', () => {
  it('refuses with 503, keeps nothing half, and works again when there is room', async () => {
    const webhook = await createWebhook(server, { url: receiver.url, actions: ['BookingCreate'] });
    const { promise: said, resolve: say } = Promise.withResolvers<Answer>();
    answer = () => said;
    await server.api('POST', '/v1/events/BookingCreate', { Id: 'under way' });
    await receiver.waitFor(1);

    expectUnavailable(await fillStore());

    // Nothing of a request is kept, not even what would have found room.
    const before = await countEvents();
    const lines = Array.from({ length: 50 }, () => record(1000)).join('\n');
    const key = { 'content-type': 'application/x-ndjson', 'idempotency-key': 'tried-again' };
    const batch = () => server.api('POST', '/v1/events/BookingCreate', lines, key);
    expectUnavailable(await batch());
    const several = await Promise.all(Array.from({ length: 20 }, () => reportOf(20_000)));
    for (const refused of several) expectUnavailable(refused);
    expect(await countEvents()).toBe(before);
    expect(await deliveriesOf(server, webhook.id)).toHaveLength(1);
    expect(receiver.requests).toHaveLength(1);

    // What only reads goes on.
    expect((await server.api('GET', '/healthz')).status).toBe(200);
    expect((await server.api('GET', `/v1/webhooks/${webhook.id}`)).status).toBe(200);

    // The call under way ends; what it met is written down as soon as there is room.
    answer = () => 200;
    say({ status: 200, body: 'x'.repeat(16_384) });
    await eventually(() => logged.includes('the store cannot settle'));
    const [unsettled] = await deliveriesOf(server, webhook.id);
    expect(unsettled).toMatchObject({ state: 'sending', attempts: 0 });

    expect((await server.api('DELETE', `/v1/inboxes/${inboxes.pop()}`)).status).toBe(204);
    const [settled] = await waitForStates(server, webhook.id, ['delivered']);
    expect(settled).toMatchObject({ id: unsettled!.id, attempts: 1 });
    const { attemptLog } = await getDelivery(server, settled!.id);
    expect(attemptLog[0]!.response!.body).toHaveLength(16_384);

    // The request that was refused can be made again, with its key; nothing was sent twice.
    const again = await batch();
    expect(again.status).toBe(202);
    expect(again.headers.get('idempotency-replayed')).toBeNull();
    await waitForStates(server, webhook.id, ['delivered'], 51);
    expect(receiver.requests).toHaveLength(51);
    const ids = receiver.requests.map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(51);
  });

  it('goes on calling and re-attempting what is in it as far as it can be written', async () => {
    const webhook = await createWebhook(server, { url: receiver.url, actions: ['TeamUpdated'] });
    const before = receiver.requests.length;
    let calls = 0;
    const { promise: said, resolve: say } = Promise.withResolvers<Answer>();
    answer = () => (++calls === 1 ? said : 200);
    await server.api('POST', '/v1/events/TeamUpdated', { Id: 1 });
    await receiver.waitFor(before + 1);
    expectUnavailable(await fillStore());
    logged = '';
    say({ status: 500, body: 'x'.repeat(16_384) });
    await eventually(() => logged.includes('the store cannot settle'));
    await server.api('DELETE', `/v1/inboxes/${inboxes.pop()}`);
    const [delivered] = await waitForStates(server, webhook.id, ['delivered']);
    expect(delivered).toMatchObject({ attempts: 2 });
    expect(receiver.requests).toHaveLength(before + 2);
  });
});
