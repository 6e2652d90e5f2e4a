import { afterAll, beforeAll, expect, it } from 'vitest';
import { sampleRequest, sampleSettlement, sampleWebhook } from '../../../test/samples.ts';
import { newDataDir, removeDataDir } from '../../../test/start.ts';
import { openSqliteStore } from '../sqlite/open.ts';
import type { Store } from '../store.ts';

const EVERYTHING = Number.MAX_SAFE_INTEGER;

let dataDir: string;
let store: Store;
beforeAll(async () => {
  dataDir = newDataDir();
  store = await openSqliteStore({ dataDir });
});
afterAll(async () => {
  await store.close();
  removeDataDir(dataDir);
});

it('removes old events with their deliveries and attempts, and keeps what is not final', async () => {
  const { session } = await store.startSession({ aliveMs: null });
  await store.createWebhook(sampleWebhook());
  const { leased } = await store.acceptEvents({
    requests: [2, 4, 6].map((end) => sampleRequest({ recordEnds: [end] })),
    records: new TextEncoder().encode('{}{}{}'),
    session,
    fullRoom: 2,
    rooms: new Map(),
  });
  expect(leased.key).toHaveLength(2);
  const [settled, underWay] = leased.key as [number, number];
  await store.settleAttempts({
    session,
    items: [sampleSettlement(1, settled)],
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
        sampleRequest({
          idempotency: { scope: 'operator', key: 'k', requestHash: new Uint8Array(32) },
        }),
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
