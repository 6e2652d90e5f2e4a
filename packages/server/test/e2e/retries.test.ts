import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, openReceiver, type Receiver } from '@posthorn/testkit/receivers';
import {
  createWebhook,
  deliveriesOf,
  getDelivery,
  getWebhook,
  noticesOf,
  report,
  waitForStates,
  type WebhookAnswer,
} from '../asking.ts';
import { eventually } from '../eventually.ts';
import { type Started, startServer } from '../start.ts';

let server: Started;
const receivers: Receiver[] = [];
beforeAll(async () => {
  server = await startServer({
    env: {
      POSTHORN_RETRY_SCHEDULE: '20ms,24ms,28ms,32ms,36ms,40ms,44ms,48ms,52ms,56ms',
      POSTHORN_REQUEST_TIMEOUT: '500ms',
    },
  });
});
afterAll(async () => {
  await server.stop();
  await Promise.all(receivers.map((receiver) => receiver.close()));
});

interface Line {
  readonly receiver: Receiver;
  readonly webhook: WebhookAnswer;
  /** What the receiver says from now on, by the record's text. */
  says(answer: (body: string) => Answer | Promise<Answer>): void;
  send(record?: unknown): Promise<string>;
  patch(change: unknown): Promise<WebhookAnswer>;
}

let lastLocation = 0;

/** A webhook at a location of its own, so that tests do not meet. */
async function openLine(input: object = {}): Promise<Line> {
  let said: (body: string) => Answer | Promise<Answer> = () => 200;
  const receiver = await openReceiver({ answer: ({ body }) => said(body.toString()) });
  receivers.push(receiver);
  const location = ++lastLocation;
  const webhook = await createWebhook(server, { url: receiver.url, location, ...input });
  return {
    receiver,
    webhook,
    says: (answer) => (said = answer),
    send: (record) => report(server, 'BookingCreate', record, `?location=${location}`),
    async patch(change) {
      const answer = await server.api('PATCH', `/v1/webhooks/${webhook.id}`, change);
      expect(answer.status, answer.text).toBe(200);
      return answer.json as WebhookAnswer;
    },
  };
}

const isDisabled = async ({ webhook }: Line) => {
  const now = await getWebhook(server, webhook.id);
  return !now.active && now;
};

/** A line whose webhook was switched off by one request that failed ten times. */
async function openDeadLine(): Promise<Line> {
  const line = await openLine();
  line.says(() => 503);
  await line.send({ Id: 'first' });
  await eventually(() => isDisabled(line));
  return line;
}

describe('a failed call', () => {
  it('is tried again with the same id, a fresh timestamp and the next number', async () => {
    const line = await openLine();
    let calls = 0;
    line.says(() => (++calls < 4 ? 500 : 200));
    await line.send();
    const [delivery] = await waitForStates(server, line.webhook.id, ['delivered']);
    expect(delivery).toMatchObject({ attempts: 4, reason: null });
    const headers = line.receiver.requests.map((request) => request.headers);
    expect(headers.map((one) => one['posthorn-attempt'])).toStrictEqual(['1', '2', '3', '4']);
    expect(new Set(headers.map((one) => one['webhook-id']))).toStrictEqual(new Set([delivery!.id]));
    for (const { headers: sent, receivedAt } of line.receiver.requests) {
      expect(Math.abs(receivedAt / 1000 - Number(sent['webhook-timestamp']))).toBeLessThan(2);
    }
  });

  it('is tried again no sooner than its delay, and not much later', async () => {
    const line = await openLine();
    let calls = 0;
    line.says(() => (++calls <= 9 ? 500 : 200));
    await line.send();
    await waitForStates(server, line.webhook.id, ['delivered']);
    const at = line.receiver.requests.map(({ receivedAt }) => receivedAt);
    for (let i = 1; i < at.length; i++) {
      const [base, gap] = [16 + 4 * i, at[i]! - at[i - 1]!];
      expect(gap).toBeGreaterThanOrEqual(base - 2);
      expect(gap).toBeLessThan(base * 1.1 + 300);
    }
  });

  it.each<[string, Answer, string]>([
    ['a status', 404, 'status'],
    ['a redirect', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }, 'redirect'],
    ['a reset connection', 'reset', 'connection'],
    ['no answer in time', 'hang', 'timeout'],
  ])('may be %s', async (_title, answer, code) => {
    const line = await openLine();
    let calls = 0;
    line.says(() => (++calls === 1 ? answer : 200));
    await line.send();
    const [delivery] = await waitForStates(server, line.webhook.id, ['delivered']);
    const { attemptLog } = await getDelivery(server, delivery!.id);
    expect(attemptLog.map(({ error }) => error?.code ?? null)).toStrictEqual([code, null]);
  });

  it.each([200, 201, 202, 204, 299])('is not what %i is', async (status) => {
    const line = await openLine();
    line.says(() => status);
    await line.send();
    const [delivery] = await waitForStates(server, line.webhook.id, ['delivered']);
    expect(delivery).toMatchObject({ attempts: 1 });
  });

  it('is counted on the webhook until a call succeeds', async () => {
    const line = await openLine();
    const { promise, resolve } = Promise.withResolvers<number>();
    let calls = 0;
    line.says(() => (++calls <= 2 ? { status: 500, body: 'out of order' } : promise));
    await line.send();
    await line.receiver.waitFor(3);
    const failing = await eventually(async () => {
      const now = await getWebhook(server, line.webhook.id);
      return now.errorCount === 2 && now;
    });
    expect(failing).toMatchObject({ state: 'failing', active: true, lastTrigger: null });
    expect(failing.lastError).toContain('500');
    expect(failing.failingSince).not.toBeNull();
    resolve(200);
    const healthy = await eventually(async () => {
      const now = await getWebhook(server, line.webhook.id);
      return now.errorCount === 0 && now;
    });
    expect(healthy).toMatchObject({ state: 'healthy', failingSince: null });
    expect(healthy.lastError).toContain('500');
    expect(Date.parse(healthy.lastTrigger!)).toBeGreaterThan(Date.now() - 10_000);
  });
});

