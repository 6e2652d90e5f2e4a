import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, openReceiver, type Receiver } from '@posthorn/testkit/receivers';
import {
  createWebhook,
  deliveriesOf,
  type DeliveryAnswer,
  getDelivery,
  getWebhook,
  report,
  waitForStates,
  type WebhookAnswer,
} from '../asking.ts';
import { eventually } from '../eventually.ts';
import { type Started, startServer } from '../start.ts';

let server: Started;
let receiver: Receiver;
let answer: (body: string) => Answer | Promise<Answer> = () => 200;
beforeAll(async () => {
  receiver = await openReceiver({ answer: ({ body }) => answer(String(body)) });
  server = await startServer({
    env: { POSTHORN_RETRY_SCHEDULE: '30ms,1h', POSTHORN_REQUEST_TIMEOUT: '400ms' },
  });
});
afterAll(async () => {
  await server.stop();
  await receiver.close();
});

let lastLocation = 0;
const open = (input: object = {}) =>
  createWebhook(server, { url: receiver.url, location: ++lastLocation, ...input });
const send = ({ location }: WebhookAnswer, record?: unknown, action = 'BookingCreate') =>
  report(server, action, record, `?location=${location}`);
const pairOf = (headers: readonly (readonly [string, string])[], name: string) =>
  headers.find(([one]) => one === name)?.[1];

/** Sends one record, waits until it is delivered, and reads its log. */
async function logged(said: Answer, record: unknown = { Id: 1 }) {
  answer = () => said;
  const webhook = await open();
  await send(webhook, record);
  const [delivery] = await waitForStates(server, webhook.id, ['delivered']);
  return getDelivery(server, delivery!.id);
}

