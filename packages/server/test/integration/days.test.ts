import pg from 'pg';
import { openPostgres, type PostgresServer } from '@posthorn/testkit/postgres';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { DAY_MS, dayStart, keyAt, keyTime, nextDay } from '../../src/store/keys.ts';
import { openDatabase } from '../../src/store/postgres/database.ts';
import { createDays, listDays } from '../../src/store/postgres/days.ts';
import { openPostgresStore } from '../../src/store/postgres/open.ts';
import type { Store } from '../../src/store/store.ts';
import { eventually } from '../eventually.ts';
import { sampleRequest, sampleSettlement, sampleWebhook } from '../samples.ts';
import { newDatabase } from '../stores.ts';

const ALIVE_MS = 60_000;
/** As `turn-days.ts` has it. */
const KEPT_AT_MOST = 500;

let server: PostgresServer;
let url: string;
let client: pg.Client;
let store: Store;
let session: number;
const opened: { end(): Promise<void> }[] = [];

beforeAll(async () => {
  server = await openPostgres();
});
afterAll(async () => {
  for (const one of opened) await one.end();
  await server.stop();
});
beforeEach(async () => {
  url = await newDatabase(server);
  store = await openPostgresStore({ url });
  client = new pg.Client({ connectionString: url });
  await client.connect();
  opened.push({ end: () => store.close() }, client);
  session = (await store.startSession({ aliveMs: ALIVE_MS })).session;
});

it('makes today and the days ahead at the start, for each part of the log', async () => {
  const { rows } = await client.query<{ parent: string; days: number }>(`
    select inhparent::regclass::text as parent, count(*)::integer as days
    from pg_inherits
    where inhrelid::regclass::text ~ '_\\d{4}_\\d{2}_\\d{2}$'
    group by inhparent
    order by parent`);
  expect(rows).toStrictEqual([
    { parent: 'attempts', days: 8 },
    { parent: 'deliveries_ended', days: 8 },
    { parent: 'events', days: 8 },
  ]);
});

it('drops a day with all that has ended in it, and keeps an event that waits as it was', async () => {
  await createWebhooks(2);
  const [ended, waiting] = (await acceptEvents(2)) as [number, number];
  const sent = (await deliveriesOf(ended)).concat((await deliveriesOf(waiting)).slice(0, 1));
  for (const { key, webhook } of sent) await settle(key, webhook);

  const { dropped } = await store.turnDays(tomorrow());

  expect(dropped).toStrictEqual([dayStart(Date.now())]);
  expect(await store.getEvent({ key: ended })).toBeUndefined();
  expect(await store.getEvent({ key: waiting })).toMatchObject({ deliveries: 2 });
  const [delivered, sending] = await deliveriesOf(waiting);
  expect([delivered?.state, sending?.state]).toStrictEqual(['delivered', 'sending']);
  const whole = await store.getDelivery({ key: delivered!.key });
  expect(whole!.attemptsMade).toHaveLength(1);

  // It leaves in slices when it has ended too.
  await settle(sending!.key, sending!.webhook);
  const span = { after: 0, before: keyAt(tomorrow()) };
  expect(await store.removeOldEvents(span)).toMatchObject({ removed: 1 });
  expect(await counts()).toStrictEqual([0, 0, 0]);
});

it('keeps what somebody resends while it is being removed', async () => {
  await createWebhooks(1);
  const [event] = (await acceptEvents(1)) as [number];
  const key = event + 1;
  await settle(key, 1);
  // The removal has seen that all has ended, and waits here with the next thing that it asks.
  await client.query('begin; lock table deliveries_ended in access exclusive mode');
  const removing = store.removeOldEvents({ after: 0, before: keyAt(tomorrow()) });
  await eventually(async () => {
    const { rowCount } = await client.query('select 1 from pg_locks where not granted');
    return rowCount === 1;
  });
  await client.query(`
    update deliveries
    set state = 'due', due_at = 1, ended_at = null
    where key = ${key};
    commit`);

  expect(await removing).toStrictEqual({ lastKey: event, removed: 0 });
  expect(await store.getDelivery({ key })).toMatchObject({ state: 'due', attempts: 1 });
  expect(await counts()).toStrictEqual([1, 1, 1]);
});

