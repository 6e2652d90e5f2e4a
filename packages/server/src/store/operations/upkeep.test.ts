import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSqliteStore } from '../sqlite/open.ts';
import type { Store } from '../store.ts';
import type { AttemptRecord } from './hot.ts';
import { SYSTEM } from '../who.ts';

const ATTEMPT: AttemptRecord = {
  number: 1,
  startedAt: 1,
  url: 'http://receiver.example/',
  requestHeaders: '[]',
  status: 200,
  responseHeaders: '[]',
  responseBody: null,
  responseTruncated: false,
  errorCode: null,
  errorDetail: null,
  dnsMs: null,
  connectMs: null,
  firstByteMs: 1,
  totalMs: 1,
};
const EVERYTHING = Number.MAX_SAFE_INTEGER;

let dataDir: string;
let store: Store;
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'posthorn-upkeep-'));
  store = await openSqliteStore({ dataDir });
});
afterAll(async () => {
  await store.close();
  rmSync(dataDir, { recursive: true, force: true });
});

it('removes old events with their deliveries and attempts, and keeps what is not final', async () => {
  const { session } = await store.startSession({ aliveMs: null });
  await store.createWebhook({
    uniqueId: 'one',
    by: SYSTEM,
    app: null,
    location: null,
    name: 'One',
    description: '',
    url: ATTEMPT.url,
    concurrency: null,
    actions: '*',
    active: true,
  });
  const request = { action: 6, location: null, recordEnds: [2], idempotency: null, testOf: null };
  const { leased } = await store.acceptEvents({
    requests: [request, { ...request, recordEnds: [4] }, { ...request, recordEnds: [6] }],
    records: new TextEncoder().encode('{}{}{}'),
    session,
    fullRoom: 2,
    rooms: new Map(),
  });
  expect(leased.key).toHaveLength(2);
  const [settled, underWay] = leased.key as [number, number];
  const news = { webhook: 1, failures: 0, failingSince: null, attempt: ATTEMPT };
  await store.settleAttempts({
    session,
    items: [{ ...news, deliveryKey: settled, next: { state: 'delivered', at: 2 } }],
    health: [],
    disable: [],
  });

  const { removed } = await store.removeOldEvents({ after: 0, before: EVERYTHING });

  expect(removed).toBe(1);
  expect(await store.getDelivery({ key: settled })).toBeUndefined();
  const left = await store.listDeliveries({ before: EVERYTHING, limit: 10 });
  expect(left.map(({ state }) => state)).toEqual(['due', 'sending']);
  expect(left.at(-1)?.key).toBe(underWay);
  const last = left.at(0)!.eventKey;
  expect(await store.removeOldEvents({ after: last, before: EVERYTHING })).toEqual({
    lastKey: null,
    removed: 0,
  });
});

it('forgets idempotency keys by their age', async () => {
  const { session } = await store.startSession({ aliveMs: null });
  const accept = () =>
    store.acceptEvents({
      requests: [
        {
          action: 6,
          location: null,
          recordEnds: [2],
          idempotency: { scope: 'operator', key: 'k', requestHash: new Uint8Array(32) },
          testOf: null,
        },
      ],
      records: new TextEncoder().encode('{}'),
      session,
      fullRoom: 2,
      rooms: new Map(),
    });
  await accept();
  expect((await accept()).requests[0]?.kind).toBe('repeated');
  expect(await store.removeOldIdempotencyKeys({ before: 0 })).toBe(0);
  expect(await store.removeOldIdempotencyKeys({ before: EVERYTHING })).toBe(1);
  expect((await accept()).requests[0]?.kind).toBe('accepted');
});