describe('the log of a delivery', () => {
  it('has what was sent, what was answered, and how long it took', async () => {
    const record = '{"Id":1,"Total":1.10,"Name":"José"}';
    const delivery = await logged(
      { status: 201, headers: { 'x-request-id': 'abc' }, body: '{"ok":true}' },
      record,
    );
    expect(delivery).toMatchObject({
      id: receiver.requests.at(-1)!.headers['webhook-id'],
      event: receiver.requests.at(-1)!.headers['posthorn-event'],
      action: 'BookingCreate',
      location: lastLocation,
      webhookName: 'In a test',
      state: 'delivered',
      attempts: 1,
      test: false,
      nextAttemptAt: null,
      reason: null,
    });
    expect(Date.parse(delivery.deliveredAt!)).toBeGreaterThanOrEqual(
      Date.parse(delivery.createdAt),
    );
    const [attempt, ...others] = delivery.attemptLog;
    expect(others).toHaveLength(0);
    const received = receiver.requests.at(-1)!;
    expect(attempt!.request).toMatchObject({ method: 'POST', url: receiver.url });
    expect(attempt!.request.body).toBe(String(received.body));
    for (const [name, value] of attempt!.request.headers) {
      expect(received.headers[name.toLowerCase()]).toBe(value);
    }
    expect(attempt!.response).toMatchObject({
      status: 201,
      body: '{"ok":true}',
      encoding: 'utf8',
      truncated: false,
    });
    expect(pairOf(attempt!.response!.headers, 'x-request-id')).toBe('abc');
    expect(attempt!.error).toBeNull();
    const { connectMs, firstByteMs, totalMs } = attempt!.timings;
    expect(attempt!.timings).toMatchObject({ dnsMs: null, tlsMs: null });
    expect(connectMs).toBeGreaterThanOrEqual(0);
    expect(firstByteMs).toBeGreaterThan(0);
    expect(totalMs).toBeGreaterThanOrEqual(firstByteMs!);
    expect(totalMs).toBeLessThan(5000);
  });

  it('shows the record with all its digits', async () => {
    const { id } = await logged(200, '{"a":12345678901234567890,"b":1.10,"a":1e400}');
    const { text, json } = await server.api('GET', `/v1/deliveries/${id}`);
    expect(text).toContain('"record":{"a":12345678901234567890,"b":1.10,"a":1e400}');
    expect(json).toMatchObject({ body: '[{"a":12345678901234567890,"b":1.10,"a":1e400}]' });
  });

  it('keeps every byte value of an answer, as base64', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    const { attemptLog } = await logged({ body: bytes });
    expect(attemptLog[0]!.response).toMatchObject({ encoding: 'base64', truncated: false });
    expect(Buffer.from(attemptLog[0]!.response!.body, 'base64')).toStrictEqual(bytes);
  });

  it.each([
    ['text with NUL and line breaks', 'a\0b\r\n\tc'],
    ['text beyond ASCII', 'Grüße 🎉 \u2028'],
    ['a BOM', '\u{feff}a'],
    ['nothing', ''],
  ])('keeps %s as text', async (_title, body) => {
    const { attemptLog } = await logged({ body });
    expect(attemptLog[0]!.response).toMatchObject({ encoding: 'utf8', body });
  });

  it.each([
    [16_384, false],
    [16_385, true],
    [100_000, true],
  ])('of an answer of %i bytes keeps the first 16 KiB', async (size, truncated) => {
    const body = Buffer.alloc(size, 'abcdefghij');
    const { attemptLog } = await logged({ body });
    expect(attemptLog[0]!.response!.truncated).toBe(truncated);
    expect(attemptLog[0]!.response!.body).toBe(String(body.subarray(0, 16_384)));
  });

  it('cut within a character still shows all bytes', async () => {
    const { attemptLog } = await logged({ body: `${'a'.repeat(16_383)}é` });
    const { encoding, body } = attemptLog[0]!.response!;
    expect(encoding).toBe('base64');
    expect(Buffer.from(body, 'base64')).toHaveLength(16_384);
  });

  it('has every attempt with its own headers and error', async () => {
    const webhook = await open();
    const said: Answer[] = [{ status: 500, body: 'first' }, 'hang'];
    answer = () => said.shift() ?? 200;
    await send(webhook);
    const failing = await eventually(async () => {
      const [one] = await deliveriesOf(server, webhook.id);
      return one?.attempts === 2 && one;
    });
    expect(failing).toMatchObject({ state: 'due', endedAt: null });
    expect(Date.parse(failing.nextAttemptAt!)).toBeGreaterThan(Date.now() + 3_000_000);
    const { attemptLog } = await getDelivery(server, failing.id);
    expect(attemptLog).toMatchObject([
      { number: 1, response: { status: 500, body: 'first' }, error: { code: 'status' } },
      { number: 2, response: null, error: { code: 'timeout' } },
    ]);
    expect(
      attemptLog.map(({ request }) => pairOf(request.headers, 'posthorn-attempt')),
    ).toStrictEqual(['1', '2']);
    expect(attemptLog[1]!.timings['totalMs']).toBeGreaterThanOrEqual(390);
    expect(attemptLog[1]!.timings['firstByteMs']).toBeNull();
  });

  it('names a receiver that nobody listens at, without its address', async () => {
    const closed = await openReceiver();
    await closed.close();
    const webhook = await open({ url: closed.url });
    await send(webhook);
    const [delivery] = await eventually(async () => {
      const all = await deliveriesOf(server, webhook.id);
      return (all[0]?.attempts ?? 0) > 0 && all;
    });
    const { attemptLog } = await getDelivery(server, delivery!.id);
    expect(attemptLog[0]).toMatchObject({ response: null, error: { code: 'connection' } });
    expect(attemptLog[0]!.error!.detail).not.toContain('127.0.0.1');
  });

  it.each(['msg_1', 'evt_1', 'msg_../../x', 'x', '%20'])('of %s is not found', async (id) => {
    const found = await server.api('GET', `/v1/deliveries/${id}`);
    expect(found.json).toMatchObject({ status: 404, code: 'not_found' });
  });
});

