import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type {
  AcceptBatch,
  AcceptedEvent,
  AcceptedRequest,
  AcceptRequest,
  AttemptRecord,
  SettleItem,
} from '../../src/store/operations/hot.ts';
import { MAX_DELIVERIES } from '../../src/store/operations/allowance.ts';
import type { WebhookSettings } from '../../src/store/operations/webhooks.ts';
import { UNBOUNDED } from '../../src/store/bounds.ts';
import type { Store } from '../../src/store/store.ts';
import { eventually } from '../eventually.ts';
import { sampleAttempt, sampleRequest, sampleWebhook } from '../samples.ts';
import { postgresEngine, sqliteEngine } from '../stores.ts';
import { SYSTEM } from '../../src/store/who.ts';

const ALIVE_MS = 30_000;
const FULL_ROOM = 100;

describe.each([sqliteEngine(), postgresEngine()])('the store on $name', (engine) => {
  let store: Store;
  let session: number;
  beforeAll(() => engine.start());
  afterAll(() => engine.stop());
  beforeEach(async () => {
    store = await engine.open();
    session = await begin(store);
  });

  const accept = (requests: readonly AcceptRequest[], records: string[], more = {}) =>
    store.acceptEvents(batchOf(session, requests, records, more));
  const claim = (webhook: number, limit = 100) =>
    store.claimDeliveries({ session, lanes: [{ webhook, limit, probe: null }] });
  const settle = (...items: SettleItem[]) =>
    store.settleAttempts({ session, items, health: [], disable: [] });
  const resend = (key: number) =>
    store.resendDeliveries({ keys: [key], bounds: UNBOUNDED, by: SYSTEM });
  /** A webhook with `count` deliveries leased to the session. */
  async function leased(count = 1, settings: Partial<WebhookSettings> = {}) {
    const { id } = await createWebhook(store, settings);
    const records = Array.from({ length: count }, (_, i) => `{"n":${i}}`);
    const { leased: born } = await accept([request({ recordEnds: ends(records) })], records);
    return { webhook: id, keys: born.key };
  }

  describe('accepting', () => {
    it('puts off what makes too many deliveries for one commit, and refuses what does alone', async () => {
      for (let i = 0; i < 20; i++) await createWebhook(store);
      const counts = [600, 600, 1, MAX_DELIVERIES / 20 + 1];
      const records = counts.flatMap((count) => Array.from({ length: count }, () => '{}'));
      const requests = counts.map((count, i) => {
        const before = counts.slice(0, i).reduce((sum, one) => sum + one, 0);
        return request({ recordEnds: ends(records).slice(before, before + count) });
      });
      const answer = await accept(requests, records);
      expect(answer.requests.map(({ kind }) => kind)).toStrictEqual([
        'accepted',
        'later',
        'accepted',
        'too-many',
      ]);
      expect(answer.requests[3]).toStrictEqual({ kind: 'too-many', webhooks: 20 });
      const kept = await store.listEvents({ ...NEWEST, limit: 1000 });
      expect(kept).toHaveLength(601);
    });

    it('knows what it kept, though it would be too much by now', async () => {
      await createWebhook(store);
      const records = Array.from({ length: MAX_DELIVERIES / 2 + 1 }, () => '{}');
      const asked = (key: string, body?: string) => {
        const [recordEnds, idempotent] = [ends(records), idempotency(key, body)];
        return accept([request({ recordEnds, idempotency: idempotent })], records);
      };
      const [first] = (await asked('a')).requests;
      await createWebhook(store);
      expect(await asked('a')).toMatchObject({
        requests: [{ kind: 'repeated', events: eventsOf(first) }],
      });
      expect(await asked('a', 'another')).toMatchObject({ requests: [{ kind: 'conflict' }] });
      for (let i = 0; i < 2; i++)
        expect(await asked('b')).toMatchObject({ requests: [{ kind: 'too-many' }] });
    });

    it('keeps the bytes, and gives a delivery to each webhook that asked', async () => {
      const all = await createWebhook(store, { actions: '*' });
      const one = await createWebhook(store, { actions: [6], location: 5 });
      await createWebhook(store, { actions: [7] });
      await createWebhook(store, { actions: [6], location: 4 });
      const off = await createWebhook(store, { actions: [6] }, false);
      const records = ['{"a":"ä\u0000"}', '{"b":2.50}'];
      const {
        requests,
        leased: born,
        woken,
      } = await accept([request({ location: 5, recordEnds: ends(records) })], records);
      expect(requests).toHaveLength(1);
      expect(requests[0]).toMatchObject({ kind: 'accepted' });
      expect(woken).toStrictEqual([]);
      expect(born.webhook).toStrictEqual([all.id, one.id, all.id, one.id]);
      expect(born.record).toStrictEqual([0, 0, 1, 1]);
      const events = eventsOf(requests[0]);
      for (const [i, [key, deliveries]] of events.entries()) {
        expect(deliveries).toBe(3);
        const event = await store.getEvent({ key });
        expect(Buffer.from(event!.record).toString()).toBe(records[i]);
        expect(event).toMatchObject({ action: 6, location: 5, isTest: false });
        const ofEvent = await store.listDeliveriesOfEvent({ eventKey: key, deliveries });
        expect(ofEvent.map(({ webhook, state }) => [webhook, state])).toStrictEqual([
          [all.id, 'sending'],
          [one.id, 'sending'],
          [off.id, 'held'],
        ]);
      }
    });

    it('gives out growing keys that carry the time', async () => {
      const before = Date.now();
      const keys: number[] = [];
      for (let i = 0; i < 5; i++) {
        const { requests } = await accept([request({ recordEnds: [2, 4] })], ['{}', '{}']);
        keys.push(...eventsOf(requests[0]).map(([key]) => key));
      }
      expect(keys).toStrictEqual(keys.toSorted((a, b) => a - b));
      expect(new Set(keys).size).toBe(10);
      for (const key of keys) expect(Math.abs(key / 2048 - before)).toBeLessThan(10_000);
    });

    it('leaves due what a lane has no room for, and says so', async () => {
      const { id } = await createWebhook(store);
      const records = ['{}', '{}', '{}'];
      const { leased: born, woken } = await accept(
        [request({ recordEnds: ends(records) })],
        records,
        {
          rooms: new Map([[id, 2]]),
        },
      );
      expect(born.key).toHaveLength(2);
      expect(woken).toStrictEqual([id]);
      const { deliveries } = await claim(id);
      expect(deliveries).toHaveLength(1);
    });

    it('sends a test to its webhook only, even while it is off', async () => {
      await createWebhook(store);
      const off = await createWebhook(store, {}, false);
      const { leased: born } = await accept([request({ testOf: off.id })], ['{}']);
      expect(born.webhook).toStrictEqual([off.id]);
    });

    it('answers a repeated Idempotency-Key with the first answer', async () => {
      await createWebhook(store);
      const first = await accept([request({ idempotency: idempotency('a') })], ['{}']);
      const mixed = await accept(
        [
          request({ idempotency: idempotency('a') }),
          request({ idempotency: idempotency('a', 'another') }),
          request({ idempotency: idempotency('b') }),
          request({ idempotency: idempotency('b') }),
          request({}),
        ],
        ['{}', '{}', '{}', '{}', '{}'],
      );
      const kinds = mixed.requests.map(({ kind }) => kind);
      expect(kinds).toStrictEqual(['repeated', 'conflict', 'accepted', 'repeated', 'accepted']);
      const events = mixed.requests.map((one) => ('events' in one ? one.events : null));
      expect(events[0]).toStrictEqual(eventsOf(first.requests[0]));
      expect(events[3]).toStrictEqual(events[2]);
      expect(mixed.leased.request).toStrictEqual([2, 4]);
      expect(await store.listEvents({ before: Number.MAX_SAFE_INTEGER, limit: 10 })).toHaveLength(
        3,
      );
    });

    it('forgets old Idempotency-Keys', async () => {
      await accept([request({ idempotency: idempotency('a') })], ['{}']);
      expect(await store.removeOldIdempotencyKeys({ before: Date.now() - 60_000 })).toBe(0);
      expect(await store.removeOldIdempotencyKeys({ before: Date.now() + 60_000 })).toBe(1);
    });
  });

  describe('claiming', () => {
    it('takes what is due, oldest first, up to the limit, and says what is next', async () => {
      const { webhook, keys } = await leased(3);
      await settle(
        item(webhook, keys[0]!, { state: 'due', dueAt: 2000 }),
        item(webhook, keys[1]!, { state: 'due', dueAt: 1000 }),
        item(webhook, keys[2]!, { state: 'due', dueAt: Date.now() + 3_600_000 }),
      );
      const first = await claim(webhook, 1);
      expect(first.deliveries.map(({ key }) => key)).toStrictEqual([keys[1]]);
      expect(first.deliveries[0]).toMatchObject({ attempts: 1, failures: 1, action: 6 });
      expect(Buffer.from(first.deliveries[0]!.record).toString()).toBe('{"n":1}');
      expect(first.nextDueAt.get(webhook)).toBe(2000);
      const second = await claim(webhook);
      expect(second.deliveries.map(({ key }) => key)).toStrictEqual([keys[0]]);
      expect(second.nextDueAt.get(webhook)).toBeGreaterThan(Date.now());
      expect((await claim(webhook)).deliveries).toHaveLength(0);
    });

    it('gives nothing of a webhook that is off', async () => {
      const { webhook, keys } = await leased();
      await settle(item(webhook, keys[0]!, { state: 'due', dueAt: 1 }));
      await store.updateWebhook({ id: webhook, change: { active: false }, by: SYSTEM });
      const { deliveries, nextDueAt } = await claim(webhook);
      expect(deliveries).toHaveLength(0);
      expect(nextDueAt.get(webhook)).toBeNull();
      await store.updateWebhook({ id: webhook, change: { active: true }, by: SYSTEM });
      expect((await claim(webhook)).deliveries).toHaveLength(1);
    });

    it('gets back what was released', async () => {
      const { webhook, keys } = await leased(2);
      expect(await store.releaseDeliveries({ session, keys })).toBe(2);
      expect(await store.releaseDeliveries({ session, keys })).toBe(0);
      expect((await claim(webhook)).deliveries).toHaveLength(2);
    });
  });

  describe('settling', () => {
    it('writes attempts and states', async () => {
      const { webhook, keys } = await leased(3);
      const at = Date.now();
      const settled = await settle(
        item(webhook, keys[0]!, { state: 'delivered', at }, { responseBody: Buffer.from('ok') }),
        item(webhook, keys[1]!, { state: 'failed', at, reason: 'exhausted' }, { status: 500 }),
        item(webhook, keys[2]!, { state: 'due', dueAt: at + 60_000 }, { errorDetail: 'a\0b' }),
      );
      expect(settled).toStrictEqual({ fenced: [], disabled: [] });
      const [delivered, failed, due] = await Promise.all(
        keys.map((key) => store.getDelivery({ key })),
      );
      expect(delivered).toMatchObject({ state: 'delivered', deliveredAt: at, endedAt: at });
      const [attempt] = delivered!.attemptsMade;
      expect(Buffer.from(attempt!.responseBody!).toString()).toBe('ok');
      expect(attempt).toMatchObject({ number: 1, totalMs: 12.5, dnsMs: null, url: 'http://x/' });
      expect(failed).toMatchObject({ state: 'failed', reason: 'exhausted', deliveredAt: null });
      expect(failed!.attemptsMade).toMatchObject([{ status: 500, responseBody: null }]);
      expect(due).toMatchObject({ state: 'due', dueAt: at + 60_000, endedAt: null, attempts: 1 });
      const notices = await store.listNotices({ before: Number.MAX_SAFE_INTEGER, limit: 10 });
      expect(notices).toMatchObject([{ kind: 'delivery_failed', webhook, deliveryKey: keys[1] }]);
    });

    it('keeps how a call went, each part in its place', async () => {
      const { webhook, keys } = await leased(1);
      const at = Date.now();
      const attempt = {
        errorCode: 'tls',
        errorDetail: 'The certificate of hooks.example.com expired',
        certificate: '{"fault":"expired"}',
        dnsMs: 1.5,
        connectMs: 2.5,
        tlsMs: 3.5,
        firstByteMs: 4.5,
        totalMs: 5.5,
      };
      await settle(item(webhook, keys[0]!, { state: 'due', dueAt: at }, attempt));
      const delivery = await store.getDelivery({ key: keys[0]! });
      expect(delivery!.attemptsMade).toMatchObject([attempt]);
    });

    it('leaves alone what the session does not hold', async () => {
      const { webhook, keys } = await leased(2);
      await store.releaseDeliveries({ session, keys: [keys[0]!] });
      const { fenced } = await settle(
        item(webhook, keys[0]!, { state: 'delivered', at: 1 }),
        item(webhook, keys[1]!, { state: 'delivered', at: 1 }),
      );
      expect(fenced).toStrictEqual([keys[0]]);
      expect(await store.getDelivery({ key: keys[0]! })).toMatchObject({
        state: 'due',
        attempts: 0,
        attemptsMade: [],
      });
    });

    it('writes a call once, though the session holds the delivery again', async () => {
      const { webhook, keys } = await leased();
      const failed = item(webhook, keys[0]!, { state: 'due', dueAt: 1 });
      await settle(failed);
      expect((await claim(webhook)).deliveries).toHaveLength(1);
      // Asked for again: its commit took place, and the answer was lost.
      expect((await settle(failed)).fenced).toStrictEqual(keys);
      expect(await store.getDelivery({ key: keys[0]! })).toMatchObject({
        state: 'sending',
        attempts: 1,
      });
    });

    it('cancels the re-attempt of a webhook that was deleted meanwhile', async () => {
      const { webhook, keys } = await leased();
      await store.deleteWebhook({ id: webhook, by: SYSTEM });
      await settle(item(webhook, keys[0]!, { state: 'due', dueAt: 1 }));
      const delivery = await store.getDelivery({ key: keys[0]! });
      expect(delivery).toMatchObject({
        state: 'cancelled',
        reason: 'webhook_deleted',
        attempts: 1,
      });
    });

    it('keeps the health of webhooks, and switches one off once', async () => {
      const { webhook, keys } = await leased(2);
      const change = { webhook, lastTriggerAt: null, pausedUntil: null };
      const health = (failures: number, succeeded: boolean, at: number) => ({
        ...change,
        failures,
        succeeded,
        lastError: failures > 0 ? 'no' : null,
        failedAt: failures > 0 ? at : null,
        lastTriggerAt: succeeded ? at : null,
      });
      const write = (...changes: ReturnType<typeof health>[]) =>
        store.settleAttempts({ session, items: [], health: changes, disable: [] });
      await write(health(2, false, 10));
      await write(health(3, false, 20));
      expect(await store.getWebhook({ id: webhook })).toMatchObject({
        errorCount: 5,
        failingSince: 10,
        lastError: 'no',
        lastTriggerAt: null,
      });
      await write(health(0, true, 30));
      expect(await store.getWebhook({ id: webhook })).toMatchObject({
        errorCount: 0,
        failingSince: null,
        lastError: 'no',
        lastTriggerAt: 30,
      });
      const order = { webhook, reason: 'failing', detail: 'Enough.', at: 50 } as const;
      const { disabled } = await store.settleAttempts({
        session,
        items: keys.map((key) => item(webhook, key, { state: 'due', dueAt: 1 })),
        health: [],
        disable: keys.map((deliveryKey) => ({ ...order, deliveryKey })),
      });
      expect(disabled).toStrictEqual([webhook]);
      expect(await store.getWebhook({ id: webhook })).toMatchObject({
        active: false,
        disabledReason: 'failing',
        disabledAt: 50,
      });
      const notices = await store.listNotices({
        before: Number.MAX_SAFE_INTEGER,
        limit: 10,
        webhook,
      });
      expect(notices).toMatchObject([{ kind: 'webhook_disabled', detail: 'Enough.' }]);
      const held = await store.listDeliveries({ ...NEWEST, webhook, state: 'held' });
      expect(held).toHaveLength(2);
    });
  });

  describe('people', () => {
    it('make, change, find and delete webhooks', async () => {
      const { id } = await createWebhook(store, { actions: [7, 6], location: 5, concurrency: 3 });
      expect(await store.getWebhook({ id })).toMatchObject({ actions: [6, 7], location: 5 });
      const changed = await store.updateWebhook({
        id,
        change: { actions: '*', name: 'New\0' },
        by: SYSTEM,
      });
      expect(changed).toMatchObject({ actions: '*', concurrency: 3, active: true });
      const found = { after: 0, limit: 10 };
      expect(
        await store.listWebhooks({ ...found, action: 9, location: 5, active: true }),
      ).toHaveLength(1);
      expect(await store.listWebhooks({ ...found, location: 6 })).toHaveLength(0);
      expect(await store.deleteWebhook({ id, by: SYSTEM })).toBe(true);
      expect(await store.deleteWebhook({ id, by: SYSTEM })).toBe(false);
      expect(await store.listWebhooks(found)).toHaveLength(0);
      expect(await store.getSendingWebhook({ id })).toMatchObject({ active: false });
    });

    it('hasten, drop and resend what waits', async () => {
      const { webhook, keys } = await leased(3);
      const later = Date.now() + 60_000;
      await settle(...keys.map((key) => item(webhook, key, { state: 'due', dueAt: later })));
      expect(await store.countWaiting({ webhook })).toBe(3);
      expect(await resend(keys[0]!)).toMatchObject([{ isResent: true, delivery: { webhook } }]);
      expect(await store.hastenWaiting({ webhook })).toBe(2);
      expect((await claim(webhook, 1)).deliveries).toHaveLength(1);
      const { before } = await store.currentKey(undefined);
      expect(await store.cancelWaiting({ webhook, before, reason: 'dropped' })).toBe(2);
      const dropped = await store.listDeliveries({ ...NEWEST, webhook, state: 'cancelled' });
      expect(dropped).toMatchObject([{ reason: 'dropped' }, { reason: 'dropped' }]);
      expect(await resend(dropped[0]!.key)).toMatchObject([{ isResent: true }]);
      const [again] = (await claim(webhook)).deliveries;
      expect(again).toMatchObject({ key: dropped[0]!.key, isSingle: true });
      expect(await resend(again!.key)).toMatchObject([{ isResent: false }]);
      await store.deleteWebhook({ id: webhook, by: SYSTEM });
      expect(await store.findDeletedWithWaiting(undefined)).toStrictEqual([]);
    });

    it('set secrets, locations, apps and keys', async () => {
      const sealed = Buffer.from([1, 2, 3]);
      const put = (keyId: string, overlapMs: number) =>
        store.putSecret({ scope: 'default', keyId, sealed, overlapMs, by: SYSTEM });
      const kept = async () =>
        (await store.listSecrets(undefined)).map(({ slot, keyId }) => [slot, keyId]);
      await put('k', 0);
      await put('l', 0);
      const [secret] = await store.listSecrets(undefined);
      expect(secret).toMatchObject({ scope: 'default', slot: 'current', keyId: 'l', endsAt: null });
      expect(Buffer.from(secret!.sealed).equals(sealed)).toBe(true);
      await put('m', 60_000);
      expect(await kept()).toStrictEqual([
        ['current', 'm'],
        ['previous', 'l'],
      ]);
      // A millisecond that is over.
      await put('n', 1);
      await eventually(async () => (await store.removeEndedSecrets(undefined)) === 1);
      expect(await kept()).toStrictEqual([['current', 'n']]);
      await put('o', 60_000);
      await store.endPreviousSecret({ scope: 'default', overlapMs: 0, by: SYSTEM });
      expect(await kept()).toStrictEqual([['current', 'o']]);
      expect(await store.deleteSecret({ scope: 'default', by: SYSTEM })).toBe(true);
      await store.putLocation({ id: 5, name: 'Old Mill' });
      await createWebhook(store, { location: 6 });
      expect(await store.listLocations({ after: 0, limit: 10 })).toMatchObject([
        { id: 5, name: 'Old Mill' },
        { id: 6, name: null },
      ]);
      const app = await store.createApp({ name: 'Doors', by: SYSTEM });
      const key = { id: 'k1', name: 'n', secretHash: sealed, scopes: ['a', 'b'] };
      const bounds = { app: app.id, location: null };
      await store.createKey({ ...key, ...bounds, expiresAt: null, by: SYSTEM });
      await store.touchKeys({ usedAt: new Map([['k1', 7]]) });
      expect(await store.listKeys({ app: app.id })).toMatchObject([
        { scopes: ['a', 'b'], lastUsedAt: 7 },
      ]);
      expect(await store.deleteApp({ id: app.id, by: SYSTEM })).toStrictEqual([]);
      expect(await store.listKeys({})).toStrictEqual([]);
    });

    it('try webhooks with an inbox', async () => {
      await store.createInbox({ id: 'in', scope: 'default', app: null, location: null });
      const kept = { method: 'POST', path: '/', headers: '[]', signature: 'null' };
      const numbers = await Promise.all(
        Array.from({ length: 205 }, () =>
          store.keepInboxRequest({ inbox: 'in', ...kept, body: Buffer.from('x') }),
        ),
      );
      expect(new Set(numbers).size).toBe(205);
      const found = await store.listInboxRequests({ inbox: 'in', ...NEWEST, limit: 500 });
      expect(found).toHaveLength(200);
      expect(await store.deleteInbox({ id: 'in' })).toBe(true);
    });
  });

  describe('upkeep', () => {
    it('is done by a process that is alone', async () => {
      expect(await store.isOldestSession({ session })).toBe(true);
    });

    it('removes old events with all that belongs to them, but not what is open', async () => {
      const { webhook, keys } = await leased(2);
      await settle(item(webhook, keys[0]!, { state: 'delivered', at: 1 }));
      const span = { after: 0, before: Number.MAX_SAFE_INTEGER };
      expect(await store.removeOldEvents(span)).toMatchObject({ removed: 1 });
      expect(await store.getDelivery({ key: keys[0]! })).toBeUndefined();
      expect(await store.getDelivery({ key: keys[1]! })).toBeDefined();
      await store.proveWritable(undefined);
    });

    it.each([
      { what: 'half a megabyte', bodyBytes: 16 * 1024, atMost: 32 },
      // Of each event three: itself, its delivery and the attempt; the first may be alone by then.
      { what: 'two hundred rows', bodyBytes: 0, atMost: 67 },
    ])('removes no more at once than $what', async ({ bodyBytes, atMost }) => {
      const { id } = await createWebhook(store);
      const records = Array.from({ length: 300 }, () => '{}');
      const { leased: born } = await accept([request({ recordEnds: ends(records) })], records, {
        fullRoom: records.length,
      });
      const responseBody = new Uint8Array(bodyBytes);
      const delivered = { state: 'delivered', at: 1 } as const;
      await settle(...born.key.map((key) => item(id, key, delivered, { responseBody })));
      const slices = await removeInSlices();
      expect(slices.reduce((total, one) => total + one)).toBe(records.length);
      expect(Math.max(...slices)).toBeLessThanOrEqual(atMost);
    });

    it('removes an event that is more than a slice in several, itself last', async () => {
      await createWebhook(store);
      await createWebhook(store);
      const { keys } = await leased();
      const fat = { responseBody: new Uint8Array(300 * 1024) };
      for (const key of keys) {
        const delivery = await store.getDelivery({ key });
        await settle(item(delivery!.webhook, key, { state: 'delivered', at: 1 }, fat));
      }
      const span = { after: 0, before: Number.MAX_SAFE_INTEGER };
      for (const left of [2, 1]) {
        expect((await store.removeOldEvents(span)).removed).toBe(0);
        expect(await store.listDeliveries(NEWEST)).toHaveLength(left);
        expect(await store.listEvents(NEWEST)).toHaveLength(1);
      }
      expect((await store.removeOldEvents(span)).removed).toBe(1);
      expect(await store.listEvents(NEWEST)).toStrictEqual([]);
    });
  });

  /** Removes all that has ended; returns how many events each slice took. */
  async function removeInSlices(): Promise<number[]> {
    const slices: number[] = [];
    for (let after = 0; ;) {
      const slice = await store.removeOldEvents({ after, before: Number.MAX_SAFE_INTEGER });
      if (slice.lastKey === null) return slices;
      after = slice.lastKey;
      slices.push(slice.removed);
    }
  }

  describe.runIf(engine.openTwice !== null)('with two nodes', () => {
    let other: Store;
    let otherSession: number;
    beforeEach(async () => {
      [store, other] = await engine.openTwice!();
      [session, otherSession] = await Promise.all([begin(store), begin(other)]);
    });

    it('keeps one event for an Idempotency-Key that both get at once', async () => {
      await createWebhook(store);
      for (let round = 0; round < 10; round++) {
        const names = ['a', 'b', 'c'].map((name) => `${name}${round}`);
        const asked = (order: string[]) =>
          order.map((key) => request({ idempotency: idempotency(key) }));
        const records = names.map(() => '{}');
        const [mine, theirs] = await Promise.all([
          accept(asked(names), records),
          other.acceptEvents(batchOf(otherSession, asked(names.toReversed()), records)),
        ]);
        const again = theirs.requests.toReversed();
        for (const [i, one] of mine.requests.entries()) {
          expect([one.kind, again[i]!.kind].toSorted()).toStrictEqual(['accepted', 'repeated']);
          expect(eventsOf(one)).toStrictEqual(eventsOf(again[i]));
        }
      }
      expect(await store.listEvents({ before: Number.MAX_SAFE_INTEGER, limit: 100 })).toHaveLength(
        30,
      );
    });

    it('gives every delivery to one of them', async () => {
      const { webhook, keys } = await leased(90);
      await store.releaseDeliveries({ session, keys });
      const claims = await Promise.all(
        Array.from({ length: 10 }, (_, i) =>
          (i % 2 ? store : other).claimDeliveries({
            session: i % 2 ? session : otherSession,
            lanes: [{ webhook, limit: 20, probe: null }],
          }),
        ),
      );
      const claimed = claims.flatMap(({ deliveries }) => deliveries.map(({ key }) => key));
      expect(new Set(claimed).size).toBe(claimed.length);
      const rest = (await claim(webhook)).deliveries.map(({ key }) => key);
      expect(new Set([...claimed, ...rest])).toStrictEqual(new Set(keys));
    });

    it('takes over what a silent session holds, and fences it', async () => {
      const { webhook, keys } = await leased(2);
      expect(await other.takeOver(undefined)).toBe(0);
      await store.keepSession({ session, aliveMs: 0 });
      expect(await other.takeOver(undefined)).toBe(2);
      expect(await store.keepSession({ session, aliveMs: ALIVE_MS })).toBe(false);
      const lanes = [{ webhook, limit: 10, probe: null }];
      const claimed = await other.claimDeliveries({ session: otherSession, lanes });
      expect(claimed.deliveries).toHaveLength(2);
      const late = await settle(item(webhook, keys[0]!, { state: 'delivered', at: 1 }));
      expect(late.fenced).toStrictEqual([keys[0]]);
      // A session that is over leases nothing more.
      const { leased: born, woken } = await accept([request({})], ['{}']);
      expect(born.key).toStrictEqual([]);
      expect(woken).toStrictEqual([webhook]);
      expect((await store.claimDeliveries({ session, lanes })).deliveries).toStrictEqual([]);
    });

    it('leaves a session that is only late what it holds when another one begins', async () => {
      await leased(2);
      await store.keepSession({ session, aliveMs: 0 });
      expect((await other.startSession({ aliveMs: ALIVE_MS })).released).toBe(0);
      expect(await store.keepSession({ session, aliveMs: ALIVE_MS })).toBe(true);
      expect(await store.listLeases({ session })).toHaveLength(2);
    });

    it('tells each how many they are, and who began before it', async () => {
      const [oldest, next] = [session, otherSession].toSorted((a, b) => a - b);
      const peers = async (id: number) => (await store.look({ session: id, aheadMs: 0 })).peers;
      expect(await peers(oldest!)).toStrictEqual({ nodes: 2, older: 0 });
      expect(await peers(next!)).toStrictEqual({ nodes: 2, older: 1 });
      expect((await store.startSession({ aliveMs: ALIVE_MS })).peers).toMatchObject({ nodes: 3 });
      await store.endSession({ session: oldest! });
      expect(await peers(next!)).toStrictEqual({ nodes: 2, older: 0 });
      expect(await peers(oldest!)).toMatchObject({ nodes: 3 });
    });

    it('shows each what the other did', async () => {
      const before = await other.look({ session: otherSession, aheadMs: 1000 });
      const { webhook, keys } = await leased(2);
      await store.releaseDeliveries({ session, keys });
      const after = await other.look({ session: otherSession, aheadMs: 1000 });
      expect(after.settings).toBeGreaterThan(before.settings);
      expect(after.lanes).toMatchObject([{ webhook }]);
      await store.updateWebhook({ id: webhook, change: { active: false }, by: SYSTEM });
      expect((await other.look({ session: otherSession, aheadMs: 1000 })).lanes).toStrictEqual([]);
      expect(await other.listChangedWebhooks({ since: before.now })).toStrictEqual([webhook]);
    });

    it('takes over at once what a session holds whose process is known to be dead', async () => {
      const { keys } = await leased(2);
      const { released } = await other.startSession({ aliveMs: ALIVE_MS, over: session });
      expect(released).toBe(keys.length);
      expect(await store.keepSession({ session, aliveMs: ALIVE_MS })).toBe(false);
    });

    it('gives what one does for all to the oldest, and to the next when that is over', async () => {
      const [oldest, next] = [session, otherSession].toSorted((a, b) => a - b);
      expect(await store.isOldestSession({ session: oldest! })).toBe(true);
      expect(await other.isOldestSession({ session: next! })).toBe(false);
      await store.keepSession({ session: oldest!, aliveMs: 0 });
      expect(await other.isOldestSession({ session: next! })).toBe(true);
    });

    it('gives different keys to both', async () => {
      const records = Array.from({ length: 50 }, () => '{}');
      const batches = await Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          (i % 2 ? store : other).acceptEvents(
            batchOf(
              i % 2 ? session : otherSession,
              [request({ recordEnds: ends(records) })],
              records,
            ),
          ),
        ),
      );
      const keys = batches.flatMap(({ requests: [one] }) => eventsOf(one).map(([key]) => key));
      expect(new Set(keys).size).toBe(1000);
    });
  });
});