it('leaves a day of which too much waits, and drops it when less does', async () => {
  await createWebhooks(1);
  const keys = await acceptEvents(KEPT_AT_MOST + 1);
  expect((await store.turnDays(tomorrow())).dropped).toStrictEqual([]);
  await settle(keys[0]! + 1, 1);
  expect((await store.turnDays(tomorrow())).dropped).toHaveLength(1);
  expect(await counts()).toStrictEqual([KEPT_AT_MOST, KEPT_AT_MOST, 0]);
  expect(await store.getEvent({ key: keys.at(-1)! })).toBeDefined();
});

it('gives up, changing nothing, while somebody holds the log, and drops the day afterwards', async () => {
  await createWebhooks(1);
  const [key] = (await acceptEvents(1)) as [number];
  await settle(key + 1, 1);
  await client.query('begin; lock table events in row exclusive mode');
  expect((await store.turnDays(tomorrow())).dropped).toStrictEqual([]);
  expect(await store.getDelivery({ key: key + 1 })).toBeDefined();
  await client.query('rollback');
  expect((await store.turnDays(tomorrow())).dropped).toHaveLength(1);
  expect(await counts()).toStrictEqual([0, 0, 0]);
});

it('drops the days before a moment, and none that it is in', async () => {
  const later = Date.now() + 2 * DAY_MS;
  const { dropped, leftBefore } = await store.turnDays(later);
  expect(dropped).toStrictEqual([dayStart(Date.now()), tomorrow()]);
  expect(leftBefore).toBe(dayStart(later));
});

it('keeps what meets no day, and makes none for a day that already holds something', async () => {
  const far = dayStart(Date.now()) + 20 * DAY_MS;
  await keysFrom(keyAt(far));
  await createWebhooks(1);
  const [key] = (await acceptEvents(1)) as [number];
  expect(keyTime(key)).toBe(far);
  const database = openDatabase(url, 1);
  opened.push({ end: () => database.close() });
  const days = await database.transaction(async ({ tx }) => {
    await createDays(tx, far - DAY_MS, far + DAY_MS);
    return listDays(tx);
  });
  expect(days.slice(-2)).toStrictEqual([far - DAY_MS, far + DAY_MS]);
  await settle(key + 1, 1);
  expect(await deliveriesOf(key)).toMatchObject([{ state: 'delivered' }]);
});

it('gives an event and its deliveries keys of one day, whichever block the day begins in', async () => {
  const midnight = tomorrow();
  await createWebhooks(3);
  await keysFrom(keyAt(midnight) - 3);
  const [key] = (await acceptEvents(1)) as [number];
  expect(key).toBe(keyAt(midnight));
  await keysFrom(keyAt(nextDay(midnight)) - 4090);
  const keys = await acceptEvents(1100);
  expect(new Set(keys.map((one) => dayStart(keyTime(one))))).toStrictEqual(
    new Set([nextDay(midnight)]),
  );
});

function tomorrow(): number {
  return nextDay(Date.now());
}

/** Another node, whose keys begin there. */
async function keysFrom(key: number): Promise<void> {
  await client.query(`update counters set value = $1 where name = 'key'`, [key]);
  store = await openPostgresStore({ url });
  opened.push({ end: () => store.close() });
}

async function createWebhooks(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await store.createWebhook(sampleWebhook());
}

/** Returns their keys; each delivery is leased to the session. */
async function acceptEvents(count: number): Promise<number[]> {
  const records = new TextEncoder().encode('{}'.repeat(count));
  const recordEnds = Array.from({ length: count }, (_, i) => 2 * (i + 1));
  const { requests } = await store.acceptEvents({
    requests: [sampleRequest({ recordEnds })],
    records,
    session,
    fullRoom: 10_000,
    rooms: new Map(),
  });
  const [accepted] = requests;
  if (accepted?.kind !== 'accepted') throw new Error('not accepted');
  return accepted.events.map(([key]) => key);
}

async function settle(deliveryKey: number, webhook: number): Promise<void> {
  const { fenced } = await store.settleAttempts({
    session,
    items: [sampleSettlement(webhook, deliveryKey)],
    health: [],
    disable: [],
  });
  expect(fenced).toStrictEqual([]);
}

async function deliveriesOf(eventKey: number) {
  const event = await store.getEvent({ key: eventKey });
  return store.listDeliveriesOfEvent({ eventKey, deliveries: event!.deliveries });
}

/** Events, deliveries and attempts that are there. */
async function counts(): Promise<number[]> {
  const { rows } = await client.query<{ n: number }>(`
    select count(*)::integer as n from events
    union all
    select count(*)::integer from deliveries
    union all
    select count(*)::integer from attempts`);
  return rows.map(({ n }) => n);
}