describe('an event', () => {
  it('is shown with its record and its deliveries', async () => {
    answer = () => 200;
    const webhook = await open();
    const id = await send(webhook, { Id: 7 });
    await waitForStates(server, webhook.id, ['delivered']);
    const { json } = await server.api('GET', `/v1/events/${id}`);
    expect(json).toMatchObject({
      id,
      action: 'BookingCreate',
      location: webhook.location,
      test: false,
      record: { Id: 7 },
      deliveries: [{ webhook: webhook.id, state: 'delivered', event: id }],
    });
  });

  it('is found by action, location and time', async () => {
    const webhook = await open();
    const first = await send(webhook);
    const second = await send(webhook, { Id: 2 }, 'BookingDelete');
    const list = async (query: string) => {
      const { json } = await server.api('GET', `/v1/events?location=${webhook.location}${query}`);
      return (json as { items: { id: string }[] }).items.map(({ id }) => id);
    };
    expect(await list('')).toStrictEqual([second, first]);
    expect(await list('&action=BookingDelete')).toStrictEqual([second]);
    expect(await list('&action=8')).toStrictEqual([second]);
    expect(await list('&from=2001-01-01T00:00:00Z')).toHaveLength(2);
    expect(await list('&to=2001-01-01T00:00:00Z')).toHaveLength(0);
    expect(await list(`&from=${Date.now() + 60_000}`)).toHaveLength(0);
  });
});

describe('the list of deliveries', () => {
  it('goes through everything by pages, newest first, each once', async () => {
    answer = () => 200;
    const webhook = await open();
    for (let Id = 0; Id < 11; Id++) await send(webhook, { Id });
    await waitForStates(server, webhook.id, ['delivered'], 11);
    const seen: string[] = [];
    let pages = 0;
    for (let cursor = ''; ; pages++) {
      const { json } = await server.api(
        'GET',
        `/v1/deliveries?webhook=${webhook.id}&limit=4${cursor}`,
      );
      const page = json as { items: DeliveryAnswer[]; cursor: string | null };
      seen.push(...page.items.map(({ id }) => id));
      // What comes in between is newer and on no later page.
      await send(webhook);
      if (page.cursor === null) break;
      cursor = `&cursor=${page.cursor}`;
    }
    expect(pages).toBe(2);
    expect(new Set(seen).size).toBe(11);
    const newest = (await deliveriesOf(server, webhook.id)).slice(-11).map(({ id }) => id);
    expect(seen).toStrictEqual(newest);
  });

  it('filters by state, action, webhook and time', async () => {
    answer = (body) => (body.includes('bad') ? 500 : 200);
    const webhook = await open();
    await send(webhook, { Id: 'good' });
    await send(webhook, { Id: 'bad' }, 'BookingUpdate');
    await eventually(async () => {
      const all = await deliveriesOf(server, webhook.id);
      return all.length === 2 && all.every(({ attempts }) => attempts > 0);
    });
    const count = async (query: string) => (await deliveriesOf(server, webhook.id, query)).length;
    expect(await count('&state=delivered')).toBe(1);
    expect(await count('&state=failed')).toBe(0);
    expect(await count('&action=BookingUpdate')).toBe(1);
    expect(await count('&action=BookingCreate&state=delivered')).toBe(1);
    const [newest, oldest] = await deliveriesOf(server, webhook.id);
    expect(await count(`&from=${oldest!.createdAt}`)).toBe(2);
    expect(await count(`&to=${oldest!.createdAt}`)).toBe(0);
    expect(await count(`&from=${Date.parse(newest!.createdAt) + 1}`)).toBe(0);
    expect(await count(`&from=2001-01-01&to=2001-01-02`)).toBe(0);
    expect(await count('&from=%2B192945-04-09T04:19:45Z')).toBe(0);
    expect(await count('&to=%2B192945-04-09T04:19:45Z')).toBe(2);
  });

  it.each([
    ['state=lost', 'state'],
    ['webhook=x', 'webhook'],
    ['webhook=0', 'webhook'],
    ['from=yesterday', 'from'],
    ['to=2026-13-45', 'to'],
    ['limit=1000', 'limit'],
    ['cursor=%21%21', 'cursor'],
    ['action=Nothing', 'action'],
  ])('refuses %s and names the field', async (query, field) => {
    const refused = await server.api('GET', `/v1/deliveries?${query}`);
    expect(refused.json.field).toBe(field);
    expect(refused.status).toBe(field === 'action' ? 404 : 400);
  });
});