const NEWEST = { before: Number.MAX_SAFE_INTEGER, limit: 100 };

async function begin(store: Store): Promise<number> {
  return (await store.startSession({ aliveMs: store.isShared ? ALIVE_MS : null })).session;
}

function eventsOf(answer: AcceptedRequest | undefined): readonly AcceptedEvent[] {
  if (!answer || !('events' in answer)) throw new Error('no events');
  return answer.events;
}

function createWebhook(store: Store, settings: Partial<WebhookSettings> = {}, active = true) {
  return store.createWebhook(sampleWebhook({ ...settings, active }));
}

/** Its records end where `batchOf` finds that they do. */
function request(given: Partial<AcceptRequest>): AcceptRequest {
  return sampleRequest({ recordEnds: [], ...given });
}

function idempotency(key: string, body = 'body') {
  return { scope: 'operator', key, requestHash: createHash('sha256').update(body).digest() };
}

/** Where each record ends, from the first of the batch. */
function ends(records: readonly string[]): number[] {
  let end = 0;
  return records.map((record) => (end += Buffer.byteLength(record)));
}

/** One record per request, unless the request says where its records end. */
function batchOf(
  session: number,
  requests: readonly AcceptRequest[],
  records: readonly string[],
  more: Partial<AcceptBatch> = {},
): AcceptBatch {
  const all = ends(records);
  return {
    session,
    requests: requests.map((one, i) =>
      one.recordEnds.length > 0 ? one : { ...one, recordEnds: [all[i]!] },
    ),
    records: new Uint8Array(Buffer.from(records.join(''))),
    fullRoom: FULL_ROOM,
    rooms: new Map(),
    ...more,
  };
}

function item(
  webhook: number,
  deliveryKey: number,
  next: SettleItem['next'],
  attempt: Partial<AttemptRecord> = {},
): SettleItem {
  const isFailure = next.state !== 'delivered';
  return {
    deliveryKey,
    webhook,
    failures: isFailure ? 1 : 0,
    failingSince: isFailure ? 40 : null,
    next,
    attempt: sampleAttempt({ url: 'http://x/', totalMs: 12.5, ...attempt }),
  };
}