describe('a dead receiver', () => {
  it('disables its webhook at the tenth failed call of one request', async () => {
    const line = await openDeadLine();
    const webhook = await getWebhook(server, line.webhook.id);
    expect(webhook).toMatchObject({
      active: false,
      state: 'disabled',
      disabledReason: 'failing',
      errorCount: 10,
      disabledAt: expect.any(String),
    });
    expect(webhook.lastError).toContain('503');
    expect(line.receiver.requests).toHaveLength(10);
  });

  it('leaves that request held with its last re-attempt', async () => {
    const line = await openDeadLine();
    const [delivery] = await waitForStates(server, line.webhook.id, ['held']);
    expect(delivery).toMatchObject({ attempts: 10, endedAt: null });
    await line.patch({ active: true });
    const [failed] = await waitForStates(server, line.webhook.id, ['failed']);
    expect(failed).toMatchObject({ attempts: 11, reason: 'exhausted' });
    expect(line.receiver.requests).toHaveLength(11);
    expect((await getWebhook(server, line.webhook.id)).active).toBe(true);
  });

  it('is told to people once', async () => {
    const line = await openDeadLine();
    const notices = await noticesOf(server, line.webhook.id);
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatchObject({
      kind: 'webhook_disabled',
      webhook: line.webhook.id,
      delivery: line.receiver.requests[0]!.headers['webhook-id'],
    });
    expect(notices[0]!.detail).toContain('10');
    expect(notices[0]!.detail).toContain('503');
  });

  it('is disabled once also by many requests that fail together', async () => {
    const line = await openLine();
    line.says(() => 500);
    await Promise.all(Array.from({ length: 30 }, (_, Id) => line.send({ Id })));
    await eventually(() => isDisabled(line));
    const deliveries = await waitForStates(server, line.webhook.id, ['held'], 30);
    expect(deliveries).toHaveLength(30);
    for (const { attempts } of deliveries) expect(attempts).toBeLessThanOrEqual(11);
    expect(await noticesOf(server, line.webhook.id)).toHaveLength(1);
    const calls = line.receiver.requests.length;
    await line.send();
    await waitForStates(server, line.webhook.id, ['held'], 31);
    expect(line.receiver.requests).toHaveLength(calls);
  });

  it('does not stop other webhooks', async () => {
    const [dead, alive] = [await openDeadLine(), await openLine()];
    await alive.send();
    await alive.receiver.waitFor(1);
    expect((await getWebhook(server, dead.webhook.id)).active).toBe(false);
  });
});