describe('resending', () => {
  const resend = (id: string) => server.api('POST', `/v1/deliveries/${id}/resend`);

  it('a delivered one makes one call more with the same id', async () => {
    const { id } = await logged(200);
    const before = receiver.requests.length;
    const resent = await resend(id);
    expect(resent.status).toBe(202);
    expect(resent.json).toMatchObject({ id });
    await receiver.waitFor(before + 1);
    expect(receiver.requests.at(-1)!.headers).toMatchObject({
      'webhook-id': id,
      'posthorn-attempt': '2',
    });
    await eventually(async () => {
      const now = await getDelivery(server, id);
      return now.state === 'delivered' && now.attemptLog.length === 2;
    });
  });

  it('a delivered one leaves it delivered when the call fails, and no re-attempt follows', async () => {
    const { id, webhook } = await logged(200);
    answer = () => 500;
    await resend(id);
    const after = await eventually(async () => {
      const now = await getDelivery(server, id);
      return now.attemptLog.length === 2 && now.state !== 'sending' && now;
    });
    expect(after).toMatchObject({ state: 'delivered', nextAttemptAt: null });
    expect((await getWebhook(server, webhook)).errorCount).toBe(0);
  });

  it('one that waits uses its next re-attempt now', async () => {
    const webhook = await open();
    answer = () => 500;
    await send(webhook);
    const waiting = await eventually(async () => {
      const [one] = await deliveriesOf(server, webhook.id);
      return one?.attempts === 2 && one.state === 'due' && one;
    });
    answer = () => 200;
    expect((await resend(waiting.id)).status).toBe(202);
    const [delivered] = await waitForStates(server, webhook.id, ['delivered']);
    expect(delivered).toMatchObject({ attempts: 3 });
  });

  it('a failed one makes one call more, which may succeed', async () => {
    const webhook = await open();
    answer = () => 500;
    await send(webhook);
    const { id } = await eventually(async () => {
      const [one] = await deliveriesOf(server, webhook.id);
      return one?.attempts === 2 && one.state === 'due' && one;
    });
    await resend(id);
    await waitForStates(server, webhook.id, ['failed']);
    await resend(id);
    const [stillFailed] = await eventually(async () => {
      const all = await deliveriesOf(server, webhook.id);
      return all[0]?.attempts === 4 && all[0].state !== 'sending' && all;
    });
    expect(stillFailed).toMatchObject({ state: 'failed' });
    answer = () => 200;
    await resend(id);
    const [delivered] = await waitForStates(server, webhook.id, ['delivered']);
    expect(delivered).toMatchObject({ attempts: 5, reason: null });
  });

  it('one that is held is refused until its webhook is on', async () => {
    const webhook = await open({ active: false });
    await send(webhook);
    const [held] = await waitForStates(server, webhook.id, ['held']);
    const refused = await resend(held!.id);
    expect(refused.json).toMatchObject({ status: 409, code: 'conflict' });
    expect(refused.json.detail).toContain('switched off');
  });

  it('one that is being sent is refused', async () => {
    const { promise, resolve } = Promise.withResolvers<number>();
    answer = () => promise;
    const webhook = await open();
    await send(webhook);
    const [sending] = await waitForStates(server, webhook.id, ['sending']);
    const refused = await resend(sending!.id);
    expect(refused.json).toMatchObject({ status: 409, code: 'conflict' });
    resolve(200);
    await waitForStates(server, webhook.id, ['delivered']);
  });

  it('one that does not exist is not found', async () => {
    expect((await resend('msg_1')).status).toBe(404);
  });
});

