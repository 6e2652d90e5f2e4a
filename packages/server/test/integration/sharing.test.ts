import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openReceiver, type Receiver } from '@posthorn/testkit/receivers';
import { type App, startApp } from '../../src/app.ts';
import { readConfig } from '../../src/config/read.ts';
import { createWebhook, report } from '../asking.ts';
import { API_KEY, apiAt, newDataDir, removeDataDir, type Started } from '../start.ts';

/** Calls that the whole process makes at once. */
const MAX_CALLS = 4;
const WEBHOOKS = 40;
const ROUNDS = 20;

const dataDir = newDataDir();
let app: App;
let server: Pick<Started, 'api'>;
let receiver: Receiver;
const order: string[] = [];
beforeAll(async () => {
  receiver = await openReceiver({
    answer: async ({ path }) => {
      order.push(path);
      await new Promise((resolve) => setTimeout(resolve, 5));
      return 200;
    },
  });
  app = await startApp({
    config: readConfig({
      POSTHORN_PORT: '0',
      POSTHORN_DATA_DIR: dataDir,
      POSTHORN_API_KEY: API_KEY,
      POSTHORN_ALLOW_NETWORKS: '127.0.0.0/8',
      POSTHORN_MAX_CALLS: String(MAX_CALLS),
    }),
    version: '0.0.0',
    log: pino({ level: 'silent' }),
    showFirstKey: () => {},
  });
  server = { api: apiAt(app.url) };
});
afterAll(async () => {
  await app.stop();
  await receiver.close();
  removeDataDir(dataDir);
});

it('gives a location with one webhook its turns beside one with many', async () => {
  for (let i = 0; i < WEBHOOKS; i++) {
    await createWebhook(server, { url: `${receiver.url}/many`, location: 1 });
  }
  await createWebhook(server, { url: `${receiver.url}/one`, location: 2 });
  const lines = Array.from({ length: ROUNDS }, (_, Id) => JSON.stringify({ Id })).join('\n');
  const type = { 'content-type': 'application/x-ndjson' };
  await server.api('POST', '/v1/events/BookingCreate?location=1', lines, type);
  await receiver.waitFor(MAX_CALLS);
  for (let Id = 0; Id < ROUNDS; Id++) await report(server, 'BookingCreate', { Id }, '?location=2');

  const before = order.length;
  await receiver.waitFor(WEBHOOKS * ROUNDS + ROUNDS);
  expect(order).toHaveLength(WEBHOOKS * ROUNDS + ROUNDS);
  // Sharing by lanes alone, the one webhook would be done after some 800 calls.
  const done = order.findLastIndex((path) => path.endsWith('one'));
  expect(done - before).toBeLessThan(10 * ROUNDS);
});