describe('a webhook that is off', () => {
  it('holds its new deliveries without calling', async () => {
    const line = await openLine();
    expect(await line.patch({ active: false })).toMatchObject({
      active: false,
      state: 'off',
      disabledReason: 'person',
    });
    for (let Id = 0; Id < 5; Id++) await line.send({ Id });
    const held = await waitForStates(server, line.webhook.id, ['held'], 5);
    expect(held).toHaveLength(5);
    expect(held.every(({ attempts, endedAt }) => attempts === 0 && endedAt === null)).toBe(true);
    expect(line.receiver.requests).toHaveLength(0);
    const read = await server.api('GET', `/v1/webhooks/${line.webhook.id}`);
    expect(read.json.waiting).toBe(5);
    expect(await deliveriesOf(server, line.webhook.id, '&state=held')).toHaveLength(5);
  });

  it('sends what it held when it is switched on', async () => {
    const line = await openLine({ active: false });
    for (let Id = 0; Id < 5; Id++) await line.send({ Id });
    expect(await line.patch({ active: true })).toMatchObject({
      active: true,
      state: 'healthy',
      disabledAt: null,
      disabledReason: null,
    });
    await line.receiver.waitFor(5);
    await waitForStates(server, line.webhook.id, ['delivered'], 5);
    expect(line.receiver.requests.map(({ body }) => String(body)).toSorted()).toStrictEqual(
      Array.from({ length: 5 }, (_, Id) => `[{"Id":${Id}}]`),
    );
  });

  it('sends it also when told so in so many words', async () => {
    const line = await openLine({ active: false });
    await line.send();
    await line.patch({ active: true, held: 'send' });
    expect(await line.receiver.waitFor(1)).toHaveLength(1);
  });

  it('drops what it held when told so, and sends what comes after', async () => {
    const line = await openLine({ active: false });
    for (let Id = 0; Id < 5; Id++) await line.send({ Id });
    await line.patch({ active: true, held: 'drop' });
    await line.send({ Id: 'after' });
    await line.receiver.waitFor(1);
    await waitForStates(server, line.webhook.id, ['delivered', 'cancelled'], 6);
    const dropped = await deliveriesOf(server, line.webhook.id, '&state=cancelled');
    expect(dropped).toHaveLength(5);
    expect(dropped[0]).toMatchObject({ reason: 'dropped', attempts: 0 });
    expect(line.receiver.requests.map(({ body }) => String(body))).toStrictEqual([
      '[{"Id":"after"}]',
    ]);
  });

  it('holds more than a lane keeps in memory, and sends all of it', async () => {
    const line = await openLine({ active: false });
    const location = `?location=${line.webhook.location}`;
    const records = Array.from({ length: 1000 }, (_, Id) => JSON.stringify({ Id })).join('\n');
    await server.api('POST', `/v1/events/BookingCreate${location}`, records, {
      'content-type': 'application/x-ndjson',
    });
    await line.patch({ active: true });
    await line.receiver.waitFor(1000, 15_000);
    const ids = new Set(line.receiver.requests.map(({ headers }) => headers['webhook-id']));
    expect(ids.size).toBe(1000);
  });

  it('lets the call under way end, and holds its re-attempt', async () => {
    const line = await openLine();
    const { promise, resolve } = Promise.withResolvers<number>();
    line.says(() => promise);
    await line.send();
    await line.receiver.waitFor(1);
    await line.patch({ active: false });
    resolve(500);
    const [held] = await waitForStates(server, line.webhook.id, ['held']);
    expect(held).toMatchObject({ attempts: 1 });
    line.says(() => 200);
    await line.patch({ active: true });
    const [delivered] = await waitForStates(server, line.webhook.id, ['delivered']);
    expect(delivered).toMatchObject({ attempts: 2 });
  });

  it('forgets its failures when it is switched on', async () => {
    const line = await openDeadLine();
    const on = await line.patch({ active: true, held: 'drop' });
    expect(on).toMatchObject({ state: 'healthy', errorCount: 0, failingSince: null });
    // A new request has ten calls of its own before the webhook is disabled again.
    await line.send({ Id: 'second' });
    await eventually(() => isDisabled(line));
    expect(line.receiver.requests).toHaveLength(20);
    expect(await noticesOf(server, line.webhook.id)).toHaveLength(2);
  });

  it('works again when the receiver does', async () => {
    const line = await openDeadLine();
    await line.send({ Id: 'later' });
    line.says(() => 200);
    await line.patch({ active: true });
    await waitForStates(server, line.webhook.id, ['delivered'], 2);
    expect(await getWebhook(server, line.webhook.id)).toMatchObject({
      active: true,
      errorCount: 0,
    });
  });
});

