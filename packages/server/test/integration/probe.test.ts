import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { ProbeClaim, SettleItem } from '../../src/store/operations/hot.ts';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import { UNBOUNDED } from '../../src/store/bounds.ts';
import type { Store } from '../../src/store/store.ts';
import { SYSTEM } from '../../src/store/who.ts';
import { sampleAttempt, sampleRequest, sampleWebhook } from '../samples.ts';
import { newDataDir, removeDataDir } from '../start.ts';

const dataDir = newDataDir();
let store: Store;
let session: number;
let webhook: number;
let enabledAt: number;
beforeAll(async () => {
  store = await openSqliteStore({ dataDir });
  ({ session } = await store.startSession({ aliveMs: null }));
});
afterAll(async () => {
  await store.close();
  removeDataDir(dataDir);
});
beforeEach(async () => {
  ({ id: webhook, enabledAt } = await store.createWebhook(sampleWebhook()));
});

/** A delivery that waits, and how it came to that. */
interface Story {
  readonly failures?: number;
  /** Before the webhook was switched on the last time. */
  readonly isStale?: boolean;
  readonly dueInMs?: number;
}

/** Deliveries of the webhook with these stories, in the order of their keys. */
async function waiting(...stories: readonly Story[]): Promise<number[]> {
  const records = new Uint8Array(Buffer.from('{}'.repeat(stories.length)));
  const { leased } = await store.acceptEvents({
    requests: [sampleRequest({ recordEnds: stories.map((_, i) => 2 * i + 2) })],
    records,
    session,
    fullRoom: stories.length,
    rooms: new Map(),
  });
  const keys = leased.key.filter((_, i) => leased.webhook[i] === webhook);
  await store.settleAttempts({
    session,
    items: stories.map((story, i) => failed(keys[i]!, story)),
    health: [],
    disable: [],
  });
  return keys;
}

function failed(deliveryKey: number, story: Story, number = 1): SettleItem {
  const { failures = 0, isStale = false, dueInMs = -1 } = story;
  return {
    deliveryKey,
    webhook,
    failures,
    failingSince: failures === 0 ? null : isStale ? enabledAt - 1 : enabledAt + 1,
    next: { state: 'due', dueAt: Date.now() + dueInMs },
    attempt: sampleAttempt({ number, status: null, responseHeaders: null, errorCode: 'timeout' }),
  };
}

async function claim(besides: number | null = null) {
  const probe: ProbeClaim = { enabledAt, besides };
  const told = (await store.findNextProbes({ webhooks: [webhook] })).get(webhook);
  const { deliveries, nextDueAt } = await store.claimDeliveries({
    session,
    lanes: [{ webhook, limit: 1, probe }],
  });
  return { told, keys: deliveries.map(({ key }) => key), nextDueAt: nextDueAt.get(webhook) };
}

it.each<[string, readonly Story[], number]>([
  ['has failed most', [{ failures: 1 }, { failures: 3 }, { failures: 2 }], 1],
  ['has failed most and is the oldest', [{}, { failures: 2 }, { failures: 2 }], 1],
  ['is due first when none has failed', [{ dueInMs: -5 }, { dueInMs: -9 }, {}], 1],
  ['failed since the webhook is on', [{ failures: 9, isStale: true }, {}, { failures: 1 }], 2],
])('a probe is made with what %s', async (_title, stories, chosen) => {
  const keys = await waiting(...stories);
  expect((await claim()).keys).toStrictEqual([keys[chosen]]);
});

it('waits for the one that has failed most, whatever else is due, and says until when', async () => {
  await waiting({}, { failures: 3 }, { failures: 4, dueInMs: 60_000 }, {});
  const { keys, nextDueAt, told } = await claim();
  expect(keys).toStrictEqual([]);
  expect(nextDueAt).toBeGreaterThan(Date.now() + 50_000);
  expect(told).toBe(nextDueAt);
});

it('is made with a call that a person asked for, before any other', async () => {
  const [final, , third] = await waiting({}, { failures: 3, dueInMs: 60_000 }, { failures: 2 });
  await store.claimDeliveries({ session, lanes: [{ webhook, limit: 9, probe: null }] });
  const item = failed(final!, {}, 2);
  const next = { state: 'delivered', at: Date.now() } as const;
  const again = failed(third!, { failures: 2 }, 2);
  await store.settleAttempts({
    session,
    items: [{ ...item, next }, again],
    health: [],
    disable: [],
  });
  await store.resendDeliveries({ keys: [final!], bounds: UNBOUNDED, by: SYSTEM });
  expect((await claim()).keys).toStrictEqual([final]);
  expect((await claim()).keys).toStrictEqual([]);
});

it('is made with another one than the suspect, if one is due', async () => {
  const [suspect, other] = await waiting({ failures: 5, dueInMs: 60_000 }, {}, {});
  expect((await claim(suspect)).keys).toStrictEqual([other]);
});

it('is made with the suspect when no other is due', async () => {
  const [suspect] = await waiting({ failures: 5 }, { dueInMs: 30_000 });
  const { keys, nextDueAt } = await claim(suspect);
  expect(keys).toStrictEqual([suspect]);
  expect(nextDueAt).toBeGreaterThan(Date.now() + 20_000);
});

it('is nothing when nothing waits', async () => {
  const { keys, nextDueAt, told } = await claim();
  expect([keys, nextDueAt, told]).toStrictEqual([[], null, undefined]);
});
