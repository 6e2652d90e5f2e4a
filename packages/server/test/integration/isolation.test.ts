import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { type Answer, openReceiver, type Receiver } from '@posthorn/testkit/receivers';
import { type App, startApp } from '../../src/app.ts';
import { readConfig } from '../../src/config/read.ts';
import { LANE_CAPACITY } from '../../src/lanes/lane.ts';
import { createWebhook, getWebhook, report } from '../asking.ts';
import { eventually } from '../eventually.ts';
import { API_KEY, apiAt, newDataDir, removeDataDir, type Started } from '../start.ts';

type Server = Pick<Started, 'api'>;

const closing: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function start(options: Readonly<Record<string, string>>): Promise<Server> {
  const dataDir = newDataDir();
  closing.push(() => removeDataDir(dataDir));
  const app: App = await startApp({
    config: readConfig({
      POSTHORN_PORT: '0',
      POSTHORN_DATA_DIR: dataDir,
      POSTHORN_API_KEY: API_KEY,
      POSTHORN_ALLOW_NETWORKS: '127.0.0.0/8',
      ...options,
    }),
    version: '0.0.0',
    log: pino({ level: 'silent' }),
    showFirstKey: () => {},
  });
  closing.push(() => app.stop());
  return { api: apiAt(app.url) };
}

async function receive(answer: () => Answer | Promise<Answer>): Promise<Receiver> {
  const receiver = await openReceiver({ answer });
  closing.push(() => receiver.close());
  return receiver;
}

/** Reports a batch with records from `{"Id":0}` on. */
async function reportMany(server: Server, location: number, count: number): Promise<void> {
  for (let first = 0; first < count; first += 1000) {
    const ids = Array.from({ length: Math.min(1000, count - first) }, (_, i) => first + i);
    const { status } = await server.api(
      'POST',
      `/v1/events/BookingCreate?location=${location}`,
      ids.map((Id) => JSON.stringify({ Id })).join('\n'),
      { 'content-type': 'application/x-ndjson' },
    );
    expect(status).toBe(202);
  }
}

async function inMemory(server: Server): Promise<number> {
  const { text } = await server.api('GET', '/metrics');
  return Number(/^posthorn_deliveries_in_memory (\d+)$/m.exec(text)![1]);
}

async function waitingFor(server: Server, webhook: number): Promise<number> {
  return (await server.api('GET', `/v1/webhooks/${webhook}`)).json.waiting as number;
}