describe('a request that is poison', () => {
  it('uses up its eleven calls and fails, while its webhook stays on', async () => {
    const line = await openLine();
    line.says((body) => (body.includes('poison') ? 422 : 200));
    await line.send({ Id: 'poison' });
    let others = 0;
    const isPoison = (body: Buffer) => String(body).includes('poison');
    // The receiver answers something else well between the failures.
    for (let calls = 1; calls <= 11; calls++) {
      await eventually(
        () => line.receiver.requests.filter(({ body }) => isPoison(body)).length >= calls,
      );
      await line.send({ Id: ++others });
    }
    await waitForStates(server, line.webhook.id, ['delivered', 'failed'], others + 1);
    const [failed, ...rest] = await deliveriesOf(server, line.webhook.id, '&state=failed');
    expect(rest).toHaveLength(0);
    expect(failed).toMatchObject({ attempts: 11, reason: 'exhausted' });
    expect(failed!.endedAt).not.toBeNull();
    expect(line.receiver.requests.filter(({ body }) => isPoison(body))).toHaveLength(11);
    expect(await getWebhook(server, line.webhook.id)).toMatchObject({ active: true });
    expect(await noticesOf(server, line.webhook.id)).toMatchObject([
      { kind: 'delivery_failed', delivery: failed!.id, detail: expect.stringContaining('422') },
    ]);
  });
});

describe('Retry-After', () => {
  it.each([429, 503])('with %i pauses the whole lane', async (status) => {
    const line = await openLine();
    let calls = 0;
    line.says(() => (++calls === 1 ? { status, headers: { 'retry-after': '1' } } : 200));
    await line.send({ Id: 'first' });
    const [first] = await line.receiver.waitFor(1);
    await eventually(async () => (await getWebhook(server, line.webhook.id)).errorCount === 1);
    for (let Id = 0; Id < 5; Id++) await line.send({ Id });
    expect(line.receiver.requests).toHaveLength(1);
    const all = await line.receiver.waitFor(6);
    const second = all[1]!.receivedAt - first!.receivedAt;
    expect(second).toBeGreaterThanOrEqual(950);
    expect(second).toBeLessThan(2500);
    await waitForStates(server, line.webhook.id, ['delivered'], 6);
  });

  it('as a date is read as well', async () => {
    const line = await openLine();
    let calls = 0;
    line.says(() => {
      const date = new Date(Date.now() + 2000).toUTCString();
      return ++calls === 1 ? { status: 503, headers: { 'retry-after': date } } : 200;
    });
    await line.send();
    const [first, second] = await line.receiver.waitFor(2);
    expect(second!.receivedAt - first!.receivedAt).toBeGreaterThanOrEqual(900);
  });

  it.each([
    ['junk', 'soon'],
    ['a negative number', '-5'],
    ['a past date', 'Fri, 31 Dec 1999 23:59:59 GMT'],
    ['zero', '0'],
  ])('that is %s counts for nothing', async (_title, value) => {
    const line = await openLine();
    let calls = 0;
    line.says(() => (++calls === 1 ? { status: 503, headers: { 'retry-after': value } } : 200));
    await line.send();
    const [first, second] = await line.receiver.waitFor(2);
    expect(second!.receivedAt - first!.receivedAt).toBeLessThan(500);
  });

  it('of other statuses counts for nothing', async () => {
    const line = await openLine();
    let calls = 0;
    line.says(() => (++calls === 1 ? { status: 500, headers: { 'retry-after': '60' } } : 200));
    await line.send();
    expect(await line.receiver.waitFor(2, 1000)).toHaveLength(2);
  });

  it('does not outlive switching the webhook off and on', async () => {
    const line = await openLine();
    line.says(() => ({ status: 503, headers: { 'retry-after': '3600' } }));
    await line.send();
    await eventually(async () => (await getWebhook(server, line.webhook.id)).errorCount === 1);
    line.says(() => 200);
    await line.patch({ active: false });
    await line.patch({ active: true });
    await waitForStates(server, line.webhook.id, ['delivered']);
  });
});

describe('410', () => {
  it('disables the webhook at once, and holds its deliveries', async () => {
    const line = await openLine();
    line.says(() => 410);
    await line.send();
    const webhook = await eventually(() => isDisabled(line));
    expect(webhook).toMatchObject({ state: 'disabled', disabledReason: 'gone', errorCount: 1 });
    expect(await noticesOf(server, line.webhook.id)).toMatchObject([{ kind: 'webhook_disabled' }]);
    await line.send();
    await waitForStates(server, line.webhook.id, ['held'], 2);
    expect(line.receiver.requests).toHaveLength(1);
    line.says(() => 200);
    await line.patch({ active: true });
    await waitForStates(server, line.webhook.id, ['delivered'], 2);
  });
});