describe('a test', () => {
  const test = (id: number, body?: unknown) => server.api('POST', `/v1/webhooks/${id}/test`, body);

  it('sends the sample of the webhook’s action, marked as a test, to it alone', async () => {
    answer = () => 200;
    const other = await open({ location: null, actions: ['VisitorRegistered'] });
    const webhook = await open({ actions: ['VisitorRegistered'] });
    const before = receiver.requests.length;
    const told = await test(webhook.id);
    expect(told.status).toBe(202);
    expect(told.json).toStrictEqual({ event: expect.any(String), delivery: expect.any(String) });
    await receiver.waitFor(before + 1);
    const { headers, body } = receiver.requests.at(-1)!;
    expect(headers).toMatchObject({
      'posthorn-test': 'true',
      'posthorn-action': 'VisitorRegistered',
      'webhook-id': told.json.delivery,
      'posthorn-event': told.json.event,
    });
    const sample = await server.api('GET', '/v1/actions/VisitorRegistered');
    expect(JSON.parse(String(body))).toStrictEqual([sample.json.sample]);
    const [delivery] = await waitForStates(server, webhook.id, ['delivered']);
    expect(delivery).toMatchObject({ test: true });
    expect(await deliveriesOf(server, other.id)).toHaveLength(0);
    await server.api('DELETE', `/v1/webhooks/${other.id}`);
  });

  it('may be of another action', async () => {
    const webhook = await open();
    const before = receiver.requests.length;
    await test(webhook.id, { action: 'CoworkerInvoicePaid' });
    await receiver.waitFor(before + 1);
    expect(receiver.requests.at(-1)!.headers['posthorn-action']).toBe('CoworkerInvoicePaid');
    expect((await test(webhook.id, { action: 'Nothing' })).json).toMatchObject({
      status: 404,
      code: 'unknown_action',
    });
    expect((await test(webhook.id, { colour: 'red' })).status).toBe(400);
    expect((await test(999_999)).status).toBe(404);
  });

  it('is sent also while the webhook is off, and leaves it off', async () => {
    answer = () => 200;
    const webhook = await open({ active: false });
    await send(webhook, { Id: 'held' });
    const before = receiver.requests.length;
    const told = await test(webhook.id);
    await receiver.waitFor(before + 1);
    await eventually(
      async () => (await getDelivery(server, told.json.delivery as string)).state === 'delivered',
    );
    expect(await getWebhook(server, webhook.id)).toMatchObject({ active: false, state: 'off' });
    expect(await deliveriesOf(server, webhook.id, '&state=held')).toHaveLength(1);
    expect(receiver.requests).toHaveLength(before + 1);
  });

  it('that fails is one call, and says nothing bad of the webhook', async () => {
    answer = () => 500;
    const webhook = await open();
    await test(webhook.id);
    const [failed] = await waitForStates(server, webhook.id, ['failed']);
    expect(failed).toMatchObject({ attempts: 1, test: true });
    expect(await getWebhook(server, webhook.id)).toMatchObject({ errorCount: 0, active: true });
  });
});

describe('a body of 256 KiB', () => {
  it('arrives whole and is shown whole', async () => {
    const record = `{"a":"${'ü'.repeat(131_000)}"}`;
    const { attemptLog } = await logged(200, record);
    const { body } = receiver.requests.at(-1)!;
    expect(body.length).toBeGreaterThan(780_000);
    const hash = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex');
    expect(hash(attemptLog[0]!.request.body)).toBe(hash(body));
  });
});