describe('receivers that hang', () => {
  it('cost nobody else anything, and keep what waits for them in the store', async () => {
    const [PAIRS, ROUNDS, HERD] = [10, 40, 1000];
    const server = await start({ POSTHORN_REQUEST_TIMEOUT: '1500ms' });
    const [hanging, healthy] = [await receive(() => 'hang'), await receive(() => 200)];
    const hung: number[] = [];
    for (let location = 1; location <= PAIRS; location++) {
      hung.push((await createWebhook(server, { url: hanging.url, location })).id);
      await createWebhook(server, { url: healthy.url, location });
    }
    // One of them has more than a lane holds, before it is known to hang.
    hung.push((await createWebhook(server, { url: hanging.url, location: PAIRS + 1 })).id);
    await reportMany(server, PAIRS + 1, HERD);
    expect(await inMemory(server)).toBeLessThanOrEqual(LANE_CAPACITY);

    // Half of the traffic hangs: each event goes to one of either kind.
    const begun = Date.now();
    let most = 0;
    for (let round = 0; round < ROUNDS; round++) {
      for (let location = 1; location <= PAIRS; location++) {
        await report(server, 'BookingCreate', { sentAt: Date.now() }, `?location=${location}`);
      }
      most = Math.max(most, await inMemory(server));
    }
    const arrived = await healthy.waitFor(PAIRS * ROUNDS, 5000);
    expect(arrived).toHaveLength(PAIRS * ROUNDS);
    const delays = arrived.map(({ body, receivedAt }) => {
      const [record] = JSON.parse(String(body)) as [{ sentAt: number }];
      return receivedAt - record.sentAt;
    });
    // A tenth of the timeout that one hanging call costs.
    expect(delays.toSorted((a, b) => a - b)[Math.floor(delays.length * 0.95)]).toBeLessThan(150);
    expect(Math.max(...delays)).toBeLessThan(1000);
    expect(Date.now() - begun).toBeLessThan(10_000);
    expect(most).toBeLessThanOrEqual(hung.length * LANE_CAPACITY);

    // Each lane opens after five calls: from then on it holds its probe at most.
    for (const id of hung) {
      await eventually(async () => (await getWebhook(server, id)).state === 'open');
    }
    await eventually(async () => (await inMemory(server)) <= hung.length);
    for (const id of hung.slice(0, PAIRS)) {
      expect(await waitingFor(server, id)).toBeGreaterThanOrEqual(ROUNDS - 1);
    }
    expect(await waitingFor(server, hung.at(-1)!)).toBeGreaterThanOrEqual(HERD - 1);
    const calls = hanging.requests.length;
    await reportMany(server, PAIRS + 1, HERD);
    expect(await inMemory(server)).toBeLessThanOrEqual(hung.length);
    expect(hanging.requests.length - calls).toBeLessThanOrEqual(hung.length);
  }, 40_000);

  it('that could hold every call of the process leave some to other locations', async () => {
    const server = await start({ POSTHORN_MAX_CALLS: '16', POSTHORN_REQUEST_TIMEOUT: '4s' });
    const [hanging, healthy] = [await receive(() => 'hang'), await receive(() => 200)];
    for (let i = 0; i < 10; i++) await createWebhook(server, { url: hanging.url, location: 1 });
    await createWebhook(server, { url: healthy.url, location: 2 });
    await reportMany(server, 1, 20);
    await hanging.waitFor(14);
    await reportMany(server, 2, 50);
    expect(await healthy.waitFor(50, 2000)).toHaveLength(50);
    expect(hanging.requests).toHaveLength(14);
  });
});

it('a herd that waited for a dead receiver comes at its lane’s pace, and all of it', async () => {
  const [HERD, CONCURRENCY] = [2000, 6];
  const server = await start({ POSTHORN_RETRY_SCHEDULE: '5ms,10ms,15ms,20ms,600ms,700ms,800ms' });
  let isDead = true;
  let underWay = 0;
  let most = 0;
  const receiver = await receive(async () => {
    if (isDead) return 503;
    most = Math.max(most, ++underWay);
    await new Promise(setImmediate);
    underWay--;
    return 200;
  });
  const { url } = receiver;
  const webhook = await createWebhook(server, { url, location: 1, concurrency: CONCURRENCY });
  await reportMany(server, 1, 10);
  await eventually(async () => (await getWebhook(server, webhook.id)).state === 'open');
  await reportMany(server, 1, HERD);
  isDead = false;
  await eventually(async () => (await waitingFor(server, webhook.id)) === 0, {
    deadlineMs: 15_000,
  });
  await eventually(async () => (await inMemory(server)) === 0);
  expect(most).toBeLessThanOrEqual(CONCURRENCY);
  expect(most).toBeGreaterThan(1);
  const { json } = await server.api('GET', `/v1/deliveries?webhook=${webhook.id}&state=failed`);
  expect(json.items).toHaveLength(0);
  const delivered = new Set(
    receiver.requests
      .filter(({ headers }) => headers['posthorn-attempt'] === '1')
      .map(({ headers }) => headers['webhook-id']),
  );
  expect(delivered.size).toBe(HERD + 10);
  // Nothing was sent twice: what the dead receiver refused, and then each once.
  const failed = receiver.requests.length - (HERD + 10);
  expect(failed).toBeLessThan(10 + CONCURRENCY);
}, 30_000);
